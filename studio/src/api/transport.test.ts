// @vitest-environment jsdom
// The transport against the real server side: internal/rpc's own fixture.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Code, ConnectError, createClient, type Client } from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { Echo } from "./gen/weft/test/v1/echo_pb";
import { ErrorSchema } from "./gen/weft/v1/errors_pb";
import { Session, type SessionState, type TokenStore } from "./session";
import { createWebsocketTransport } from "./transport";

let folder: string;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "weft-rpc-"));
  const binary = join(folder, "rpc.test");
  const built = spawnSync("go", ["test", "-c", "-o", binary, "./internal/rpc"], { cwd: join(process.cwd(), ".."), encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
  server = spawn(binary, ["-test.run", "^TestServeForStudio$", "-test.timeout", "5m"], {
    env: { ...process.env, WEFT_SERVE_FOR_STUDIO: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const out = server.stdout;
  if (!out) throw new Error("no output");
  for await (const line of createInterface({ input: out })) {
    if (line.startsWith("ws://")) {
      url = line.replace("127.0.0.1", "localhost");
      break;
    }
  }
}, 240_000);

afterAll(async () => {
  const gone = new Promise((resolve) => server.once("exit", resolve));
  server.stdin?.end(); // ends the server
  await gone;
  rmSync(folder, { recursive: true });
});

/** All websockets that were opened, the latest last, so that tests can cut them. */
const sockets: WebSocket[] = [];
const Original = WebSocket;

beforeEach(() => {
  sockets.length = 0;
  globalThis.WebSocket = class extends Original {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.push(this);
    }
  };
});

const sessions: Session[] = [];

afterEach(() => {
  globalThis.WebSocket = Original;
  for (const s of sessions.splice(0)) s.close();
});

function memory(token?: string): TokenStore {
  return { load: () => token, save: (t) => (token = t) };
}

function session(tokens = memory()): Session {
  const s = new Session({ url, client: "test", language: () => "ru", tokens, backoff: () => 0 });
  sessions.push(s);
  return s;
}

async function signedIn(tokens = memory()): Promise<{ session: Session; echo: Client<typeof Echo> }> {
  const s = session(tokens);
  await s.signIn({ kind: "password", name: "ann", password: "password" });
  return { session: s, echo: createClient(Echo, createWebsocketTransport(s)) };
}

function cut(): void {
  sockets.at(-1)?.close(4000);
}

async function failure(p: Promise<unknown>): Promise<ConnectError> {
  try {
    await p;
  } catch (e) {
    return ConnectError.from(e);
  }
  throw new Error("did not fail");
}

function until(s: Session, state: SessionState): Promise<void> {
  if (s.state === state) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = s.watch((now) => {
      if (now !== state) return;
      stop();
      resolve();
    });
  });
}

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const m of from) out.push(m);
  return out;
}

