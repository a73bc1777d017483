import { nodeSize, snap } from "./layout";
import type { Point } from "./model";

// Where things are on the canvas.

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function nodeRect(at: Point): Rect {
  return { ...at, ...nodeSize };
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The smallest rectangle around nodes; null for none. */
export function bounds(places: Iterable<Point>): Rect | null {
  const all = [...places];
  if (all.length === 0) return null;
  const x = Math.min(...all.map((p) => p.x));
  const y = Math.min(...all.map((p) => p.y));
  const right = Math.max(...all.map((p) => p.x)) + nodeSize.width;
  const bottom = Math.max(...all.map((p) => p.y)) + nodeSize.height;
  return { x, y, width: right - x, height: bottom - y };
}

/**
 * Where the canvas opens, as a shift and a zoom: on everything where that is
 * readable at the zoom, else on the first node, which is the leftmost, with as
 * much of the rest as there is room for.
 */
export function opening(places: readonly Point[], room: { readonly width: number; readonly height: number }, readable: number, margin = 40): Point & { zoom: number } {
  const box = bounds(places) ?? { x: 0, y: 0, width: 0, height: 0 };
  const zoom = Math.min(1, Math.max(readable, Math.min((room.width - 2 * margin) / box.width, (room.height - 2 * margin) / box.height)));
  const first = places.reduce((a, b) => (b.x < a.x || (b.x === a.x && b.y < a.y) ? b : a), places[0] ?? box);
  const shift = (from: number, size: number, space: number, middle: number) => {
    const spare = space - size * zoom;
    if (spare >= 2 * margin) return spare / 2 - from * zoom;
    return Math.max(spare - margin, Math.min(margin, space / 2 - (middle - from) * zoom)) - from * zoom;
  };
  return {
    x: shift(box.x, box.width, room.width, first.x + nodeSize.width / 2),
    y: shift(box.y, box.height, room.height, first.y + nodeSize.height / 2),
    zoom,
  };
}

/** Nodes that a rectangle touches. */
export function nodesIn(places: ReadonlyMap<string, Point>, r: Rect): string[] {
  return [...places].filter(([, at]) => overlaps(nodeRect(at), r)).map(([id]) => id);
}

/** A place near the wanted one where a node covers no other: down, then further right. */
export function freeSpot(places: Iterable<Point>, wanted: Point): Point {
  const taken = [...places].map(nodeRect);
  const step = { x: nodeSize.width + 44, y: nodeSize.height + 28 };
  const start = snap(wanted);
  for (let column = 0; column < 50; column++) {
    for (let row = 0; row < 8; row++) {
      const at = { x: start.x + column * step.x, y: start.y + row * step.y };
      if (!taken.some((t) => overlaps(t, nodeRect(at)))) return snap(at);
    }
  }
  return start;
}

/** The place of a node that continues another: right of it. */
export function spotAfter(places: ReadonlyMap<string, Point>, id: string): Point {
  const at = places.get(id) ?? { x: 0, y: 0 };
  return freeSpot(places.values(), { x: at.x + nodeSize.width + 44, y: at.y });
}

export type Direction = "left" | "right" | "up" | "down";

/** The nearest node in a direction, for the arrow keys. */
export function neighbour(places: ReadonlyMap<string, Point>, from: string, to: Direction): string | undefined {
  const at = places.get(from);
  if (!at) return undefined;
  let best: string | undefined;
  let least = Infinity;
  for (const [id, p] of places) {
    const dx = p.x - at.x;
    const dy = p.y - at.y;
    const [along, across] = to === "right" ? [dx, dy] : to === "left" ? [-dx, dy] : to === "down" ? [dy, dx] : [-dy, dx];
    if (id === from || along <= 0) continue;
    const far = along + 2 * Math.abs(across);
    if (far < least) [best, least] = [id, far];
  }
  return best;
}
