import css from "./ui.module.css";

interface Props {
  readonly label: string;
  /** Which way the panel lies from the splitter. */
  readonly panel: "left" | "right" | "below";
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly onSize: (size: number) => void;
}

/** The edge of a panel: it is dragged, or moved by the arrow keys. */
export function Splitter({ label, panel, size, min, max, onSize }: Props) {
  const upright = panel !== "below";
  const clamp = (n: number) => onSize(Math.round(Math.min(max, Math.max(min, n))));
  const sign = panel === "left" ? 1 : -1;

  const drag = (e: React.PointerEvent<HTMLDivElement>) => {
    if (e.button !== 0) return;
    e.preventDefault();
    const handle = e.currentTarget;
    const start = upright ? e.clientX : e.clientY;
    handle.setPointerCapture(e.pointerId);
    const move = (m: PointerEvent) => clamp(size + sign * ((upright ? m.clientX : m.clientY) - start));
    const end = () => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  };

  const key = (e: React.KeyboardEvent) => {
    const by = { ArrowLeft: upright ? -16 : 0, ArrowRight: upright ? 16 : 0, ArrowUp: upright ? 0 : -16, ArrowDown: upright ? 0 : 16 }[e.key];
    if (!by) return;
    e.preventDefault();
    clamp(size + sign * by);
  };

  return (
    // A separator that can be moved is a control by ARIA's rules.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={upright ? css.splitterUpright : css.splitterFlat}
      role="separator"
      aria-orientation={upright ? "vertical" : "horizontal"}
      aria-label={label}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={key}
    />
  );
}
