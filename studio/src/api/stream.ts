import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import type { FrameSchema } from "./gen/weft/v1/frame_pb";
import { join } from "./bytes";
import { Window, frameCost } from "./window";

/** Bytes of one frame's payload at most. */
const maxPiece = 64 << 10;

/** What a stream needs of its connection. */
export interface Outlet {
  readonly maxMessage: number;
  push(frame: MessageInitShape<typeof FrameSchema>): void;
  /** Takes credit of the connection for a piece; returns its length, or -1: none is left. */
  take(most: number): number;
  forget(id: number): void;
}

interface Received {
  readonly data: Uint8Array;
  /** What of its cost is not granted again. */
  readonly held: number;
}

/** Stream is one call: messages out, messages in, one outcome. */
export class Stream {
  /** The metadata before the first answer; empty when none came. */
  readonly header: Promise<Headers>;
  /** Known when the stream is over. */
  readonly trailer = new Headers();

  private readonly window: Window;
  private credit: number;
  private wakeSender: (() => void) | undefined;
  private wakeReader: (() => void) | undefined;
  private resolveHeader!: (h: Headers) => void;
  private readonly queue: Received[] = [];
  private parts: Uint8Array[] = [];
  private held = 0;
  private ended = false;
  private error: ConnectError | undefined;

  constructor(
    private readonly link: Outlet,
    readonly id: number,
    credit: number,
  ) {
    this.credit = credit;
    this.window = new Window(credit);
    this.header = new Promise((resolve) => (this.resolveHeader = resolve));
  }

  /** Sends a message. Waits for credit; false: the call is over, and read says why. */
  async send(data: Uint8Array): Promise<boolean> {
    if (data.length > this.link.maxMessage) {
      const why = new ConnectError(`a message has ${data.length} bytes, and ${this.link.maxMessage} is the limit`, Code.ResourceExhausted);
      this.cancel(why);
      throw why;
    }
    let at = 0;
    for (;;) {
      const n = await this.reserve(data.length - at);
      if (n < 0) return false;
      const more = at + n < data.length;
      this.link.push({ stream: this.id, kind: { case: "message", value: { data: data.subarray(at, at + n), more } } });
      if (!more) return true;
      at += n;
    }
  }

  /** Waits for credit for a piece of so many bytes; -1: the call is over. */
  private async reserve(want: number): Promise<number> {
    while (!this.ended) {
      const most = Math.min(want, maxPiece, this.credit - frameCost);
      const n = most > 0 || (most === 0 && want === 0) ? this.link.take(most) : -1;
      if (n >= 0) {
        this.credit -= n + frameCost;
        return n;
      }
      await new Promise<void>((resolve) => (this.wakeSender = resolve));
    }
    return -1;
  }

  /** Says that no more messages come from here. */
  halfClose(): void {
    if (!this.ended) this.link.push({ stream: this.id, kind: { case: "halfClose", value: {} } });
  }

  /** Gives the call up. */
  cancel(why: ConnectError): void {
    if (this.ended) return;
    this.link.push({ stream: this.id, kind: { case: "cancel", value: {} } });
    this.queue.length = 0;
    this.finish(why);
  }

  /** The next message; undefined after the last. Throws why the call failed. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const next = this.queue.shift();
      if (next) {
        this.grant(next.held);
        return next.data;
      }
      if (this.error) throw this.error;
      if (this.ended) return undefined;
      const woken = new Promise<void>((resolve) => (this.wakeReader = resolve));
      this.advance();
      await woken;
    }
  }

  receive(data: Uint8Array, more: boolean, cost: number): void {
    this.parts.push(data);
    this.held += cost;
    if (more) {
      if (this.wakeReader) this.advance();
      return;
    }
    this.queue.push({ data: this.parts.length === 1 ? data : join(this.parts), held: this.held });
    this.parts = [];
    this.held = 0;
    this.wake();
  }

  /** Grants again what an unfinished message has used, since somebody waits for it: it may be larger than the credit. */
  private advance(): void {
    const held = this.held;
    this.held = 0;
    this.grant(held);
  }

  private grant(n: number): void {
    if (this.ended || n === 0) return;
    const bytes = this.window.free(n);
    if (bytes > 0) this.link.push({ stream: this.id, kind: { case: "credit", value: { bytes } } });
  }

  credited(bytes: number): void {
    this.credit += bytes;
    const wake = this.wakeSender;
    this.wakeSender = undefined;
    wake?.();
  }

  headed(h: Headers): void {
    this.resolveHeader(h);
  }

  /** The call is over, well or with an error. */
  finish(error: ConnectError | undefined, trailer?: Headers): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    trailer?.forEach((value, key) => this.trailer.append(key, value));
    this.link.forget(this.id);
    this.resolveHeader(new Headers());
    this.credited(0);
    this.wake();
  }

  private wake(): void {
    const wake = this.wakeReader;
    this.wakeReader = undefined;
    wake?.();
  }
}
