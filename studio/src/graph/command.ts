import type { Json, JsonMap } from "./json";
import { type GraphNode, type Point, spellRef } from "./model";

// Commands are what people want; they cross the wire as this JSON, the
// journal's. Only the Server interprets them: predict.ts guesses their effect
// for the moment until its answer.

/** A node as commands carry it: the file's keys, and its position as `at`. */
export type NodeJson = JsonMap;

type At = readonly [number, number];

export type Command =
  | { readonly kind: "add_node"; readonly workflow: string; readonly id: string; readonly node: NodeJson; readonly before?: string }
  | { readonly kind: "remove_nodes"; readonly workflow: string; readonly nodes: readonly string[] }
  | { readonly kind: "move_nodes"; readonly workflow: string; readonly places: Readonly<Record<string, At | null>> }
  | { readonly kind: "rename"; readonly workflow?: string; readonly node?: string; readonly label?: string }
  | { readonly kind: "set_note"; readonly workflow?: string; readonly node?: string; readonly note?: string }
  | { readonly kind: "set_keep"; readonly workflow: string; readonly node: string; readonly keep?: boolean }
  | { readonly kind: "connect"; readonly workflow: string; readonly node: string; readonly port?: string; readonly from: string }
  | { readonly kind: "disconnect"; readonly workflow: string; readonly node: string; readonly port?: string }
  | {
      readonly kind: "set_setting";
      readonly workflow: string;
      readonly node: string;
      readonly path: string;
      readonly value?: Json;
      readonly unset?: boolean;
      readonly insert?: boolean;
      readonly before?: string;
    }
  | { readonly kind: "set_settings"; readonly workflow: string; readonly node: string; readonly settings: JsonMap }
  | { readonly kind: "paste"; readonly workflow: string; readonly nodes: Readonly<Record<string, NodeJson>>; readonly shift: At }
  | { readonly kind: "set_memo"; readonly workflow: string; readonly id: string; readonly memo: JsonMap; readonly new?: boolean }
  | { readonly kind: "remove_memo"; readonly workflow: string; readonly id: string }
  | { readonly kind: "set_variable"; readonly id: string; readonly variable: JsonMap; readonly new?: boolean }
  | { readonly kind: "batch"; readonly commands: readonly Command[] };

/** A whole number of pixels, as the document holds positions. */
export function pixels(p: Point): At {
  return [Math.round(p.x), Math.round(p.y)];
}

/** A node as commands and the clipboard carry it. What is empty is left out. */
export function nodeJson(n: GraphNode, at?: Point): NodeJson {
  const first = n.inputs.find((l) => l.port === "");
  const named = n.inputs.filter((l) => l.port !== "");
  return {
    component: n.component,
    ...(n.label !== "" && { label: n.label }),
    ...(n.note !== "" && { note: n.note }),
    ...(n.keep && { keep: true }),
    ...(first && { input: spellRef(first.from) }),
    ...(named.length > 0 && { inputs: Object.fromEntries(named.map((l) => [l.port, spellRef(l.from)])) }),
    ...(Object.keys(n.settings).length > 0 && { settings: n.settings }),
    ...(at && { at: pixels(at) }),
  };
}
