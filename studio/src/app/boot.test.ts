import { describe, expect, test } from "vitest";
import { Refused, type StudioBackend } from "../api/backend";
import { boot, type Boot, type World } from "./boot";

const backend = {} as StudioBackend;

function world(over: Partial<World>): World {
  return {
    page: new URL("http://weft.example/app/#/x"),
    fetchText: () => Promise.resolve("{}"),
    connect: () => Promise.resolve(backend),
    pause: () => Promise.resolve(),
    ...over,
  };
}

async function steps(over: Partial<World>): Promise<Boot[]> {
  const all: Boot[] = [];
  await boot(world(over), (b) => all.push(b), new AbortController().signal);
  return all;
}

describe("the way to the Server", () => {
  test("reads the file beside the page, then connects", async () => {
    let asked = "";
    const all = await steps({ fetchText: (url) => { asked = url.href; return Promise.resolve("{\"wsport\": 9001}"); } });
    expect(asked).toBe("http://weft.example/app/server.json");
    expect(all).toEqual([{ kind: "reading" }, { kind: "connecting", address: "ws://weft.example:9001/ws" }, { kind: "ready", backend }]);
  });
  test("a file that can't be read says where it was sought", async () => {
    const all = await steps({ fetchText: () => Promise.reject(new Error("404")) });
    expect(all.at(-1)).toEqual({ kind: "no_file", file: "http://weft.example/app/server.json", reason: "404" });
  });
  test("a refusal opens no connection", async () => {
    let connected = false;
    const all = await steps({ fetchText: () => Promise.resolve("{\"wsport\": 0}"), connect: () => { connected = true; return Promise.resolve(backend); } });
    expect(connected).toBe(false);
    expect(all.at(-1)).toMatchObject({ kind: "refused", refusal: { id: "address.bad_port", key: "wsport" } });
  });
  test("keeps trying, with growing waits, until the Server is there", async () => {
    const waited: number[] = [];
    let tries = 0;
    const all = await steps({
      connect: () => (++tries < 4 ? Promise.reject(new Error("closed")) : Promise.resolve(backend)),
      pause: (ms) => { waited.push(ms); return Promise.resolve(); },
    });
    expect(waited).toEqual([500, 1000, 2000]);
    expect(all.map((b) => b.kind)).toEqual(["reading", "connecting", "unreachable", "unreachable", "unreachable", "ready"]);
  });
  test("a Server that does not take the page is not asked again", async () => {
    const problem = { id: "session.version", kind: "invalid", text: "Too old.", place: { workflow: "", node: "", setting: "" } };
    const all = await steps({ connect: () => Promise.reject(new Refused([problem])) });
    expect(all.at(-1)).toEqual({ kind: "rejected", address: "ws://weft.example:8080/ws", problems: [problem] });
  });
  test("ends when it is aborted", async () => {
    const abort = new AbortController();
    const all: Boot[] = [];
    await boot(world({ connect: () => { abort.abort(); return Promise.reject(new Error("x")); } }), (b) => all.push(b), abort.signal);
    expect(all.map((b) => b.kind)).toEqual(["reading", "connecting"]);
  });
});
