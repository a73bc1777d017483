import { getAt, isList, isMap, type Json, type JsonMap, own } from "./json";

// The typed view of a document's tree. Views are made once for each part of
// the tree and kept by its identity: as long as nothing under a node changed,
// `node(...)` gives the same object, so that selectors stay narrow.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An output port; an empty name is the component's first output. */
export interface Ref {
  readonly node: string;
  readonly port: string;
}

/** The end of a link at the node that consumes; an empty name is its first input. */
export interface Link {
  readonly port: string;
  readonly from: Ref;
}

export interface GraphNode {
  readonly id: string;
  /** As written: rows.filter, or rows.filter@2. */
  readonly component: string;
  readonly label: string;
  readonly note: string;
  readonly keep: boolean;
  readonly inputs: readonly Link[];
  readonly settings: JsonMap;
}

export interface Memo {
  readonly id: string;
  readonly text: string;
  readonly at: Point;
  /** Null: as large as the text. */
  readonly size: Point | null;
}

export interface Workflow {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  readonly nodes: readonly GraphNode[];
  readonly memos: readonly Memo[];
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly default: Json;
  readonly label: string;
}

const none: JsonMap = Object.freeze({});

/** A function of a part of the tree and its id, computed once for each. */
function once<T>(make: (tree: JsonMap, id: string) => T): (tree: JsonMap, id: string) => T {
  const made = new WeakMap<JsonMap, Map<string, T>>();
  return (tree, id) => {
    let byID = made.get(tree);
    if (!byID) made.set(tree, (byID = new Map<string, T>()));
    let view = byID.get(id);
    if (view === undefined) byID.set(id, (view = make(tree, id)));
    return view;
  };
}

function text(v: Json | undefined): string {
  return typeof v === "string" ? v : "";
}

function map(v: Json | undefined): JsonMap {
  return isMap(v) ? v : none;
}

function point(v: Json | undefined): Point | null {
  if (!isList(v) || typeof v[0] !== "number" || typeof v[1] !== "number") return null;
  return { x: v[0], y: v[1] };
}

export function readRef(s: string): Ref {
  const dot = s.indexOf(".");
  return dot < 0 ? { node: s, port: "" } : { node: s.slice(0, dot), port: s.slice(dot + 1) };
}

export function spellRef(r: Ref): string {
  return r.port === "" ? r.node : `${r.node}.${r.port}`;
}

const viewNode = once((t, id): GraphNode => {
  const inputs: Link[] = [];
  const first = own(t, "input");
  if (typeof first === "string") inputs.push({ port: "", from: readRef(first) });
  for (const [port, from] of Object.entries(map(own(t, "inputs")))) inputs.push({ port, from: readRef(text(from)) });
  return {
    id,
    component: text(own(t, "component")),
    label: text(own(t, "label")),
    note: text(own(t, "note")),
    keep: own(t, "keep") === true,
    inputs,
    settings: map(own(t, "settings")),
  };
});

const viewMemo = once(
  (t, id): Memo => ({ id, text: text(own(t, "text")), at: point(own(t, "at")) ?? { x: 0, y: 0 }, size: point(own(t, "size")) }),
);

const viewWorkflow = once((t, id): Workflow => ({
  id,
  label: text(own(t, "label")),
  note: text(own(t, "note")),
  nodes: Object.entries(map(own(t, "nodes"))).map(([k, v]) => viewNode(map(v), k)),
  memos: Object.entries(map(own(t, "memos"))).map(([k, v]) => viewMemo(map(v), k)),
}));

const viewPlaces = once((t): ReadonlyMap<string, Point> => {
  const places = new Map<string, Point>();
  for (const [id, v] of Object.entries(t)) {
    const at = point(v);
    if (at) places.set(id, at);
  }
  return places;
});

const viewVariables = once((t): readonly Variable[] =>
  Object.entries(t).map(([name, v]) => ({
    name,
    type: text(own(map(v), "type")),
    default: own(map(v), "default") ?? null,
    label: text(own(map(v), "label")),
  })),
);

export function packageLabel(tree: Json): string {
  return text(getAt(tree, ["label"]));
}

export function workflowIDs(tree: Json): string[] {
  return Object.keys(map(getAt(tree, ["workflows"])));
}

export function workflow(tree: Json, id: string): Workflow | undefined {
  const t = getAt(tree, ["workflows", id]);
  return isMap(t) ? viewWorkflow(t, id) : undefined;
}

export function node(tree: Json, workflowID: string, id: string): GraphNode | undefined {
  const t = getAt(tree, ["workflows", workflowID, "nodes", id]);
  return isMap(t) ? viewNode(t, id) : undefined;
}

/** Positions of the nodes that have one, in pixels at zoom 1. */
export function places(tree: Json, workflowID: string): ReadonlyMap<string, Point> {
  return viewPlaces(map(getAt(tree, ["layout", workflowID])), workflowID);
}

export function variables(tree: Json): readonly Variable[] {
  return viewVariables(map(getAt(tree, ["variables"])), "");
}

/** The name of the variable that a setting's value stands for: {var: name}. */
export function variableOf(v: Json | undefined): string | undefined {
  if (!isMap(v) || Object.keys(v).length !== 1) return undefined;
  const name = own(v, "var");
  return typeof name === "string" ? name : undefined;
}
