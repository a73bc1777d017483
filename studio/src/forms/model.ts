import type { FieldSpec } from "../graph/catalogue";
import type { Command } from "../graph/command";
import { wholeNumber } from "../graph/digits";
import { getAt, isList, isMap, type Json, type JsonMap, own, sameJson } from "../graph/json";
import { type SettingPath, spellPath, treePath } from "../graph/path";

// What a form knows without a screen: which fields show, what they hold, and
// which command an edit is.

/** A field's value: what is written, else its default. */
export function valueOf(f: FieldSpec, holder: JsonMap): Json | undefined {
  const v = f.key === undefined ? undefined : own(holder, f.key);
  return v ?? f.default;
}

/** Fields that matter now: those whose condition holds among their neighbours. */
export function visibleFields(fields: readonly FieldSpec[], holder: JsonMap): readonly FieldSpec[] {
  return fields.filter((f) => {
    if (!f.when) return true;
    const other = fields.find((o) => o.key === f.when?.key);
    const v = other ? valueOf(other, holder) : own(holder, f.when.key);
    return typeof v === "string" && f.when.in.includes(v);
  });
}

/** The first fields, and those that most people never need: optional ones without a value, behind the first few. */
export function splitFields(fields: readonly FieldSpec[], holder: JsonMap, first = 5): { main: readonly FieldSpec[]; more: readonly FieldSpec[] } {
  if (fields.length <= first + 2) return { main: fields, more: [] };
  const main = fields.filter((f, i) => i < first || f.required || (f.key !== undefined && own(holder, f.key) !== undefined));
  return { main, more: fields.filter((f) => !main.includes(f)) };
}

/** Keys that are written but are no setting of the component. */
export function unknownKeys(fields: readonly FieldSpec[], holder: JsonMap): string[] {
  const known = new Set(fields.map((f) => f.key));
  return Object.keys(holder).filter((k) => !known.has(k));
}

type SettingCommand = Extract<Command, { kind: "set_setting" }>;
type Target = { readonly workflow: string; readonly node: string };

/**
 * The command that sets a value, or takes it away when it is undefined or the
 * default. Maps and lists above it that are missing come with it.
 */
export function setCommand(at: Target, settings: JsonMap, path: SettingPath, value: Json | undefined, fallback?: Json): SettingCommand | null {
  const tree = treePath(path);
  const old = getAt(settings, tree);
  if (value === undefined || (fallback !== undefined && sameJson(value, fallback))) {
    return old === undefined ? null : { kind: "set_setting", ...at, path: spellPath(path), unset: true };
  }
  if (sameJson(old, value)) return null;
  for (let n = 1; n < path.length; n++) {
    if (getAt(settings, tree.slice(0, n)) !== undefined) continue;
    const inner = path.slice(n).reduceRight<Json>((v, step) => (typeof step === "number" ? [v] : { [step]: v }), value);
    return { kind: "set_setting", ...at, path: spellPath(path.slice(0, n)), value: inner };
  }
  return { kind: "set_setting", ...at, path: spellPath(path), value };
}

/** The command that puts an item at the end of a list. */
export function addItemCommand(at: Target, settings: JsonMap, path: SettingPath, item: Json): SettingCommand | null {
  const list = getAt(settings, treePath(path));
  if (!isList(list)) return setCommand(at, settings, path, [item]);
  return { kind: "set_setting", ...at, path: spellPath([...path, list.length]), value: item, insert: true };
}

/** The command that removes an item; the last one takes its list with it. */
export function removeItemCommand(at: Target, settings: JsonMap, path: SettingPath, i: number): SettingCommand {
  const list = getAt(settings, treePath(path));
  const last = isList(list) && list.length === 1;
  return { kind: "set_setting", ...at, path: spellPath(last ? path : [...path, i]), unset: true };
}

