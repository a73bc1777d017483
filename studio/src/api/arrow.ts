import type { Column, Row } from "./backend";

type Decode = (data: Uint8Array, columns: readonly Column[]) => readonly Row[];

let loaded: Promise<Decode> | undefined;

/** The decoder of Arrow IPC, loaded when the first rows come. */
export function arrowDecoder(): Promise<Decode> {
  loaded ??= import("./decode").then((m) => m.decodeRows);
  loaded.catch(() => (loaded = undefined)); // a chunk that did not come is asked for again
  return loaded;
}
