import { type Components, componentOf, type ComponentSpec, portOf, writtenInput, writtenOutput } from "./catalogue";
import type { Command } from "./command";
import type { GraphNode, Workflow } from "./model";
import { downstream, type Edge, edges, upstream } from "./query";

// Links as they are chosen from a list, by those who do not draw them.

/** A link that may be made. Its ports are spelled as documents do. */
export interface PossibleLink extends Edge {
  /** It takes the place of another at the input. */
  readonly replaces: boolean;
}

/** The id of a link on the screen: an input has but one. */
export function linkID(e: Pick<Edge, "target" | "targetPort">): string {
  return `${e.target}<${e.targetPort}`;
}

/** A link that is there, by its id. */
export function linkOf(w: Workflow, id: string): Edge | undefined {
  return edges(w).find((e) => linkID(e) === id);
}

/** The links at a node that are there. */
export function linksAt(w: Workflow, id: string): readonly Edge[] {
  return edges(w).filter((e) => e.source === id || e.target === id);
}

/** All links that may be made at a node, those that go on from it first. */
export function possibleLinks(w: Workflow, components: Components, id: string): readonly PossibleLink[] {
  const here = w.nodes.find((n) => n.id === id);
  if (!here) return [];
  const before = upstream(w, [id]);
  const after = downstream(w, [id]);
  const others = w.nodes.filter((n) => n.id !== id);
  return [
    ...others.filter((n) => !before.has(n.id)).flatMap((n) => between(components, here, n)),
    ...others.filter((n) => !after.has(n.id)).flatMap((n) => between(components, n, here)),
  ];
}

/** Links from one node to another, by what their ports carry. */
function between(components: Components, from: GraphNode, to: GraphNode): PossibleLink[] {
  const source = componentOf(components, from.component);
  const target = componentOf(components, to.component);
  if (!source || !target) return [];
  return source.outputs.flatMap((out) => target.inputs.filter((into) => (into.type ?? "table") === (out.type ?? "table")).flatMap((into) => {
    const sourcePort = writtenOutput(source, out.name);
    const stands = inputLink(target, to, into.name);
    if (stands?.from.node === from.id && portOf(source.outputs, stands.from.port)?.name === out.name) return [];
    return [{ source: from.id, sourcePort, target: to.id, targetPort: stands?.port ?? writtenInput(target, into.name), replaces: stands !== undefined }];
  }));
}

function inputLink(spec: ComponentSpec, n: GraphNode, port: string) {
  return n.inputs.find((l) => portOf(spec.inputs, l.port)?.name === port);
}

export function connectCommand(workflow: string, e: Edge): Command {
  return { kind: "connect", workflow, node: e.target, ...(e.targetPort !== "" && { port: e.targetPort }), from: e.sourcePort === "" ? e.source : `${e.source}.${e.sourcePort}` };
}

export function disconnectCommand(workflow: string, e: Pick<Edge, "target" | "targetPort">): Command {
  return { kind: "disconnect", workflow, node: e.target, ...(e.targetPort !== "" && { port: e.targetPort }) };
}
