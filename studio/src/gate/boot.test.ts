import { describe, expect, test } from "vitest";
import { LoadError } from "../api/load";
import { boot, type Boot, type Entry, type World } from "./boot";

const entry = {} as Entry;

function world(over: Partial<World>): World {
  return {
    page: new URL("http://weft.example/app/#/x"),
    fetchText: () => Promise.resolve("{}"),
    connect: () => Promise.resolve(entry),
    pause: () => Promise.resolve(),
    ask: () => Promise.resolve(200),
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
    expect(all).toEqual([{ kind: "reading" }, { kind: "connecting", address: "ws://weft.example:9001/ws" }, { kind: "ready", entry }]);
  });
  test("a file that can't be read says where it was sought", async () => {
    const all = await steps({ fetchText: () => Promise.reject(new Error("404")) });
    expect(all.at(-1)).toEqual({ kind: "no_file", file: "http://weft.example/app/server.json", reason: "404" });
  });
  test("a refusal opens no connection", async () => {
    let connected = false;
    const all = await steps({ fetchText: () => Promise.resolve("{\"wsport\": 0}"), connect: () => { connected = true; return Promise.resolve(entry); } });
    expect(connected).toBe(false);
    expect(all.at(-1)).toMatchObject({ kind: "refused", refusal: { id: "address.bad_port", key: "wsport" } });
  });
  test("keeps trying, with growing waits, until the Server is there", async () => {
    const waited: number[] = [];
    let tries = 0;
    const all = await steps({
      connect: () => (++tries < 4 ? Promise.reject(new Error("closed")) : Promise.resolve(entry)),
      pause: (ms) => { waited.push(ms); return Promise.resolve(); },
    });
    expect(waited).toEqual([500, 1000, 2000]);
    expect(all.map((b) => b.kind)).toEqual(["reading", "connecting", "unreachable", "unreachable", "unreachable", "ready"]);
  });
  test.each([
    [404, "proxy_off"], [502, "server_down"], [503, "server_down"], [426, "there"], [200, "unknown"], [new Error("no answer"), "unknown"],
  ] as const)("a plain request of the proxy that gives %s tells %s", async (answer, found) => {
    let asked = "";
    let tries = 0;
    const all = await steps({
      page: new URL("http://weft.example:8000/app/"),
      fetchText: () => Promise.resolve("{\"wsproxy\": true}"),
      connect: () => (++tries < 2 ? Promise.reject(new Error("closed")) : Promise.resolve(entry)),
      ask: (url) => {
        asked = url;
        return typeof answer === "number" ? Promise.resolve(answer) : Promise.reject(answer);
      },
    });
    expect(asked).toBe("http://weft.example:8000/ws/");
    expect(all[2]).toEqual({ kind: "unreachable", address: "ws://weft.example:8000/ws/", proxy: true, found });
  });
  test("without the proxy nothing else is asked", async () => {
    let tries = 0;
    const all = await steps({ connect: () => (++tries < 2 ? Promise.reject(new Error("closed")) : Promise.resolve(entry)), ask: () => Promise.reject(new Error("asked")) });
    expect(all[2]).toMatchObject({ kind: "unreachable", found: "unknown" });
  });
  test("a part of Studio that does not come is told as that, and asked for again", async () => {
    let tries = 0;
    const all = await steps({ connect: () => (++tries < 2 ? Promise.reject(new LoadError("404")) : Promise.resolve(entry)) });
    expect(all.map((b) => b.kind)).toEqual(["reading", "connecting", "unloaded", "ready"]);
  });
  test("ends when it is aborted", async () => {
    const abort = new AbortController();
    const all: Boot[] = [];
    await boot(world({ connect: () => { abort.abort(); return Promise.reject(new Error("x")); } }), (b) => all.push(b), abort.signal);
    expect(all.map((b) => b.kind)).toEqual(["reading", "connecting"]);
  });
});
