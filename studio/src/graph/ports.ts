import { type Components, componentOf, portOf } from "./catalogue";
import type { Workflow } from "./model";
import { downstream, type Edge } from "./query";

/** Why two ports can't be linked; "ok" when they can. */
export type Verdict = "ok" | "self" | "cycle" | "type" | "unknown";

/** Whether a link may be drawn. A link that stands at the input is replaced, so that is no reason. */
export function canConnect(w: Workflow, components: Components, e: Edge): Verdict {
  if (e.source === e.target) return "self";
  const source = w.nodes.find((n) => n.id === e.source);
  const target = w.nodes.find((n) => n.id === e.target);
  if (!source || !target) return "unknown";
  const from = componentOf(components, source.component);
  const to = componentOf(components, target.component);
  if (!from || !to) return "unknown";
  const out = portOf(from.outputs, e.sourcePort);
  const into = portOf(to.inputs, e.targetPort);
  if (!out || !into) return "unknown";
  if ((out.type ?? "table") !== (into.type ?? "table")) return "type";
  return downstream(w, [e.target]).has(e.source) ? "cycle" : "ok";
}

/** The first input of a node that is free and takes what the output gives; undefined when there is none. */
export function freeInput(w: Workflow, components: Components, from: { node: string; port: string }, target: string): string | undefined {
  const node = w.nodes.find((n) => n.id === target);
  const spec = node && componentOf(components, node.component);
  if (!node || !spec) return undefined;
  const taken = new Set(node.inputs.map((l) => portOf(spec.inputs, l.port)?.name));
  return spec.inputs.find(
    (p) => !taken.has(p.name) &&
      canConnect(w, components, { source: from.node, sourcePort: from.port, target, targetPort: p.name }) === "ok",
  )?.name;
}

/** Required inputs of a node without a link. */
export function openInputs(w: Workflow, components: Components, id: string): string[] {
  const node = w.nodes.find((n) => n.id === id);
  const spec = node && componentOf(components, node.component);
  if (!node || !spec) return [];
  const taken = new Set(node.inputs.map((l) => portOf(spec.inputs, l.port)?.name));
  return spec.inputs.filter((p) => !p.optional && !taken.has(p.name)).map((p) => p.name);
}
