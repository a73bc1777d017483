import css from "./ui.module.css";

const hues = 8;

/** A colour of a person, the same for the same name everywhere. */
export function personColor(name: string): string {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) >>> 0;
  return `var(--w-p-${sum % hues})`;
}

/** A person as a letter in their colour. */
export function Avatar({ name, size = 26 }: { readonly name: string; readonly size?: number }) {
  const letter = [...name][0]?.toUpperCase() ?? "?";
  return <span className={css.avatar} style={{ width: size, height: size, fontSize: size * 0.46, background: personColor(name) }} aria-hidden>{letter}</span>;
}
