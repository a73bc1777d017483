import { Graph, layout as dagreLayout } from "@dagrejs/dagre";
import type { Point, Workflow } from "./model";
import { edges } from "./query";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A node on the canvas, in pixels at zoom 1. The layout of files counts on its width being under 240. */
export const nodeSize: Size = { width: 196, height: 68 };

const gap = { rank: 44, node: 28 };
/** Positions are whole multiples of this, so that nodes line up by hand too. */
export const grid = 8;

export function snap(p: Point): Point {
  return { x: Math.round(p.x / grid) * grid, y: Math.round(p.y / grid) * grid };
}

/** Places for all nodes by the flow of data, from left to right, the first at the origin. */
export function autoLayout(w: Workflow): Map<string, Point> {
  const g = new Graph({ multigraph: true });
  g.setGraph({ rankdir: "LR", ranksep: gap.rank, nodesep: gap.node, ranker: "network-simplex" });
  g.setDefaultEdgeLabel(() => ({}));
  for (const n of w.nodes) g.setNode(n.id, { ...nodeSize });
  for (const e of edges(w)) g.setEdge(e.source, e.target, {}, `${e.sourcePort}>${e.targetPort}`);
  dagreLayout(g);
  const raw = w.nodes.map((n) => {
    const at = g.node(n.id) as unknown as Point;
    return [n.id, { x: at.x - nodeSize.width / 2, y: at.y - nodeSize.height / 2 }] as const;
  });
  const left = Math.min(...raw.map(([, p]) => p.x));
  const top = Math.min(...raw.map(([, p]) => p.y));
  return new Map(raw.map(([id, p]) => [id, snap({ x: p.x - left, y: p.y - top })]));
}

/** Places for every node: its own where it has one, else by layout below those that have. */
export function completePlaces(w: Workflow, own: ReadonlyMap<string, Point>): Map<string, Point> {
  const missing = w.nodes.filter((n) => !own.has(n.id));
  if (missing.length === 0) return new Map(own);
  const made = autoLayout(w);
  const lowest = Math.max(...[...own.values()].map((p) => p.y + nodeSize.height + gap.node), 0);
  const highest = Math.min(...missing.map((n) => made.get(n.id)?.y ?? 0));
  const out = new Map(own);
  for (const n of missing) {
    const at = made.get(n.id) ?? { x: 0, y: 0 };
    out.set(n.id, own.size === 0 ? at : { x: at.x, y: at.y - highest + lowest });
  }
  return out;
}