describe("calls", () => {
  test("unary", async () => {
    const { echo } = await signedIn();
    const got = await echo.unary({ data: new Uint8Array([1, 2, 3]) });
    expect([...got.data]).toEqual([1, 2, 3]);
    expect(got.caller).toBe("a1");
  });

  test("header and trailer", async () => {
    const { echo } = await signedIn();
    let told: string | null = null;
    let after: string | null = null;
    await echo.unary({}, { headers: { ask: "this" }, onHeader: (h) => (told = h.get("told")), onTrailer: (h) => (after = h.get("after")) });
    expect([told, after]).toEqual(["this", "all"]);
  });

  test("an error with its place, in the caller's language", async () => {
    const { echo } = await signedIn();
    const e = await failure(echo.unary({ fail: "cup" }));
    expect(e.code).toBe(Code.Aborted);
    const [detail] = e.findDetails(ErrorSchema);
    expect(detail).toMatchObject({ id: "rpc.test_broken", kind: "conflict", text: "Предмет cup сломан.", place: { node: "n1", setting: "keys[0]" } });
  });

  test("deadline", async () => {
    const { echo } = await signedIn();
    expect((await failure(echo.unary({ hang: true }, { timeoutMs: 50 }))).code).toBe(Code.DeadlineExceeded);
  });

  test("cancel", async () => {
    const { echo } = await signedIn();
    const stop = new AbortController();
    const call = failure(echo.unary({ hang: true }, { signal: stop.signal }));
    stop.abort();
    expect((await call).code).toBe(Code.Canceled);
    await echo.unary({});
  });

  test("answers as a stream, more than all credit", async () => {
    const { echo } = await signedIn();
    const got = await collect(echo.down({ after: 10n, until: 500n, bytes: 10_000 }));
    expect(got.map((m) => Number(m.number))).toEqual(Array.from({ length: 490 }, (_, i) => i + 11));
    expect(got.every((m) => m.data.length === 10_000)).toBe(true);
  });

  test("a stream that is left early", async () => {
    const { echo } = await signedIn();
    for await (const m of echo.down({ until: 1n << 40n, bytes: 1000 })) {
      if (m.number === 5n) break;
    }
    await echo.unary({});
  });

  test("requests as a stream, more than all credit", async () => {
    const { echo } = await signedIn();
    const got = await echo.up(
      (async function* () {
        for (let i = 0; i < 40; i++) yield { data: new Uint8Array(100_000) };
      })(),
    );
    expect([got.messages, got.bytes]).toEqual([40n, 4_000_000n]);
  });

  test("both ways", async () => {
    const { echo } = await signedIn();
    const numbers = [1n, 2n, 3n];
    const got = await collect(
      echo.both(
        (async function* () {
          for (const number of numbers) yield { number };
        })(),
      ),
    );
    expect(got.map((m) => m.number)).toEqual(numbers);
  });

  test("messages larger than a stream's credit, at once", async () => {
    const { echo } = await signedIn();
    const data = new Uint8Array(900_000).fill(7);
    const got = await Promise.all([1, 2, 3].map(() => echo.unary({ data })));
    for (const g of got) expect(g.data.length === data.length && g.data.every((b) => b === 7)).toBe(true);
  });

  test("a message over the limit", async () => {
    const { echo } = await signedIn();
    expect((await failure(echo.unary({ data: new Uint8Array(2_000_000) }))).code).toBe(Code.ResourceExhausted);
    await echo.unary({});
  });

  test("a stream that nobody reads holds up no others", async () => {
    const { echo } = await signedIn();
    const stop = new AbortController();
    const streams = Array.from({ length: 8 }, () => echo.down({ until: 10_000n, bytes: 10_000 }, { signal: stop.signal })[Symbol.asyncIterator]());
    for (const s of streams) await s.next();
    for (let i = 0; i < 20; i++) await echo.unary({ data: new Uint8Array(1000) });
    stop.abort();
  });
});

describe("session", () => {
  test("a wrong password is refused with its reason", async () => {
    const s = session();
    const e = await failure(s.signIn({ kind: "password", name: "ann", password: "wrong" }));
    expect(e.code).toBe(Code.Unauthenticated);
    expect(e.findDetails(ErrorSchema)[0]?.id).toBe("rpc.sign_in");
    expect(s.state).toBe("signed-out");
    const call = createClient(Echo, createWebsocketTransport(s)).unary({});
    expect((await failure(call)).code).toBe(Code.Unauthenticated);
  });

  test("streams that are taken up again lose nothing and repeat nothing", async () => {
    const { session: s, echo } = await signedIn();
    const id = s.welcome?.caller?.session;
    let last = 0n;
    let breaks = 0;
    while (last < 1000n) {
      try {
        for await (const m of echo.down({ after: last, until: 1000n, bytes: 500 })) {
          expect(m.number).toBe(last + 1n);
          last = m.number;
          if (last % 300n === 0n) cut();
        }
      } catch (e) {
        expect(ConnectError.from(e).code).toBe(Code.Unavailable);
        breaks++;
      }
    }
    expect(breaks).toBeGreaterThan(0);
    expect(s.welcome?.resumed).toBe(true);
    expect(s.welcome?.caller?.session).toBe(id);
  });

  test("calls wait for the next connection", async () => {
    const { session: s, echo } = await signedIn();
    cut();
    await until(s, "lost");
    await echo.unary({});
    expect(s.state).toBe("connected");
  });

  test("a page that is loaded anew takes its session up", async () => {
    const tokens = memory();
    const first = await signedIn(tokens);
    const id = first.session.welcome?.caller?.session;
    first.session.close();
    const second = session(tokens);
    expect(await second.takeUp()).toBe(true);
    expect(second.welcome?.caller?.session).toBe(id);
  });

  test("a newer connection wins, and the older does not fight back", async () => {
    const tokens = memory();
    const first = await signedIn(tokens);
    const second = session(tokens);
    await second.takeUp();
    await until(first.session, "replaced");
    expect((await failure(first.echo.unary({}))).code).toBe(Code.Unavailable);
    expect(second.state).toBe("connected");
  });

  test("a token that is no good is forgotten", async () => {
    const tokens = memory("guessed");
    expect(await session(tokens).takeUp()).toBe(false);
    expect(tokens.load()).toBeUndefined();
  });
});
