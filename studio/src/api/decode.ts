import { type Batch, tableFromIPC } from "@uwdata/flechette";
import type { Cell, Column, Row } from "./backend";
import { wholeNumber } from "../graph/digits";
import { spellDate, spellDecimal, spellTime, spellTimestamp } from "./values";

// Rows out of Arrow IPC. Nothing loses a digit on the way: whole numbers
// beyond 2^53 are bigint, decimals and times are text made from the integers
// that they are in Arrow.

type Read = (v: unknown) => Cell;

/** Decodes one stream of Arrow IPC. The columns say what the values are by the package's types. */
export function decodeRows(data: Uint8Array, columns: readonly Column[]): readonly Row[] {
  if (data.length === 0) return [];
  // Columns are read where they lie, which needs them at multiples of 8: a frame's payload begins anywhere.
  const table = tableFromIPC(data.byteOffset % 8 === 0 ? data : data.slice(), { useBigInt: true, useDecimalInt: true });
  const cells = columns.map((c, i) => {
    const field = table.schema.fields[i];
    const found = table.getChildAt(i);
    if (!field || !found) return new Array<Cell>(table.numRows).fill(null);
    const read = reader(c.type, field.type as unknown as ArrowType);
    return found.data.flatMap((b) => readBatch(b, read, isRaw(field.type as unknown as ArrowType)));
  });
  return Array.from({ length: table.numRows }, (_, r) => cells.map((c) => c[r] ?? null));
}

interface ArrowType {
  readonly typeId: number;
  readonly unit?: number;
  readonly scale?: number;
}

// Of Arrow's flatbuffers: Schema.fbs.
const types = { decimal: 7, date: 8, time: 9, timestamp: 10 };
const perSecond = [1n, 1000n, 1_000_000n, 1_000_000_000n];

/** Times are read as the integers that they are: as numbers of milliseconds they would lose microseconds. */
function isRaw(t: ArrowType): boolean {
  return t.typeId === types.time || t.typeId === types.timestamp || t.typeId === types.date;
}

function readBatch(b: Batch<unknown>, read: Read, raw: boolean): Cell[] {
  const values = b.values as ArrayLike<number | bigint>;
  return Array.from({ length: b.length }, (_, i) => {
    const v: unknown = raw ? (b.nullCount > 0 && !isValid(b, i) ? null : values[i]) : b.at(i);
    return v === null || v === undefined ? null : read(v);
  });
}

function isValid(b: Batch<unknown>, i: number): boolean {
  const bits = b.validity as Uint8Array;
  return ((bits[i >> 3] ?? 0) & (1 << (i & 7))) !== 0;
}

function reader(type: string, arrow: ArrowType): Read {
  switch (arrow.typeId) {
    case types.decimal:
      return (v) => spellDecimal(BigInt(v as bigint | number), arrow.scale ?? 0);
    case types.date:
      return (v) => spellDate(arrow.unit === 1 ? Number(BigInt(v as bigint | number) / 86_400_000n) : Number(v));
    case types.time:
      return (v) => spellTime(micros(v, arrow.unit));
    case types.timestamp:
      return (v) => spellTimestamp(micros(v, arrow.unit), type === "timestamptz");
    default:
      return plain;
  }
}

function micros(v: unknown, unit = 0): bigint {
  const n = BigInt(v as bigint | number) * 1_000_000n;
  const d = perSecond[unit] ?? 1n;
  return n >= 0n ? n / d : -((-n + d - 1n) / d);
}

function plain(v: unknown): Cell {
  switch (typeof v) {
    case "bigint":
      return wholeNumber(v);
    case "string":
    case "boolean":
    case "number":
      return v;
    default:
      return JSON.stringify(v, (_k, x: unknown) => (typeof x === "bigint" ? String(x) : x)) ?? null;
  }
}
