import type { CanvasControls } from "./commands";

// The parts of the screen, for those who go from one to the next by a key.

const focusable = "a[href], button:not(:disabled), input:not(:disabled):not([hidden]), textarea:not(:disabled), [contenteditable=true], [tabindex='0']";

/** Brings the keyboard to the next part of the screen, or to the one before. */
export function goToPart(by: 1 | -1, canvas: CanvasControls | null): void {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-part]")];
  const here = parts.findIndex((p) => p.contains(document.activeElement));
  const n = parts.length;
  const start = here < 0 ? (by > 0 ? -1 : 0) : here;
  for (let i = 1; i <= n; i++) {
    const part = parts[(start + by * i + 2 * n) % n];
    if (part && enter(part, canvas)) return;
  }
}

/** What takes the keyboard in a part: what is chosen in it, else the first that can. */
function enter(part: HTMLElement, canvas: CanvasControls | null): boolean {
  if (part.dataset["part"] === "canvas") {
    canvas?.focus();
    return canvas !== null;
  }
  const first = part.querySelector<HTMLElement>("[role=tab][aria-selected=true]") ?? part.querySelector<HTMLElement>("[data-first]") ?? part.querySelector<HTMLElement>(focusable);
  first?.focus();
  return first !== null;
}
