import css from "./ui.module.css";

const signs: Readonly<Record<string, string>> = {
  boolean: "±", integer: "12", real: "1.2", decimal: "1.0", string: "Aa", date: "31", time: "12h", timestamp: "31h", timestamptz: "31z",
};

/** The bare name of a type: decimal of decimal(18,3). */
export function bareType(type: string): string {
  return type.replace(/\(.*$/, "");
}

/** A column's type as a small sign. */
export function TypeMark({ type }: { readonly type: string }) {
  return (
    <span className={css.type} title={type} aria-hidden>
      {signs[bareType(type)] ?? "?"}
    </span>
  );
}
