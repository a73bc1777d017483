import { describe, expect, test } from "vitest";
import type { Row } from "../api/backend";
import { cellFormatter, isNumeric } from "./cells";
import { cachedSource, previewSource, type TableSource } from "./source";

const signal = new AbortController().signal;

describe("cells", () => {
  const say = (type: string, v: Parameters<ReturnType<typeof cellFormatter>>[0]) => {
    const t = cellFormatter(type, "en")(v);
    return t.kind === "value" ? t.text : t.kind;
  };
  test.each([
    ["string", null, "null"], ["string", "", "empty"], ["string", " ", " "],
    ["integer", 2001, "2001"], ["integer", 26770, "26,770"], ["integer", 9007199254740993n, "9,007,199,254,740,993"],
    ["real", 0.1 + 0.2, "0.3"], ["decimal(18,2)", "12.50", "12.50"], ["boolean", false, "false"],
    ["timestamp", "2001-01-01T00:01:00", "2001-01-01 00:01:00"], ["date", "2001-01-01", "2001-01-01"],
  ] as const)("%s %o is %s", (type, v, want) => expect(say(type, v)).toBe(want));
  test("numbers stand right", () => expect(["integer", "real", "decimal(9,2)", "string", "date"].map(isNumeric)).toEqual([true, true, true, false, false]));
});

describe("sources", () => {
  test("a preview in pages", async () => {
    const rows: Row[] = [[1], [2], [3]];
    const s = previewSource({ columns: [], rows, exact: true, elapsed: 0, follows: false });
    expect([s.total, await s.page(1, 5, signal)]).toEqual([3, [[2], [3]]]);
  });
  const counting = () => {
    const asked: number[] = [];
    const source: TableSource = {
      columns: [], total: 1000,
      page: (offset) => {
        asked.push(offset);
        return offset === 900 && asked.filter((o) => o === 900).length === 1 ? Promise.reject(new Error("lost")) : Promise.resolve([[offset]]);
      },
    };
    return { asked, source };
  };
  test("a page is asked for once, also at the same time", async () => {
    const { asked, source } = counting();
    const s = cachedSource(source);
    await Promise.all([s.page(0, 100, signal), s.page(0, 100, signal)]);
    await s.page(0, 100, signal);
    expect(asked).toEqual([0]);
  });
  test("the page that was used least lately goes", async () => {
    const { asked, source } = counting();
    const s = cachedSource(source, 2);
    for (const offset of [0, 100, 0, 200, 0, 100]) await s.page(offset, 100, signal);
    expect(asked).toEqual([0, 100, 200, 100]);
  });
  test("a page that failed is asked for again", async () => {
    const { source } = counting();
    const s = cachedSource(source);
    await expect(s.page(900, 100, signal)).rejects.toThrow("lost");
    await expect(s.page(900, 100, signal)).resolves.toEqual([[900]]);
  });
});
