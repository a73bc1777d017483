import type { GraphNode, Workflow } from "./model";

// Questions to a workflow's graph.

export interface Edge {
  readonly source: string;
  readonly sourcePort: string;
  readonly target: string;
  readonly targetPort: string;
}

/** The links between nodes that are there, in the file's order. */
export function edges(w: Workflow): Edge[] {
  const there = new Set(w.nodes.map((n) => n.id));
  return w.nodes.flatMap((n) =>
    n.inputs
      .filter((l) => there.has(l.from.node))
      .map((l) => ({ source: l.from.node, sourcePort: l.from.port, target: n.id, targetPort: l.port })),
  );
}

/** All nodes that the given ones take from, themselves left out. */
export function upstream(w: Workflow, ids: Iterable<string>): Set<string> {
  const byID = new Map(w.nodes.map((n) => [n.id, n]));
  return walk(ids, (id) => (byID.get(id)?.inputs ?? []).map((l) => l.from.node).filter((f) => byID.has(f)));
}

/** All nodes that take from the given ones, themselves left out. */
export function downstream(w: Workflow, ids: Iterable<string>): Set<string> {
  const next = new Map<string, string[]>();
  for (const e of edges(w)) next.set(e.source, [...(next.get(e.source) ?? []), e.target]);
  return walk(ids, (id) => next.get(id) ?? []);
}

function walk(from: Iterable<string>, next: (id: string) => readonly string[]): Set<string> {
  const start = new Set(from);
  const seen = new Set<string>();
  const todo = [...start];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const n of next(id)) {
      if (seen.has(n) || start.has(n)) continue;
      seen.add(n);
      todo.push(n);
    }
  }
  return seen;
}

/** Nodes so that each comes after those it takes from; in the file's order where free. Cycles come last. */
export function inOrder(w: Workflow): GraphNode[] {
  const byID = new Map(w.nodes.map((n) => [n.id, n]));
  const waits = new Map(w.nodes.map((n) => [n.id, new Set(n.inputs.map((l) => l.from.node).filter((f) => byID.has(f)))]));
  const next = new Map<string, string[]>();
  for (const e of edges(w)) next.set(e.source, [...(next.get(e.source) ?? []), e.target]);
  const ready = w.nodes.filter((n) => waits.get(n.id)?.size === 0);
  const done: GraphNode[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < ready.length; i++) {
    const n = ready[i] as GraphNode;
    done.push(n);
    seen.add(n.id);
    for (const id of next.get(n.id) ?? []) {
      const left = waits.get(id);
      if (!left?.delete(n.id) || left.size > 0) continue;
      ready.push(byID.get(id) as GraphNode);
    }
  }
  return [...done, ...w.nodes.filter((n) => !seen.has(n.id))];
}

/** Nodes whose label, id or component has the words. */
export function findNodes(w: Workflow, words: string): GraphNode[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  return w.nodes.filter((n) => {
    const all = `${n.label} ${n.id} ${n.component}`.toLowerCase();
    return parts.every((p) => all.includes(p));
  });
}
