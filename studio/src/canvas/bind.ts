import type { Edge as FlowEdge, Node as FlowNode } from "@xyflow/react";
import { type Components, componentOf, type ComponentSpec, portOf } from "../graph/catalogue";
import { nodeSize } from "../graph/layout";
import type { GraphNode, Memo, Point, Workflow } from "../graph/model";
import { linkID } from "../graph/links";
import { edges } from "../graph/query";
import type { Presence } from "../api/backend";
import type { NodeStatus } from "../app/states";
import { visible } from "../ui/visible";

// The graph as React Flow wants it. Objects that say the same stay the same,
// so that one change draws one node.

export interface CardData extends Record<string, unknown> {
  readonly node: GraphNode;
  readonly spec: ComponentSpec | undefined;
  readonly status: NodeStatus;
  /** Outputs, by name, that something reads. */
  readonly used: string;
  readonly renaming: boolean;
  /** Names of others who have it selected, a line each. */
  readonly others: string;
}

export interface MemoData extends Record<string, unknown> {
  readonly memo: Memo;
}

export type Card = FlowNode<CardData, "card">;
export type MemoBox = FlowNode<MemoData, "memo">;
export type CanvasNode = Card | MemoBox;
export type CanvasEdge = FlowEdge<{ tone: "plain" | "chosen" | "running" }>;

export const memoPrefix = "memo:";

export interface Scene {
  readonly workflow: Workflow;
  readonly places: ReadonlyMap<string, Point>;
  readonly components: Components;
  readonly statuses: ReadonlyMap<string, NodeStatus>;
  readonly selected: readonly string[];
  readonly renaming: string;
  /** Where nodes are that are being dragged just now. */
  readonly dragged: ReadonlyMap<string, Point>;
  /** Sizes as they were measured. */
  readonly measured: ReadonlyMap<string, { width: number; height: number }>;
  /** What the selected nodes are made from. */
  readonly along: ReadonlySet<string>;
  /** By node, names of others who have it selected, a line each. */
  readonly others: ReadonlyMap<string, string>;
  /** The selected link. */
  readonly link: string | undefined;
  readonly words: SceneWords;
}

/** What is said of nodes and links to those who hear the screen. */
export interface SceneWords {
  readonly node: string;
  readonly link: string;
  between(from: string, to: string): string;
}

/** The node that takes part in the order of Tab: the current one, else that where reading begins. */
export function tabStop(s: Pick<Scene, "workflow" | "places" | "selected">): string | undefined {
  const current = s.selected[s.selected.length - 1];
  if (current !== undefined) return current;
  let first: { id: string; at: Point } | undefined;
  for (const n of s.workflow.nodes) {
    const at = s.places.get(n.id) ?? { x: 0, y: 0 };
    if (!first || at.x < first.at.x || (at.x === first.at.x && at.y < first.at.y)) first = { id: n.id, at };
  }
  return first?.id;
}

const ready: NodeStatus = { state: "ready" };

/** Makes React Flow's nodes and edges, and keeps those that did not change. */
export class Binder {
  private nodes = new Map<string, CanvasNode>();
  private links = new Map<string, CanvasEdge>();

  bindNodes(s: Scene): CanvasNode[] {
    const used = usedOutputs(s);
    const selected = new Set(s.selected);
    const stop = tabStop(s);
    const next = new Map<string, CanvasNode>();
    for (const m of s.workflow.memos) next.set(memoPrefix + m.id, this.keepNode(memoNode(m, s)));
    for (const n of s.workflow.nodes) {
      next.set(n.id, this.keepNode({
        id: n.id,
        type: "card",
        ariaLabel: visible(n.label || n.id),
        position: s.dragged.get(n.id) ?? s.places.get(n.id) ?? { x: 0, y: 0 },
        initialWidth: nodeSize.width,
        initialHeight: nodeSize.height,
        measured: s.measured.get(n.id),
        selected: selected.has(n.id),
        domAttributes: { tabIndex: n.id === stop ? 0 : -1, "aria-roledescription": s.words.node },
        data: { node: n, spec: componentOf(s.components, n.component), status: s.statuses.get(n.id) ?? ready, used: used.get(n.id) ?? "", renaming: s.renaming === n.id, others: s.others.get(n.id) ?? "" },
      }));
    }
    this.nodes = next;
    return [...next.values()];
  }

