import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import { ErrorSchema, type Error as WireError } from "./gen/weft/v1/errors_pb";
import { FrameSchema, type End, type Frame, type Hello, type HelloSchema, type Metadata, type Welcome } from "./gen/weft/v1/frame_pb";
import { subprotocol } from "./protocol";
import { Stream, type Outlet } from "./stream";
import { Window, frameCost } from "./window";

/** Close codes of our own: the hello or the session is not good; a newer connection has the session. */
export const closeUnauthenticated = 4401;
export const closeReplaced = 4409;

type Init = MessageInitShape<typeof FrameSchema>;

/**
 * Link is one websocket after its welcome. It carries streams by the rules of
 * proto/weft/v1/frame.proto, as internal/rpc does on the other side.
 */
export class Link implements Outlet {
  readonly maxMessage: number;
  /** Resolves with the close code when the connection is over. */
  readonly closed: Promise<number>;
  /** The server goes away: new calls want another connection. */
  leaving = false;

  private readonly streams = new Map<number, Stream>();
  private readonly window: Window;
  private credit: number;
  private last = 0;
  private over: ConnectError | undefined;
  private heard = Date.now();
  private readonly watch: ReturnType<typeof setInterval>;

  private resolveClosed!: (code: number) => void;

  private constructor(
    private readonly socket: WebSocket,
    readonly welcome: Welcome,
  ) {
    this.maxMessage = welcome.maxMessage;
    this.window = new Window(welcome.connectionCredit);
    this.credit = welcome.connectionCredit;
    this.closed = new Promise((resolve) => (this.resolveClosed = resolve));
    socket.onclose = (e) => this.end(e.code, e.reason);
    socket.onmessage = (e: MessageEvent<ArrayBuffer>) => this.receive(e.data);
    // A server that is gone is not reported by the network: its pings are missed.
    const patience = 2 * welcome.pingMs + 5_000;
    this.watch = setInterval(() => {
      if (Date.now() - this.heard > patience) this.drop("nothing was heard of the server");
    }, 5_000);
  }

  /** Opens a websocket and says hello. Rejects with the server's reasons, or with Unavailable. */
  static connect(url: string, hello: MessageInitShape<typeof HelloSchema>, signal: AbortSignal): Promise<Link> {
    const socket = new WebSocket(url, subprotocol);
    socket.binaryType = "arraybuffer";
    return new Promise((resolve, reject) => {
      const fail = (e: ConnectError) => {
        signal.removeEventListener("abort", aborted);
        socket.onclose = socket.onmessage = socket.onopen = null;
        socket.close();
        reject(e);
      };
      const aborted = () => fail(ConnectError.from(signal.reason, Code.Canceled));
      signal.addEventListener("abort", aborted);
      if (signal.aborted) return aborted();
      socket.onopen = () => socket.send(toBinary(FrameSchema, create(FrameSchema, { kind: { case: "hello", value: hello as Hello } })));
      socket.onclose = (e) => fail(lost(e.code, e.reason));
      socket.onmessage = (e: MessageEvent<ArrayBuffer>) => {
        const { kind } = fromBinary(FrameSchema, new Uint8Array(e.data));
        if (kind.case === "refusal") return fail(refusal(kind.value.code, kind.value.errors));
        if (kind.case !== "welcome") return fail(new ConnectError("the server did not answer the hello", Code.Internal));
        signal.removeEventListener("abort", aborted);
        resolve(new Link(socket, kind.value));
      };
    });
  }

  /** Begins a call. */
  open(method: string, header: Headers, timeoutMs: number | undefined): Stream {
    const stream = new Stream(this, ++this.last, this.welcome.streamCredit);
    if (this.over) {
      stream.finish(this.over);
      return stream;
    }
    this.streams.set(stream.id, stream);
    const metadata = [...header].map(([key, value]) => ({ key, value: new TextEncoder().encode(value) }));
    const deadlineMs = timeoutMs === undefined ? 0 : Math.max(1, Math.ceil(timeoutMs));
    this.push({ stream: stream.id, kind: { case: "open", value: { method, metadata, deadlineMs } } });
    return stream;
  }

  /** Ends the connection for good. */
  close(): void {
    this.socket.close(1000);
    this.end(1000, "");
  }

  /** Gives the connection up without waiting for the peer. */
  private drop(why: string): void {
    this.socket.close(4000, why);
    this.end(4000, why);
  }

  push(frame: Init): void {
    if (!this.over) this.socket.send(toBinary(FrameSchema, create(FrameSchema, frame)));
  }

  take(most: number): number {
    const n = Math.min(most, this.credit - frameCost);
    if (n < 0 || (n === 0 && most > 0)) return -1;
    this.credit -= n + frameCost;
    return n;
  }

  forget(id: number): void {
    this.streams.delete(id);
  }

  private receive(data: ArrayBuffer): void {
    this.heard = Date.now();
    let frame: Frame;
    try {
      frame = fromBinary(FrameSchema, new Uint8Array(data));
    } catch {
      this.drop("a frame can't be read");
      return;
    }
    this.handle(frame);
  }

  private handle({ stream: id, kind }: Frame): void {
    const stream = this.streams.get(id);
    switch (kind.case) {
      case "message": {
        const cost = kind.value.data.length + frameCost;
        const grant = this.window.free(cost);
        if (grant > 0) this.push({ kind: { case: "credit", value: { bytes: grant } } });
        stream?.receive(kind.value.data, kind.value.more, cost);
        return;
      }
      case "credit":
        if (id !== 0) return stream?.credited(kind.value.bytes);
        this.credit += kind.value.bytes;
        for (const s of this.streams.values()) s.credited(0);
        return;
      case "header":
        return stream?.headed(headers(kind.value.metadata));
      case "end":
        return stream?.finish(failure(kind.value), headers(kind.value.trailers));
      case "reset":
        return stream?.finish(new ConnectError(kind.value.reason, Code.Internal));
      case "ping":
        return this.push({ kind: { case: "pong", value: { id: kind.value.id } } });
      case "goAway":
        this.leaving = true;
        return;
      default:
        return;
    }
  }

  private end(code: number, reason: string): void {
    if (this.over) return;
    clearInterval(this.watch);
    this.over = lost(code, reason);
    for (const s of [...this.streams.values()]) s.finish(this.over);
    this.resolveClosed(code);
  }
}

/** The error of calls whose connection ended. */
function lost(code: number, reason: string): ConnectError {
  const text = `the connection ended (${code}${reason ? ` ${reason}` : ""})`;
  switch (code) {
    case closeUnauthenticated:
      return new ConnectError(text, Code.Unauthenticated);
    case 1008:
    case 1009:
      return new ConnectError(text, Code.ResourceExhausted);
    default:
      return new ConnectError(text, Code.Unavailable);
  }
}

function refusal(code: number, errors: WireError[]): ConnectError {
  const out = new ConnectError(errors[0]?.text ?? "refused", code as Code);
  out.details = errors.map((e) => ({ type: ErrorSchema.typeName, value: toBinary(ErrorSchema, e) }));
  return out;
}

/** The error of a call; undefined when it ended well. */
function failure(end: End): ConnectError | undefined {
  if (end.code === 0) return undefined;
  const out = new ConnectError(end.message, end.code as Code, headers(end.trailers));
  out.details = end.details.map((d) => ({ type: d.typeUrl.slice(d.typeUrl.lastIndexOf("/") + 1), value: d.value }));
  return out;
}

function headers(list: Metadata[]): Headers {
  const out = new Headers();
  for (const { key, value } of list) out.append(key, new TextDecoder().decode(value));
  return out;
}
