import type { Studio } from "../app/studio";
import { shownPlaces } from "../app/studio";
import { type Direction, neighbour } from "../graph/hit";
import { selectLink, selectOnly, toggle } from "../graph/selection";

// The canvas by keys. Of all nodes one takes part in the order of Tab; the
// arrows go from it to its neighbours.

const directions: Readonly<Record<string, Direction | undefined>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** The node or link that has the keyboard; what is in it, as a field, has keys of its own. */
export function held(target: EventTarget): { readonly node?: string; readonly link?: string } {
  if (!(target instanceof Element)) return {};
  const id = target.getAttribute("data-id") ?? undefined;
  if (target.classList.contains("react-flow__node")) return { node: id };
  return target.classList.contains("react-flow__edge") ? { link: id } : {};
}

/** Does what a key means on the canvas; whether it meant something. `show` brings a node into view, and the keyboard to it. */
export function pressed(e: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">, target: EventTarget, studio: Studio, show: (id: string) => void): boolean {
  const { node, link } = held(target);
  if (e.altKey || e.shiftKey) return false;
  const many = e.ctrlKey || e.metaKey;
  if (e.key === "Enter" || e.key === " ") {
    if (link !== undefined) studio.select(selectLink(link));
    else if (node !== undefined) studio.select(many ? toggle(studio.state.selection, node) : selectOnly(node));
    return link !== undefined || node !== undefined;
  }
  const to = directions[e.key];
  if (many || !to || node === undefined) return false;
  const next = neighbour(shownPlaces(studio.state), node, to);
  if (next !== undefined) {
    studio.selectOnly(next);
    show(next);
  }
  return true;
}

/** Gives the keyboard to a node, as soon as it is drawn. */
export function focusNode(id: string, tries = 30): void {
  const card = document.querySelector<HTMLElement>(`[data-canvas] .react-flow__node[data-id="${CSS.escape(id)}"]`);
  if (card && card.style.visibility !== "hidden") card.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusNode(id, tries - 1));
}
