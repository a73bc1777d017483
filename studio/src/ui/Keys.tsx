import css from "./ui.module.css";

/** Keys as they stand in menus. */
export function Keys({ keys }: { readonly keys: string }) {
  return <kbd className={css.keys}>{keys}</kbd>;
}
