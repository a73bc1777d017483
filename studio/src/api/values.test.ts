import { tableFromArrays, tableToIPC, columnFromArray, tableFromColumns, decimal, timestamp, time, dateDay, int64, utf8, TimeUnit } from "@uwdata/flechette";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Column } from "./backend";
import { decodeRows } from "./decode";
import { spellDate, spellDecimal, spellTime, spellTimestamp } from "./values";

describe("values", () => {
  test.each([[1250n, 2, "12.50"], [-5n, 3, "-0.005"], [0n, 2, "0.00"], [7n, 0, "7"], [7n, -2, "700"], [-(10n ** 37n), 10, `-1${"0".repeat(27)}.${"0".repeat(10)}`]] as const)(
    "%s with %s digits is %s", (n, scale, want) => expect(spellDecimal(n, scale)).toBe(want));
  test.each([[0n, "00:00:00"], [86_399_999_999n, "23:59:59.999999"], [3_600_000_100n, "01:00:00.0001"]] as const)("%s µs is %s", (us, want) => expect(spellTime(us)).toBe(want));
  test.each([
    [0n, "1970-01-01T00:00:00"], [-1n, "1969-12-31T23:59:59.999999"], [253_402_300_799_999_999n, "9999-12-31T23:59:59.999999"], [-62_135_596_800_000_000n, "0001-01-01T00:00:00"],
  ] as const)("%s µs is %s", (us, want) => expect([spellTimestamp(us, false), spellTimestamp(us, true)]).toEqual([want, `${want}Z`]));
  test("dates are those of the calendar", () => {
    fc.assert(fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => spellDate(days) === new Date(days * 86_400_000).toISOString().slice(0, 10)));
  });
  test("dates out of four digits", () => expect([spellDate(2_932_897), spellDate(-719_529)]).toEqual(["+10000-01-01", "-0001-12-31"]));
});

const column = (name: string, type: string): Column => ({ name, type, label: "", usage: "" });

describe("rows out of Arrow", () => {
  test("exact, with what is absent", () => {
    const table = tableFromColumns({
      n: columnFromArray([1n, 9007199254740993n, null], int64()),
      d: columnFromArray([12.5, null, -0.25], decimal(18, 2, 128)),
      s: columnFromArray(["<img src=x onerror=alert(1)>", "", null], utf8()),
      ts: columnFromArray([0, null, 1.5], timestamp(TimeUnit.MICROSECOND)),
      tz: columnFromArray([0, 1000, null], timestamp(TimeUnit.MICROSECOND, "UTC")),
      t: columnFromArray([null, 3_600_000_000n, 1n], time(TimeUnit.MICROSECOND)),
      day: columnFromArray([null, new Date("2001-02-03"), new Date("1969-12-31")], dateDay()),
      b: columnFromArray([true, null, false]),
    });
    const ipc = tableToIPC(table, { format: "stream" });
    if (!ipc) throw new Error("no bytes");
    const columns = [column("n", "integer"), column("d", "decimal(18,2)"), column("s", "string"), column("ts", "timestamp"), column("tz", "timestamptz"), column("t", "time"), column("day", "date"), column("b", "boolean")];
    expect(decodeRows(ipc, columns)).toEqual([
      [1, "12.50", "<img src=x onerror=alert(1)>", "1970-01-01T00:00:00", "1970-01-01T00:00:00Z", null, null, true],
      [9007199254740993n, null, "", null, "1970-01-01T00:00:01Z", "01:00:00", "2001-02-03", null],
      [null, "-0.25", null, "1970-01-01T00:00:00.0015", null, "00:00:00.000001", "1969-12-31", false],
    ]);
  });
  test("from any place of a frame", () => {
    const ipc = tableToIPC(tableFromColumns({ n: columnFromArray([7n, 8n], int64()) }), { format: "stream" }) ?? new Uint8Array();
    const frame = new Uint8Array(ipc.length + 3);
    frame.set(ipc, 3);
    expect(decodeRows(frame.subarray(3), [column("n", "integer")])).toEqual([[7], [8]]);
  });
  test("no rows and no bytes", () => {
    const ipc = tableToIPC(tableFromArrays({ a: [] as number[] }), { format: "stream" });
    expect(ipc && decodeRows(ipc, [column("a", "real")])).toEqual([]);
    expect(decodeRows(new Uint8Array(), [column("a", "real")])).toEqual([]);
  });
});
