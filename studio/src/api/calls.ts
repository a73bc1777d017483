import { pause } from "./pause";
import type { Say } from "./problems";
import { isPassing, ownProblem, refusedBy } from "./problems";
import { Refused } from "./backend";
import { politely, type Session } from "./session";

/**
 * Calls makes calls that outlive connections. The transport repeats nothing;
 * what is repeated here is safe to repeat: it reads, or has the client's id.
 */
export class Calls {
  constructor(
    private readonly session: Pick<Session, "state" | "watch">,
    readonly say: Say,
    private readonly backoff: (attempt: number) => number = politely,
  ) {}

  /** A call with one answer. Rejects with Refused, or with the signal's reason. */
  async once<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await call();
      } catch (err) {
        signal?.throwIfAborted();
        if (!isPassing(err)) throw refusedBy(err, this.say);
      }
      await this.back(attempt, signal);
    }
  }

  /**
   * A stream of answers, opened again after a loss: `open` says from where on.
   * Resolves when the Server ends it. Rejects as once does.
   */
  async follow<T>(open: () => AsyncIterable<T>, each: (answer: T) => void | Promise<void>, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const answers = open()[Symbol.asyncIterator]();
      for (;;) {
        let next: IteratorResult<T>;
        try {
          next = await answers.next();
        } catch (err) {
          signal.throwIfAborted();
          if (!isPassing(err)) throw refusedBy(err, this.say);
          break;
        }
        if (next.done) return;
        attempt = 0;
        try {
          signal.throwIfAborted();
          await each(next.value);
        } catch (err) {
          await answers.return?.();
          throw err;
        }
      }
      await this.back(attempt, signal);
    }
  }

  /** Waits until a call may be made again. Rejects when nobody is signed in any more. */
  private async back(attempt: number, signal?: AbortSignal): Promise<void> {
    if (attempt > 0) await pause(this.backoff(attempt - 1), signal);
    await new Promise<void>((resolve, reject) => {
      const settle = () => {
        if (signal?.aborted) return end(() => reject(signal.reason as Error));
        switch (this.session.state) {
          case "connected":
            return end(resolve);
          case "signed-out":
          case "closed":
            return end(() => reject(new Refused([ownProblem("studio.signed_out", this.say)])));
          case "connecting":
          case "lost":
          case "replaced":
            return undefined; // another tab may give the session back
        }
      };
      const end = (how: () => void) => {
        stop();
        signal?.removeEventListener("abort", settle);
        how();
      };
      const stop = this.session.watch(settle);
      signal?.addEventListener("abort", settle);
      settle();
    });
  }
}
