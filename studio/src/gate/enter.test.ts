import { describe, expect, test } from "vitest";
import { type Problem, Refused } from "../api/backend";
import type { Door } from "../api/door";
import { visible } from "../ui/visible";
import { enter, takeToken } from "./enter";
import { freeName, fromPackage, nameProblem } from "../app/paths";
import { clientName } from "./world";

const problem = (id: string): Problem => ({ id, kind: "denied", text: id, place: { workflow: "", node: "", setting: "" } });

function door(signIn: () => Promise<void>, kept: boolean): Door {
  return { signIn, takeUp: () => Promise.resolve(kept) } as unknown as Door;
}

describe("going in", () => {
  test("the token of the address is taken out of it, and so out of the history", () => {
    const replaced: unknown[] = [];
    const history = { replaceState: (_s: unknown, _t: string, url?: string | URL | null) => void replaced.push(url) };
    expect(takeToken({ hash: "#token=ab%2Bc", pathname: "/app/", search: "" }, history)).toBe("ab+c");
    expect(takeToken({ hash: "#/open/x.weft", pathname: "/app/", search: "" }, history)).toBe("");
    expect(takeToken({ hash: "#token=abc&to=/open/user/x.weft", pathname: "/app/", search: "" }, history)).toBe("abc");
    expect(replaced).toEqual(["/app/#/", "/app/#/open/user/x.weft"]);
  });
  test("with a token that holds", async () => expect(await enter(door(() => Promise.resolve(), false), "t")).toEqual([]));
  test("with one that was used, by the session of this tab, else by the page that says why", async () => {
    const used = () => Promise.reject(new Refused([problem("auth.ticket")]));
    expect(await enter(door(used, true), "t")).toEqual([]);
    expect((await enter(door(used, false), "t")).map((p) => p.id)).toEqual(["auth.ticket"]);
  });
  test("a lost connection is no answer", async () => {
    await expect(enter(door(() => Promise.reject(new Refused([problem("studio.lost")])), false), "t")).rejects.toThrow();
  });
});

describe("paths", () => {
  test.each([
    ["user/a.weft", "user/data/x.csv", "data/x.csv"], ["user/sub/a.weft", "user/x.csv", "/x.csv"], ["user/sub/a.weft", "user/sub/x.csv", "x.csv"], ["a.weft", "x.csv", "x.csv"],
  ])("from %s, %s is %s", (pack, path, want) => expect(fromPackage(pack, path)).toBe(want));
  test("free names", () => expect(freeName("a.csv", (n) => ["a.csv", "a_2.csv"].includes(n))).toBe("a_3.csv"));
  test("names", () => expect(["", "a/b", "..", "a"].map(nameProblem)).toEqual(["empty", "slash", "dots", null]));
});

test("what can't be seen is shown by its code", () => {
  expect(visible("a\u202Egnp.exe\u0000b")).toBe("a⟨U+202E⟩gnp.exe⟨U+0000⟩b");
  expect(visible("шум\n👨‍👩‍👧")).toBe("шум\n👨‍👩‍👧");
});

test("the list of sessions names the browser", () => {
  expect(clientName("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36")).toBe("Studio, Chrome, Linux");
  expect(clientName("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Studio, Firefox, Windows");
});
