import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import type { HelloSchema, Welcome } from "./gen/weft/v1/frame_pb";
import { Link, closeReplaced } from "./link";

/** What somebody shows to sign in. */
export type Credentials =
  | { readonly kind: "password"; readonly name: string; readonly password: string }
  | { readonly kind: "oneTimeToken"; readonly token: string };

/**
 * signed-out: nobody is, and calls fail. connecting: at work, calls wait.
 * connected. lost: the connection broke, it is tried again, calls wait.
 * replaced: another tab has this session; nothing is tried again by itself.
 */
export type SessionState = "signed-out" | "connecting" | "connected" | "lost" | "replaced" | "closed";

/** Where the session's token is kept between page loads: the tab's session storage. */
export interface TokenStore {
  load(): string | undefined;
  save(token: string | undefined): void;
}

export interface SessionOptions {
  /** ws:// or wss:// */
  readonly url: string;
  /** Version of this program. */
  readonly client: string;
  readonly language: () => "en" | "ru";
  readonly tokens: TokenStore;
  /** Milliseconds to wait before the n-th try, from 0. */
  readonly backoff?: (attempt: number) => number;
}

type Proof = NonNullable<MessageInitShape<typeof HelloSchema>["credentials"]>;

/** Half a second at first, ten at most, and never all tabs at once. */
export function politely(attempt: number): number {
  return Math.min(10_000, 250 * 2 ** attempt) * (0.5 + Math.random());
}

/** Session keeps one connection: it signs in, and resumes what was lost. */
export class Session {
  state: SessionState = "signed-out";
  welcome: Welcome | undefined;
  /** Why the Server took the session that was kept no longer; undefined: nobody was signed in, or somebody is. */
  refusal: ConnectError | undefined;

  private link: Link | undefined;
  private resume: string | undefined;
  private work: AbortController | undefined;
  private readonly listeners = new Set<(s: SessionState) => void>();

  constructor(private readonly options: SessionOptions) {}

  /** Calls the listener at each change of state until it is stopped. */
  watch(listener: (s: SessionState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Takes up the session whose token is kept; false when there is none or it is
   * no longer good. A server that can't be reached is tried again.
   */
  async takeUp(): Promise<boolean> {
    if (!this.options.tokens.load()) return false;
    this.stop("connecting");
    const work = (this.work = new AbortController());
    try {
      this.adopt(await this.hello(undefined, work.signal), work);
      return true;
    } catch (e) {
      if (work.signal.aborted) return false;
      if (ConnectError.from(e).code !== Code.Unauthenticated) {
        void this.again(work);
        return true;
      }
      this.ended(e);
      return false;
    }
  }

  /** Signs in. Rejects with the server's reasons. */
  async signIn(c: Credentials): Promise<Welcome> {
    return this.begin(
      c.kind === "password"
        ? { case: "password", value: { $typeName: "weft.v1.Password", name: c.name, password: c.password } }
        : { case: "oneTimeToken", value: c.token },
    );
  }

  /** The server knows the session no more. */
  private ended(why: unknown): void {
    this.refusal = ConnectError.from(why);
    this.options.tokens.save(undefined);
    this.resume = undefined;
    this.set("signed-out");
  }

  /** Forgets the session here; Logout ends it on the server. */
  forget(): void {
    this.refusal = undefined;
    this.resume = undefined;
    this.options.tokens.save(undefined);
    this.stop("signed-out");
  }

  close(): void {
    this.stop("closed");
  }

  /** Connects anew, so that the hello tells the language as it is now. Calls wait; streams are reopened by who watches. */
  renew(): void {
    const { work, link } = this;
    if (this.state !== "connected" || !work || !link) return;
    this.link = undefined;
    link.close();
    void this.again(work, "connecting");
  }

  /** The connection for a call: waits while one is being made. */
  async connection(signal: AbortSignal): Promise<Link> {
    for (;;) {
      signal.throwIfAborted();
      if (this.link && !this.link.leaving && this.state === "connected") return this.link;
      if (this.state === "signed-out") throw new ConnectError("not signed in", Code.Unauthenticated);
      if (this.state === "replaced" || this.state === "closed") throw new ConnectError(`the session is ${this.state}`, Code.Unavailable);
      await this.change(signal);
    }
  }

  /** Resolves at the next change of state, or when the link that goes away is gone. */
  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        stop();
        signal.removeEventListener("abort", aborted);
        resolve();
      };
      const aborted = () => {
        stop();
        reject(signal.reason as unknown);
      };
      const stop = this.watch(done);
      signal.addEventListener("abort", aborted, { once: true });
    });
  }

  private stop(state: SessionState): void {
    this.work?.abort(new ConnectError("the session ended here", Code.Canceled));
    this.work = undefined;
    const link = this.link;
    this.link = undefined;
    link?.close();
    this.set(state);
  }

  private set(state: SessionState): void {
    if (this.state === state) return;
    this.state = state;
    for (const l of [...this.listeners]) l(state);
  }

  /** Makes the first connection; a failure is the caller's. */
  private async begin(proof: Proof): Promise<Welcome> {
    this.stop("connecting");
    const work = (this.work = new AbortController());
    try {
      return this.adopt(await this.hello(proof, work.signal), work);
    } catch (e) {
      if (this.work === work) this.set("signed-out");
      throw e;
    }
  }

  /** Tries what there is, the freshest first. */
  private async hello(proof: Proof | undefined, signal: AbortSignal): Promise<Link> {
    const proofs: Proof[] = [];
    const token = this.options.tokens.load();
    if (proof) proofs.push(proof);
    else {
      if (this.resume) proofs.push({ case: "resumeToken", value: this.resume });
      if (token) proofs.push({ case: "sessionToken", value: token });
    }
    let refused = new ConnectError("not signed in", Code.Unauthenticated);
    for (const credentials of proofs) {
      try {
        return await Link.connect(
          this.options.url,
          { protocol: 1, client: this.options.client, language: this.options.language(), credentials, knownSessionToken: proof ? (token ?? "") : "" },
          signal,
        );
      } catch (e) {
        refused = ConnectError.from(e);
        if (refused.code !== Code.Unauthenticated) throw refused;
      }
    }
    throw refused;
  }

  private adopt(link: Link, work: AbortController): Welcome {
    if (work.signal.aborted) {
      link.close();
      throw ConnectError.from(work.signal.reason);
    }
    this.link = link;
    this.refusal = undefined;
    this.welcome = link.welcome;
    this.resume = link.welcome.resumeToken;
    if (link.welcome.sessionToken) this.options.tokens.save(link.welcome.sessionToken);
    this.set("connected");
    void link.closed.then((code) => {
      if (this.link !== link) return;
      this.link = undefined;
      if (code === closeReplaced) this.set("replaced");
      else void this.again(work);
    });
    return link.welcome;
  }

  /** Connects again until it works, or the session is no longer good. */
  private async again(work: AbortController, state: "lost" | "connecting" = "lost"): Promise<void> {
    this.set(state);
    const wait = this.options.backoff ?? politely;
    for (let attempt = 0; !work.signal.aborted; attempt++) {
      if (attempt > 0 || state === "lost") await new Promise((resolve) => setTimeout(resolve, wait(attempt)));
      if (work.signal.aborted) return;
      try {
        this.adopt(await this.hello(undefined, work.signal), work);
        return;
      } catch (e) {
        if (work.signal.aborted) return;
        if (ConnectError.from(e).code === Code.Unauthenticated) {
          this.ended(e);
          return;
        }
      }
    }
  }
}
