import { describe, expect, test } from "vitest";
import { applyPatches, getAt, type Json, type Patch, PatchError, sameJson } from "./json";
import { node, places } from "./model";
import { tree } from "./sample.test-data";

const set = (path: string[], value: Json, before?: string): Patch => ({ path, op: "set", value, before });

describe("patches", () => {
  const start: Json = { a: { b: [1, 2, 3], c: "x" }, d: null };
  test.each<[string, Patch[], Json]>([
    ["replaces a value", [set(["a", "c"], "y")], { a: { b: [1, 2, 3], c: "y" }, d: null }],
    ["adds a key", [set(["a", "e"], 1)], { a: { b: [1, 2, 3], c: "x", e: 1 }, d: null }],
    ["removes a key", [{ path: ["d"], op: "remove" }], { a: { b: [1, 2, 3], c: "x" } }],
    ["replaces an item", [set(["a", "b", "1"], 9)], { a: { b: [1, 9, 3], c: "x" }, d: null }],
    ["inserts at the end", [{ path: ["a", "b", "3"], op: "insert", value: 4 }], { a: { b: [1, 2, 3, 4], c: "x" }, d: null }],
    ["removes an item", [{ path: ["a", "b", "0"], op: "remove" }], { a: { b: [2, 3], c: "x" }, d: null }],
    ["replaces the root", [set([], 7)], 7],
    ["goes in order", [set(["e"], {}), set(["e", "f"], 1)], { a: { b: [1, 2, 3], c: "x" }, d: null, e: { f: 1 } }],
  ])("%s", (_name, patches, want) => {
    expect(applyPatches(start, patches)).toEqual(want);
  });

  test("a new key stands before another", () => {
    expect(Object.keys(applyPatches({ a: 1, c: 2 }, [set(["b"], 0, "c")]) as object)).toEqual(["a", "b", "c"]);
  });
  test("a replaced key keeps its place", () => {
    expect(Object.keys(applyPatches({ a: 1, c: 2 }, [set(["a"], 0, "")]) as object)).toEqual(["a", "c"]);
  });
  test.each<[string, Patch]>([
    ["a parent that is missing", set(["x", "y"], 1)],
    ["a position behind the end", set(["a", "b", "3"], 1)],
    ["a key in a list", set(["a", "b", "one"], 1)],
    ["a key that is not there", { path: ["x"], op: "remove" }],
    ["an insert into a map", { path: ["a", "x"], op: "insert", value: 1 }],
    ["a way through a word", set(["a", "c", "x"], 1)],
    ["what objects inherit", set(["constructor", "x"], 1)],
  ])("refuses %s", (_name, patch) => {
    expect(() => applyPatches(start, [patch])).toThrow(PatchError);
  });
  test("a key named __proto__ is a key", () => {
    const got = applyPatches({}, [set(["__proto__"], { x: 1 })]);
    expect(Object.keys(got as object)).toEqual(["__proto__"]);
    expect((got as { x?: number }).x).toBeUndefined();
  });
  test("what was not touched stays the same", () => {
    const got = applyPatches(tree, [set(["workflows", "main", "nodes", "late", "label"], "Late")]);
    expect(node(got, "main", "late")?.label).toBe("Late");
    expect(node(got, "main", "flights")).toBe(node(tree, "main", "flights"));
    expect(places(got, "main")).toBe(places(tree, "main"));
    expect(getAt(tree, ["workflows", "main", "nodes", "late", "label"])).toBeUndefined();
  });
  test("sameJson takes no notice of the order of keys", () => {
    expect(sameJson({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(sameJson([1], [1, 2])).toBe(false);
  });
});
