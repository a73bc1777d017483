import { type Command, nodeJson, type NodeJson, pixels } from "./command";
import { parseJson, spellJson } from "./digits";
import { isMap, type Json, own } from "./json";
import { bounds } from "./hit";
import type { Point, Workflow } from "./model";

// Nodes as text, so that they pass between packages and tabs, and through a
// message to a colleague.

interface Clip {
  readonly nodes: Readonly<Record<string, NodeJson>>;
  /** Top left corner of the nodes. */
  readonly at: Point;
}

const format = "weft/nodes@1";

/** The nodes as text; empty when there are none. */
export function copyNodes(w: Workflow, places: ReadonlyMap<string, Point>, ids: Iterable<string>): string {
  const chosen = new Set(ids);
  const nodes = w.nodes.filter((n) => chosen.has(n.id));
  const corner = bounds(nodes.map((n) => places.get(n.id) ?? { x: 0, y: 0 }));
  if (!corner) return "";
  const out = Object.fromEntries(nodes.map((n) => [n.id, nodeJson(n, places.get(n.id))]));
  return spellJson({ format, at: pixels(corner), nodes: out }, " ");
}

/** Reads what copyNodes wrote; null for any other text. */
export function readClip(text: string): Clip | null {
  let v: Json;
  try {
    v = parseJson(text);
  } catch {
    return null;
  }
  if (!isMap(v) || own(v, "format") !== format) return null;
  const nodes = own(v, "nodes");
  const at = own(v, "at");
  if (!isMap(nodes) || !Array.isArray(at)) return null;
  const [x, y] = at as readonly Json[];
  const entries = Object.entries(nodes);
  if (typeof x !== "number" || typeof y !== "number" || entries.length === 0) return null;
  if (!entries.every(([id, n]) => /^[a-z][a-z0-9_]*$/.test(id) && isMap(n) && typeof own(n, "component") === "string")) return null;
  return { nodes: nodes as Readonly<Record<string, NodeJson>>, at: { x, y } };
}

/** The command that pastes a text with its corner at a place; null for what is no text of nodes. */
export function pasteCommand(text: string, workflow: string, at: Point): Extract<Command, { kind: "paste" }> | null {
  const clip = readClip(text);
  if (!clip) return null;
  return { kind: "paste", workflow, nodes: clip.nodes, shift: pixels({ x: at.x - clip.at.x, y: at.y - clip.at.y }) };
}
