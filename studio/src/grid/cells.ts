import type { Cell } from "../api/backend";
import type { Language } from "../i18n/catalogues";
import { bareType } from "../ui/TypeMark";
import { visible } from "../ui/visible";

// How cells read. No value and empty text are told apart; numbers stand right.

export type CellText =
  | { readonly kind: "null" }
  | { readonly kind: "empty" }
  | { readonly kind: "value"; readonly text: string };

const numeric = new Set(["integer", "real", "decimal"]);

export function isNumeric(type: string): boolean {
  return numeric.has(bareType(type));
}

/** A function from cells of a column to their text. */
export function cellFormatter(type: string, language: Language): (v: Cell | undefined) => CellText {
  const bare = bareType(type);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: bare === "integer" ? 0 : 6, useGrouping: "min2" });
  return (v) => {
    if (v === null || v === undefined) return { kind: "null" };
    if (v === "") return { kind: "empty" };
    return { kind: "value", text: spell(v, bare, number) };
  };
}

function spell(v: Exclude<Cell, null>, type: string, number: Intl.NumberFormat): string {
  if (typeof v === "number" || typeof v === "bigint") return number.format(v);
  if (typeof v === "boolean") return v ? "true" : "false";
  // ISO text is unambiguous in every language; only the T goes.
  return type.startsWith("timestamp") ? v.replace("T", " ") : visible(v);
}
