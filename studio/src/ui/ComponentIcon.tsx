import { useMemo } from "react";
import { family } from "../graph/catalogue";
import css from "./ui.module.css";

const known = new Set(["input", "rows", "columns", "tables", "output"]);

/** The colour of a component's family. */
export function familyColor(component: string): string {
  const f = family(component);
  return `var(--w-f-${known.has(f) ? f : "other"})`;
}

const unknown =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"><path d="M9 9.5a3 3 0 1 1 4.2 2.7c-.9.4-1.2 1-1.2 1.8M12 17.5v.1"/></svg>';

interface Props {
  readonly component: string;
  readonly svg: string;
  readonly size?: number;
}

/** A component's icon on a tile in its family's colour. The SVG is shown as an image, so that nothing in it runs. */
export function ComponentIcon({ component, svg, size = 32 }: Props) {
  const mask = useMemo(() => `url("data:image/svg+xml,${encodeURIComponent(svg || unknown)}")`, [svg]);
  const color = familyColor(component);
  return (
    <span className={css.tile} style={{ width: size, height: size, color }} aria-hidden>
      <span style={{ width: size * 0.62, height: size * 0.62, maskImage: mask, WebkitMaskImage: mask }} />
    </span>
  );
}
