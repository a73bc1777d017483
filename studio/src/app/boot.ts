import { readServerJson, type Refusal, type ServerJson, websocketAddress } from "../api/address";
import { Refused, type Problem, type StudioBackend } from "../api/backend";

/** How far the page has come on its way to the Server. */
export type Boot =
  | { readonly kind: "reading" }
  | { readonly kind: "no_file"; readonly file: string; readonly reason: string }
  | { readonly kind: "refused"; readonly file: string; readonly refusal: Refusal }
  | { readonly kind: "connecting"; readonly address: string }
  | { readonly kind: "unreachable"; readonly address: string; readonly proxy: boolean }
  /** The Server answered, and does not take this page: it says why. */
  | { readonly kind: "rejected"; readonly address: string; readonly problems: readonly Problem[] }
  | { readonly kind: "ready"; readonly backend: StudioBackend };

/** The outside world, so that a test can stand in for it. */
export interface World {
  readonly page: URL;
  /** The text of a file; rejects with a short reason. */
  fetchText(url: URL, signal: AbortSignal): Promise<string>;
  /** Opens the websocket; rejects when the Server can't be reached, with Refused when it does not take the page. */
  connect(address: string, signal: AbortSignal): Promise<StudioBackend>;
  /** Waits before the next try. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** Waits between tries to reach the Server, in milliseconds; the last one stays. */
export const waits = [500, 1000, 2000, 4000, 8000, 15000] as const;

/** Goes the way from the page to the Server, telling each step; tries for as long as it is not aborted. */
export async function boot(world: World, tell: (b: Boot) => void, signal: AbortSignal): Promise<void> {
  const url = new URL("server.json", world.page);
  const file = url.href;
  tell({ kind: "reading" });
  let text: string;
  try {
    text = await world.fetchText(url, signal);
  } catch (err) {
    if (!signal.aborted) tell({ kind: "no_file", file, reason: err instanceof Error ? err.message : String(err) });
    return;
  }
  const read = readServerJson(text);
  const got = read.ok ? websocketAddress(world.page, read.value) : read;
  if (!read.ok || !got.ok) {
    if (!got.ok) tell({ kind: "refused", file, refusal: got.refusal });
    return;
  }
  await reach(world, got.value, read.value, tell, signal);
}

async function reach(world: World, address: string, file: ServerJson, tell: (b: Boot) => void, signal: AbortSignal): Promise<void> {
  tell({ kind: "connecting", address });
  for (let n = 0; !signal.aborted; n++) {
    try {
      const backend = await world.connect(address, signal);
      tell({ kind: "ready", backend });
      return;
    } catch (err) {
      if (signal.aborted) return;
      if (err instanceof Refused) {
        tell({ kind: "rejected", address, problems: err.problems });
        return;
      }
      // A browser tells a page nothing of why; the page shows the likely causes.
      tell({ kind: "unreachable", address, proxy: file.wsproxy });
      await world.pause(waits[Math.min(n, waits.length - 1)] ?? 15000, signal).catch(() => undefined);
    }
  }
}
