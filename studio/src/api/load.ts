import { pause } from "./pause";

/** A part of Studio that did not come though it was asked for several times: the network is away, or the web server has another version. */
export class LoadError extends Error {
  /** Has it asked for once more when it is wanted again. */
  forget: () => void = () => undefined;

  constructor(cause: unknown) {
    super("a part of Studio did not load", { cause });
    this.name = "LoadError";
  }
}

/** Milliseconds between tries. */
const waits = [300, 1000, 3000] as const;

/** Gets a part of Studio that loads on demand, again after a moment where it does not come. Rejects with LoadError. */
export async function load<T>(get: () => Promise<T>, wait: (ms: number) => Promise<void> = pause): Promise<T> {
  for (let n = 0; ; n++) {
    try {
      return await get();
    } catch (err) {
      const ms = waits[n];
      // A second try would leave out the styles that failed, and think that they are there.
      if (ms === undefined || /preload CSS/.test(String(err))) throw new LoadError(err);
      await wait(ms);
    }
  }
}
