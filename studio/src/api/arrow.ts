import type { Column, Row } from "./backend";
import { load } from "./load";

type Decode = (data: Uint8Array, columns: readonly Column[]) => readonly Row[];

let loaded: Promise<Decode> | undefined;

/** The decoder of Arrow IPC, loaded when the first rows come. */
export function arrowDecoder(): Promise<Decode> {
  loaded ??= load(() => import("./decode").then((m) => m.decodeRows));
  loaded.catch(() => (loaded = undefined)); // it is asked for again with the next rows
  return loaded;
}
