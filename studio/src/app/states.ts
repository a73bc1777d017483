import type { Problem, RunStep } from "../api/backend";
import { type Components, componentOf, type FieldSpec } from "../graph/catalogue";
import { type JsonMap, own, sameJson } from "../graph/json";
import type { GraphNode, Workflow } from "../graph/model";
import { openInputs } from "../graph/ports";
import { upstream } from "../graph/query";
import type { NodeState } from "../ui/StateMark";

/** What a node shows of itself. */
export interface NodeStatus {
  readonly state: NodeState;
  /** Rows of the last run; undefined: unknown. */
  readonly rows?: number;
  /** 0 to 100 while it runs; undefined: unknown. */
  readonly percent?: number;
  /** The first problem's text. */
  readonly problem?: string;
  /** Why a service that it gives the answer of, or is needed for, is not published. */
  readonly unpublished?: string;
}

/** What the last run told, and the workflow as it was when the run began. */
export interface RunView {
  readonly workflow: Workflow;
  readonly steps: ReadonlyMap<string, RunStep>;
  /** Why it failed. */
  readonly problems?: readonly Problem[];
}

/** The state of each node, from what is wrong with it, what is missing, and the last run. */
export function nodeStatuses(w: Workflow, components: Components, problems: readonly Problem[], run: RunView | null, unpublished: readonly Problem[] = []): ReadonlyMap<string, NodeStatus> {
  const told = firstByNode(w, problems);
  const kept = firstByNode(w, unpublished);
  const met = new Map((run?.problems ?? []).map((p) => [p.place.node, p.text]));
  const old = new Map(run?.workflow.nodes.map((n) => [n.id, n]));
  const changed = w.nodes.filter((n) => !sameWork(n, old.get(n.id))).map((n) => n.id);
  const dirty = new Set(changed);
  return new Map(w.nodes.map((n) => {
    const stale = dirty.has(n.id) || [...upstream(w, [n.id])].some((u) => dirty.has(u));
    const step = run?.steps.get(n.id);
    const blamed = step?.nodes.some((id) => met.has(id));
    const now = status(w, components, n, told.get(n.id), step, stale, met.get(n.id), blamed);
    const why = kept.get(n.id);
    return [n.id, why === undefined ? now : { ...now, unpublished: why }];
  }));
}

/** The first problem's text of each node of a workflow. */
function firstByNode(w: Workflow, problems: readonly Problem[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const p of problems) {
    if ((p.place.workflow || "main") === w.id && p.place.node !== "" && !first.has(p.place.node)) first.set(p.place.node, p.text);
  }
  return first;
}

/** Whether a node computes the same now as it did in an earlier state of the workflow. */
export function isFresh(now: Workflow, then: Workflow, id: string): boolean {
  if (now === then) return true;
  const old = new Map(then.nodes.map((n) => [n.id, n]));
  const all = new Set([id, ...upstream(now, [id])]);
  return now.nodes.every((n) => !all.has(n.id) || sameWork(n, old.get(n.id)));
}

function status(w: Workflow, components: Components, n: GraphNode, problem: string | undefined, step: RunStep | undefined, stale: boolean, met?: string, blamed = false): NodeStatus {
  if (isIncomplete(w, components, n)) return { state: "incomplete", problem };
  if (problem !== undefined) return { state: "failed", problem };
  if (met !== undefined && !stale) return { state: "failed", problem: met };
  switch (step?.state) {
    case "running":
      return { state: "running", percent: step.percent };
    case "failed":
      // The nodes of a step are one query: where it is known which of them failed, the others did not.
      return { state: stale || blamed ? "ready" : "failed" };
    case "done":
      return stale ? { state: "stale" } : { state: "done", rows: step.rows };
    default:
      return { state: "ready" };
  }
}

function isIncomplete(w: Workflow, components: Components, n: GraphNode): boolean {
  const spec = componentOf(components, n.component);
  return !spec || openInputs(w, components, n.id).length > 0 || missing(spec.settings, n.settings).length > 0;
}

/** Keys of required settings that are not given. */
export function missing(fields: readonly FieldSpec[], settings: JsonMap): string[] {
  return fields.filter((f) => f.required && f.key !== undefined && isBlank(settings, f.key)).map((f) => f.key ?? "");
}

function isBlank(settings: JsonMap, key: string): boolean {
  const v = own(settings, key);
  return v === undefined || v === null || v === "" || (Array.isArray(v) && v.length === 0);
}

/** Whether two nodes compute the same; labels and notes play no part. */
function sameWork(a: GraphNode, b: GraphNode | undefined): boolean {
  return a === b || (b !== undefined && a.component === b.component && sameJson(a.settings, b.settings) && sameLinks(a, b));
}

function sameLinks(a: GraphNode, b: GraphNode): boolean {
  return a.inputs.length === b.inputs.length &&
    a.inputs.every((l, i) => {
      const m = b.inputs[i];
      return m !== undefined && l.port === m.port && l.from.node === m.from.node && l.from.port === m.from.port;
    });
}
