import { readServerJson, type Refusal, type ServerJson, websocketAddress } from "../api/address";
import type { StudioBackend } from "../api/backend";
import type { Door } from "../api/door";
import { LoadError } from "../api/load";
import type { Problem } from "../api/backend";

/** How far the page has come on its way to the Server. */
export type Boot =
  | { readonly kind: "reading" }
  | { readonly kind: "no_file"; readonly file: string; readonly reason: string }
  | { readonly kind: "refused"; readonly file: string; readonly refusal: Refusal }
  | { readonly kind: "connecting"; readonly address: string }
  | { readonly kind: "unreachable"; readonly address: string; readonly proxy: boolean; readonly found: Found }
  | { readonly kind: "unloaded" }
  | { readonly kind: "ready"; readonly entry: Entry };

/**
 * What a plain GET of the proxy's address tells, where a browser tells nothing
 * of a websocket that failed. there: the Server is, and does not take this page.
 */
export type Found = "proxy_off" | "server_down" | "there" | "unknown";

/** A Server that was reached. */
export interface Entry {
  readonly door: Door;
  readonly backend: StudioBackend;
  /** Why the token of the address signed nobody in. */
  readonly notes: readonly Problem[];
}

/** The outside world, so that a test can stand in for it. */
export interface World {
  readonly page: URL;
  /** The text of a file; rejects with a short reason. */
  fetchText(url: URL, signal: AbortSignal): Promise<string>;
  /** Opens the websocket, and goes in where the page has what it takes; rejects when the Server can't be reached, with LoadError when Studio itself has not come whole. */
  connect(address: string, signal: AbortSignal): Promise<Entry>;
  /** The status of a plain GET; rejects when there is no answer. */
  ask(url: string, signal: AbortSignal): Promise<number>;
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
      const entry = await world.connect(address, signal);
      if (!signal.aborted) tell({ kind: "ready", entry });
      return;
    } catch (err) {
      if (signal.aborted) return;
      if (err instanceof LoadError) tell({ kind: "unloaded" });
      else await unreachable(world, address, file, tell, signal);
      await world.pause(waits[Math.min(n, waits.length - 1)] ?? 15000, signal).catch(() => undefined);
    }
  }
}

/** A browser tells a page nothing of why; the page shows the likely causes. */
async function unreachable(world: World, address: string, file: ServerJson, tell: (b: Boot) => void, signal: AbortSignal): Promise<void> {
  const found = file.wsproxy ? await find(world, address, signal) : "unknown";
  if (!signal.aborted) tell({ kind: "unreachable", address, proxy: file.wsproxy, found });
}

async function find(world: World, address: string, signal: AbortSignal): Promise<Found> {
  try {
    switch (await world.ask(address.replace(/^ws/, "http"), signal)) {
      case 404:
        return "proxy_off";
      case 502:
      case 503:
        return "server_down";
      case 426:
        return "there";
      default:
        return "unknown";
    }
  } catch {
    return "unknown";
  }
}
