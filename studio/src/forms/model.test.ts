import { describe, expect, test } from "vitest";
import type { FieldSpec } from "../graph/catalogue";
import { addItemCommand, itemTitle, moveItemCommand, newItem, readConstant, readNumber, removeItemCommand, setCommand, spellConstant, splitFields, unknownKeys, visibleFields } from "./model";

const at = { workflow: "main", node: "n" };
const base = { kind: "set_setting", ...at };

describe("edits as commands", () => {
  const settings = { keys: [{ left: "a" }, { left: "b" }], kind: "left" };
  test.each([
    ["a value", setCommand(at, settings, ["kind"], "full", "inner"), { ...base, path: "kind", value: "full" }],
    ["the default is not written", setCommand(at, settings, ["kind"], "inner", "inner"), { ...base, path: "kind", unset: true }],
    ["nothing to take away", setCommand(at, settings, ["condition"], undefined), null],
    ["no change", setCommand(at, settings, ["kind"], "left"), null],
    ["within a list", setCommand(at, settings, ["keys", 1, "right"], "c"), { ...base, path: "keys[1].right", value: "c" }],
    ["a group that is missing", setCommand(at, settings, ["clash", "prefix"], "x_"), { ...base, path: "clash", value: { prefix: "x_" } }],
    ["a first item", addItemCommand(at, settings, ["columns"], { column: "" }), { ...base, path: "columns", value: [{ column: "" }] }],
    ["a further item", addItemCommand(at, settings, ["keys"], {}), { ...base, path: "keys[2]", value: {}, insert: true }],
    ["an item goes", removeItemCommand(at, settings, ["keys"], 0), { ...base, path: "keys[0]", unset: true }],
    ["the last item takes the list", removeItemCommand(at, { keys: [1] }, ["keys"], 0), { ...base, path: "keys", unset: true }],
    ["an item moves", moveItemCommand(at, settings, ["keys"], 1, -1), { ...base, path: "keys", value: [{ left: "b" }, { left: "a" }] }],
    ["no further up", moveItemCommand(at, settings, ["keys"], 0, -1), null],
  ])("%s", (_name, got, want) => expect(got).toEqual(want));
});

describe("fields", () => {
  const fields: FieldSpec[] = [
    { key: "method", kind: "enum", choices: ["first", "share"], default: "first" },
    { key: "rows", kind: "integer", when: { key: "method", in: ["first"] } },
    { key: "share", kind: "number", when: { key: "method", in: ["share"] } },
  ];
  const keys = (l: readonly FieldSpec[]) => l.map((f) => f.key);
  test("show only when they matter", () => {
    expect(keys(visibleFields(fields, {}))).toEqual(["method", "rows"]);
    expect(keys(visibleFields(fields, { method: "share" }))).toEqual(["method", "share"]);
    expect(keys(visibleFields(fields, { method: { var: "m" } }))).toEqual(["method"]);
  });
  test("rare ones stand apart, unless they hold something", () => {
    const many = Array.from({ length: 9 }, (_, i): FieldSpec => ({ key: `k${i}`, kind: "text", required: i === 7 }));
    const got = splitFields(many, { k8: "x" });
    expect(keys(got.main)).toEqual(["k0", "k1", "k2", "k3", "k4", "k7", "k8"]);
    expect(keys(got.more)).toEqual(["k5", "k6"]);
    expect(splitFields(fields, {}).more).toEqual([]);
  });
  test("keys that are no settings", () => expect(unknownKeys(fields, { method: "first", speed: 1 })).toEqual(["speed"]));
  test("a new item has what it needs", () => {
    const list: FieldSpec = { key: "m", kind: "list", items: [{ key: "column", kind: "column" }, { key: "function", kind: "enum", required: true, choices: ["count", "sum"] }] };
    expect(newItem(list)).toEqual({ function: "count" });
    expect(newItem({ key: "k", kind: "list", items: [{ kind: "column" }] })).toBe("");
  });
  test("titles of items", () => {
    expect([itemTitle({ name: "n", column: "c" }), itemTitle({ function: "count" }), itemTitle("x"), itemTitle(null)]).toEqual(["n", "count", "x", ""]);
  });
});

describe("what is typed", () => {
  const int: FieldSpec = { kind: "integer", min: 1, max: 10 };
  test.each([
    ["", {}], ["7", { value: 7 }], ["7.5", { problem: "integer" }], ["0", { problem: "min" }], ["11", { problem: "max" }], ["x", { problem: "integer" }], ["1 0", { value: 10 }],
  ])("integer %j", (text, want) => expect(readNumber(text, int)).toEqual(want));
  test.each([
    ["9007199254740993", { value: 9007199254740993n }], ["-9223372036854775808", { value: -9223372036854775808n }], ["+9007199254740991", { value: 9007199254740991 }],
    ["9223372036854775808", { problem: "range" }], ["1e30", { problem: "integer" }],
  ])("integer of 64 bits %j", (text, want) => expect(readNumber(text, { kind: "integer" })).toEqual(want));
  test.each([["9007199254740993", { problem: "digits" }], ["9007199254740992", { value: 9007199254740992 }], ["1e30", { value: 1e30 }]])("number of many digits %j", (text, want) =>
    expect(readNumber(text, { kind: "number" })).toEqual(want));
  test.each([["0,25", { value: 0.25 }], ["−3", { value: -3 }], ["1e3", { value: 1000 }], ["0x10", { problem: "number" }]])("number %j", (text, want) =>
    expect(readNumber(text, { kind: "number" })).toEqual(want));
  test.each([["15", 15], ["'15'", "15"], ["true", true], ["O''Hare", "O''Hare"], ["'it''s'", "it's"], ["ORD", "ORD"], ["99999999999999999999", "99999999999999999999"], ["9007199254740993", 9007199254740993n], ["1.10", 1.1], ["0.1234567890123456789", "0.1234567890123456789"]])("constant %j", (text, want) =>
    expect(readConstant(text)).toBe(want));
  test.each(["15", 15, 9007199254740993n, "9007199254740993", "true", false, "ORD", "'quoted'", ""])("constant %s reads back", (v) => expect(readConstant(spellConstant(v))).toBe(v));
});
