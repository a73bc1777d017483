import { linkOf } from "./links";
import type { Workflow } from "./model";

/** What is selected on the canvas. The last of the nodes is the one whose settings show. */
export interface Selection {
  readonly nodes: readonly string[];
  /** Output whose data show; empty: the first. */
  readonly port: string;
  /** A link, by its id; then no node is selected. */
  readonly link?: string;
}

export const nothing: Selection = { nodes: [], port: "" };

export function selectOnly(id: string, port = ""): Selection {
  return { nodes: [id], port };
}

export function selectLink(link: string): Selection {
  return { nodes: [], port: "", link };
}

export function toggle(s: Selection, id: string): Selection {
  const without = s.nodes.filter((n) => n !== id);
  return { nodes: without.length < s.nodes.length ? without : [...s.nodes, id], port: "" };
}

export function selectAll(w: Workflow): Selection {
  return { nodes: w.nodes.map((n) => n.id), port: "" };
}

/** The selection without what is no longer there; the same object when nothing went. */
export function keepThere(s: Selection, w: Workflow | undefined): Selection {
  if (s.link !== undefined) return w && linkOf(w, s.link) ? s : nothing;
  const there = new Set(w?.nodes.map((n) => n.id));
  const nodes = s.nodes.filter((id) => there.has(id));
  return nodes.length === s.nodes.length ? s : { nodes, port: "" };
}

export function current(s: Selection): string | undefined {
  return s.nodes[s.nodes.length - 1];
}
