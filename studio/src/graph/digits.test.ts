import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson, spellJson, wholeNumber } from "./digits";
import type { Json } from "./json";

describe("JSON to the digit", () => {
  test.each<[string, Json]>([
    ["9007199254740993", 9007199254740993n],
    ["-9223372036854775808", -9223372036854775808n],
    ["9007199254740991", 9007199254740991],
    ["[1, 0.5, 1e3, 1234567890123456.5]", [1, 0.5, 1000, 1234567890123456.5]],
    ["{\"a\\\"}\": [], \"n\": {\"id\": 1000000000000000001}, \"t\": \"1000000000000000001\", \"__proto__\": null}", Object.fromEntries<Json>([["a\"}", []], ["n", { id: 1000000000000000001n }], ["t", "1000000000000000001"], ["__proto__", null]])],
  ])("%s", (text, want) => {
    expect(parseJson(text)).toEqual(want);
    expect(parseJson(spellJson(want))).toEqual(want);
  });
  test.each(["1234567890123456 7", "[1234567890123456,]", "{1234567890123456: 1}", "{\"a\" 1234567890123456}", "\"1234567890123456", "01234567890123456", "+1234567890123456", ""])("%j is none", (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
  test("whole numbers lose no digit", () => {
    expect([wholeNumber(9007199254740991n), wholeNumber(9007199254740992n), wholeNumber(-(2n ** 63n))]).toEqual([9007199254740991, 9007199254740992n, -(2n ** 63n)]);
  });
  const json = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 }, fc.constant(null), fc.boolean(), fc.string({ unit: "binary" }), fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }), fc.array(tie("json")), fc.dictionary(fc.string({ unit: "binary" }), tie("json"), { noNullPrototype: true }),
    ),
  })).json;
  const big = "1000000000000000001"; // so that the browser's own reading is not taken
  test("whatever is spelled reads back, on one line and on many", () => {
    fc.assert(fc.property(json, (v) => {
      expect(parseJson(spellJson([v, BigInt(big)]))).toEqual([v, BigInt(big)]);
      expect(parseJson(spellJson([v, BigInt(big)], " "))).toEqual([v, BigInt(big)]);
    }));
  });
  test("the spelling is JavaScript's own where that loses nothing", () => {
    const v = { a: [1, "x", {}, []], b: null, c: { d: true } };
    expect([spellJson(v), spellJson(v, " ")]).toEqual([JSON.stringify(v), JSON.stringify(v, null, 1)]);
  });
});