/** The command that moves an item of a list by one place. */
export function moveItemCommand(at: Target, settings: JsonMap, path: SettingPath, i: number, by: -1 | 1): SettingCommand | null {
  const list = getAt(settings, treePath(path));
  if (!isList(list)) return null;
  const item = list[i];
  if (item === undefined || list[i + by] === undefined) return null;
  return { kind: "set_setting", ...at, path: spellPath(path), value: list.toSpliced(i, 1).toSpliced(i + by, 0, item) };
}

/** A new item of a list, empty but for what its fields need. */
export function newItem(f: FieldSpec): Json {
  const items = f.items ?? [];
  const single = items.length === 1 && items[0]?.key === undefined;
  if (single) return "";
  return Object.fromEntries(items.flatMap((i) => (i.required && i.key !== undefined ? [[i.key, blank(i)]] : [])));
}

function blank(f: FieldSpec): Json {
  return f.kind === "enum" ? (f.choices?.[0] ?? "") : "";
}

/** Whether a list's items are single values. */
export function isSimpleList(f: FieldSpec): boolean {
  return f.kind === "list" && f.items?.length === 1 && f.items[0]?.key === undefined;
}

export type NumberProblem = "integer" | "number" | "min" | "max" | "range" | "digits";

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;

/** Reads what somebody typed into a field of numbers; a comma does as well as a point. */
export function readNumber(text: string, f: FieldSpec): { readonly value?: number | bigint; readonly problem?: NumberProblem } {
  const plain = text.trim().replace(/[\s\u00a0\u202f]/g, "").replace(",", ".").replace("−", "-");
  if (plain === "") return {};
  const near = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  if (!Number.isFinite(near)) return { problem: f.kind === "integer" ? "integer" : "number" };
  const whole = readWhole(plain);
  if (f.kind === "integer" && whole === undefined && !Number.isSafeInteger(near)) return { problem: "integer" };
  if (f.kind === "integer" && whole !== undefined && (whole < int64.min || whole > int64.max)) return { problem: "range" };
  // Elsewhere numbers are of floating point.
  if (f.kind !== "integer" && whole !== undefined && BigInt(near) !== whole) return { problem: "digits" };
  const value = whole !== undefined && f.kind === "integer" ? wholeNumber(whole) : near;
  if (f.min !== undefined && value < f.min) return { problem: "min" };
  if (f.max !== undefined && value > f.max) return { problem: "max" };
  return { value };
}

/** The whole number that some digits are; undefined where there is more than digits. */
function readWhole(text: string): bigint | undefined {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
}

/** A constant as it is typed: numbers and true, false bare, text that looks like one of them in quotes. A number that can't be held to the digit is text. */
export function readConstant(text: string): Json {
  const t = text.trim();
  const quoted = /^'(.*)'$/s.exec(t);
  if (quoted) return (quoted[1] ?? "").replace(/''/g, "'");
  if (t === "true" || t === "false") return t === "true";
  const whole = readWhole(t);
  if (whole !== undefined) return whole < int64.min || whole > int64.max ? text : wholeNumber(whole);
  if (/^[+-]?\d+\.\d+$/.test(t) && t.replace(/[^\d]/g, "").replace(/^0+|0+$/g, "").length <= 15) return Number(t);
  return text;
}

export function spellConstant(v: Json | undefined): string {
  if (v === undefined || v === null || isMap(v) || isList(v)) return "";
  if (typeof v !== "string") return String(v);
  return sameJson(readConstant(v), v) ? v : `'${v.replace(/'/g, "''")}'`;
}

/** A short word for an item of a list: what it is named, else what it speaks of. */
export function itemTitle(item: Json): string {
  if (!isMap(item)) return typeof item === "string" || typeof item === "number" || typeof item === "bigint" ? String(item) : "";
  for (const key of ["label", "name", "column", "left", "field"]) {
    const v = own(item, key);
    if (typeof v === "string" && v !== "") return v;
  }
  const fn = own(item, "function");
  return typeof fn === "string" ? fn : "";
}
