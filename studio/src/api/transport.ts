import { fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type StreamResponse,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";

import type { Session } from "./session";
import type { Stream } from "./stream";

/**
 * A Connect transport over the session's websocket. It never repeats a call:
 * what was under way when the connection broke fails with Unavailable; calls
 * made meanwhile wait for the next connection.
 */
export function createWebsocketTransport(session: Session, interceptors: Interceptor[] = []): Transport {
  return {
    async unary(method, signal, timeoutMs, header, message, contextValues) {
      return runUnaryCall({
        interceptors,
        signal,
        timeoutMs,
        req: {
          stream: false,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: path(method),
          header: new Headers(header),
          contextValues: contextValues ?? createContextValues(),
          message,
        },
        next: async (req) => {
          const stream = await begin(session, path(method), req.header, req.signal, timeoutMs);
          if (await stream.send(toBinary(method.input, req.message))) stream.halfClose();
          const answer = await stream.read();
          if (!answer) throw new ConnectError("the call ended without an answer", Code.Internal);
          const out = fromBinary(method.output, answer);
          if (await stream.read()) throw new ConnectError("more than one answer to a unary call", Code.Internal);
          return {
            stream: false,
            service: method.parent,
            method,
            header: await stream.header,
            message: out,
            trailer: stream.trailer,
          } satisfies UnaryResponse<typeof method.input, typeof method.output>;
        },
      });
    },

    async stream(method, signal, timeoutMs, header, input, contextValues) {
      return runStreamingCall({
        interceptors,
        signal,
        timeoutMs,
        req: {
          stream: true,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: path(method),
          header: new Headers(header),
          contextValues: contextValues ?? createContextValues(),
          message: input,
        },
        next: async (req) => {
          const stream = await begin(session, path(method), req.header, req.signal, timeoutMs);
          void feed(stream, method.input, req.message);
          const out: StreamResponse<typeof method.input, typeof method.output> = {
            stream: true,
            service: method.parent,
            method,
            header: new Headers(), // not waited for: it may come with the first answer
            message: answers(stream, method.output),
            trailer: stream.trailer,
          };
          return out;
        },
      });
    },
  };
}

function path(method: { readonly name: string; readonly parent: { readonly typeName: string } }): string {
  return `/${method.parent.typeName}/${method.name}`;
}

async function begin(session: Session, method: string, header: Headers, signal: AbortSignal, timeoutMs?: number): Promise<Stream> {
  const link = await session.connection(signal);
  const stream = link.open(method, header, timeoutMs);
  const giveUp = () => stream.cancel(ConnectError.from(signal.reason, Code.Canceled));
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  return stream;
}

/** Sends what the caller gives. Its failure cancels the call; that the call is over ends it. */
async function feed<I extends DescMessage>(stream: Stream, desc: I, input: AsyncIterable<MessageShape<I>>): Promise<void> {
  try {
    for await (const m of input) {
      if (!(await stream.send(toBinary(desc, m)))) return;
    }
    stream.halfClose();
  } catch (e) {
    stream.cancel(ConnectError.from(e));
  }
}

/** Reads answers as they are asked for; whoever stops asking gives the call up. */
async function* answers<O extends DescMessage>(stream: Stream, desc: O): AsyncIterable<MessageShape<O>> {
  try {
    for (;;) {
      const data = await stream.read();
      if (!data) return;
      yield fromBinary(desc, data);
    }
  } finally {
    stream.cancel(new ConnectError("the answers are no longer wanted", Code.Canceled));
  }
}