  private keepNode(n: CanvasNode): CanvasNode {
    const old = this.nodes.get(n.id);
    if (old && old.selected === n.selected && old.measured === n.measured && old.position.x === n.position.x && old.position.y === n.position.y && sameFields(old.data, n.data) && sameDom(old, n)) return old;
    return n;
  }

  bindEdges(s: Scene): CanvasEdge[] {
    const byID = new Map(s.workflow.nodes.map((n) => [n.id, n]));
    const chosen = new Set([...s.selected, ...s.along]);
    const stop = tabStop(s);
    const labelOf = (id: string) => visible(byID.get(id)?.label || id);
    const next = new Map<string, CanvasEdge>();
    for (const e of edges(s.workflow)) {
      const source = componentOf(s.components, byID.get(e.source)?.component ?? "");
      const target = componentOf(s.components, byID.get(e.target)?.component ?? "");
      const running = s.statuses.get(e.target)?.state === "running";
      const tone = running ? "running" : s.selected.length > 0 && chosen.has(e.source) && chosen.has(e.target) ? "chosen" : "plain";
      const id = linkID(e);
      const edge: CanvasEdge = {
        id,
        selected: id === s.link,
        ariaRole: "group",
        ariaLabel: s.words.between(labelOf(e.source), labelOf(e.target)),
        // From a node, Tab leads to its links, not to those of all others.
        domAttributes: { tabIndex: e.source === stop || e.target === stop || id === s.link ? 0 : -1, "aria-roledescription": s.words.link },
        source: e.source,
        target: e.target,
        sourceHandle: source ? (portOf(source.outputs, e.sourcePort)?.name ?? null) : null,
        targetHandle: target ? (portOf(target.inputs, e.targetPort)?.name ?? null) : null,
        data: { tone },
        type: "thread",
      };
      const old = this.links.get(edge.id);
      next.set(edge.id, old && old.source === edge.source && old.sourceHandle === edge.sourceHandle && old.targetHandle === edge.targetHandle && old.data?.tone === tone && old.selected === edge.selected && old.ariaLabel === edge.ariaLabel && sameDom(old, edge) ? old : edge);
    }
    this.links = next;
    return [...next.values()];
  }
}

function memoNode(memo: Memo, s: Scene): MemoBox {
  const id = memoPrefix + memo.id;
  return {
    id, type: "memo", position: s.dragged.get(id) ?? memo.at, measured: s.measured.get(id), selectable: false, zIndex: -1, focusable: false,
    initialWidth: memo.size?.x ?? 220, initialHeight: memo.size?.y ?? 60, data: { memo },
  };
}

function usedOutputs(s: Scene): Map<string, string> {
  const byID = new Map(s.workflow.nodes.map((n) => [n.id, n]));
  const used = new Map<string, string>();
  for (const e of edges(s.workflow)) {
    const spec = componentOf(s.components, byID.get(e.source)?.component ?? "");
    const name = spec && portOf(spec.outputs, e.sourcePort)?.name;
    if (name !== undefined) used.set(e.source, `${used.get(e.source) ?? " "}${name} `);
  }
  return used;
}

type Dom = { readonly domAttributes?: { readonly tabIndex?: number; readonly "aria-roledescription"?: string } };

function sameDom(a: Dom, b: Dom): boolean {
  return a.domAttributes?.tabIndex === b.domAttributes?.tabIndex && a.domAttributes?.["aria-roledescription"] === b.domAttributes?.["aria-roledescription"];
}

function sameFields(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  return Object.keys(b).every((k) => a[k] === b[k] || (k === "status" && sameStatus(a[k] as NodeStatus, b[k] as NodeStatus)));
}

function sameStatus(a: NodeStatus, b: NodeStatus): boolean {
  return a.state === b.state && a.rows === b.rows && a.percent === b.percent && a.problem === b.problem && a.unpublished === b.unpublished;
}

/** Who is at which node, as one text a node, so that the same people are the same text. */
export function peopleByNode(others: Iterable<Presence>, workflow: string): ReadonlyMap<string, string> {
  const names = new Map<string, Set<string>>();
  for (const p of others) {
    if ((p.workflow || "main") !== workflow) continue;
    for (const id of p.nodes) names.set(id, (names.get(id) ?? new Set()).add(p.name));
  }
  return new Map([...names].map(([id, all]) => [id, [...all].sort().join("\n")]));
}
