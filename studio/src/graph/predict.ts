import { applyPatches, getAt, isList, isMap, type Json, type JsonMap, own, type Patch, withoutKey } from "./json";
import type { Command, NodeJson } from "./command";
import { readRef, workflow } from "./model";
import { readPath, treePath } from "./path";
import { newID } from "./id";

// What a command will probably do, as patches. It is shown until the Server's
// own patches come, which may differ. A command whose effect can't be told,
// or that no longer fits, predicts nothing: it just shows nothing yet.

export function predict(tree: Json, c: Command): Patch[] {
  switch (c.kind) {
    case "batch": {
      const all: Patch[] = [];
      let now = tree;
      for (const part of c.commands) {
        const patches = predict(now, part);
        now = applyPatches(now, patches);
        all.push(...patches);
      }
      return all;
    }
    case "add_node":
      return getAt(tree, nodePath(c.workflow, c.id)) === undefined ? putNode(tree, c.workflow, c.id, c.node, c.before) : [];
    case "remove_nodes":
      return removeNodes(tree, c.workflow, c.nodes);
    case "move_nodes":
      return moveNodes(tree, c.workflow, c.places);
    case "rename":
      return setWord(tree, c.workflow, c.node, "label", c.label ?? "");
    case "set_note":
      return setWord(tree, c.workflow, c.node, "note", c.note ?? "");
    case "set_keep":
      return setOrRemove(tree, [...nodePath(c.workflow, c.node), "keep"], c.keep === true ? true : undefined);
    case "connect":
      return connect(tree, c.workflow, c.node, c.port ?? "", c.from);
    case "disconnect":
      return disconnect(tree, c.workflow, c.node, c.port ?? "");
    case "set_setting":
      return setSetting(tree, c);
    case "set_settings": {
      const empty = Object.keys(c.settings).length === 0;
      return setOrRemove(tree, [...nodePath(c.workflow, c.node), "settings"], empty ? undefined : c.settings);
    }
    case "paste":
      return paste(tree, c.workflow, c.nodes, c.shift);
    case "set_memo":
      return withParents(tree, ["workflows", c.workflow, "memos", c.id], c.memo);
    case "remove_memo":
      return setOrRemove(tree, ["workflows", c.workflow, "memos", c.id], undefined);
    case "set_variable":
      return withParents(tree, ["variables", c.id], c.variable);
  }
}

function nodePath(workflowID: string, id: string): string[] {
  return ["workflows", workflowID, "nodes", id];
}

/** Sets a key of a map that is there, or removes it. */
function setOrRemove(tree: Json, path: string[], value: Json | undefined): Patch[] {
  if (!isMap(getAt(tree, path.slice(0, -1)))) return [];
  if (value !== undefined) return [{ path, op: "set", value }];
  return getAt(tree, path) === undefined ? [] : [{ path, op: "remove" }];
}

/** Sets a value, and makes the maps above it that are missing. */
function withParents(tree: Json, path: string[], value: Json, before?: string): Patch[] {
  for (let n = 1; n < path.length; n++) {
    const above = getAt(tree, path.slice(0, n));
    if (isMap(above)) continue;
    if (above !== undefined) return [];
    const inner = path.slice(n).reduceRight<Json>((v, key) => ({ [key]: v }), value);
    return [{ path: path.slice(0, n), op: "set", value: inner }];
  }
  return [{ path, op: "set", value, before }];
}

function setWord(tree: Json, workflowID: string | undefined, node: string | undefined, key: string, value: string): Patch[] {
  const at = !workflowID ? [] : !node ? ["workflows", workflowID] : nodePath(workflowID, node);
  return setOrRemove(tree, [...at, key], value === "" ? undefined : value);
}

function putNode(tree: Json, workflowID: string, id: string, json: NodeJson, before?: string): Patch[] {
  if (!isMap(getAt(tree, ["workflows", workflowID]))) return [];
  const at = own(json, "at");
  const patches = withParents(tree, nodePath(workflowID, id), withoutKey(json, "at"), before);
  if (at === undefined || at === null) return patches;
  return [...patches, ...withParents(tree, ["layout", workflowID, id], at)];
}

function removeNodes(tree: Json, workflowID: string, ids: readonly string[]): Patch[] {
  const w = workflow(tree, workflowID);
  if (!w) return [];
  const gone = new Set(ids);
  const patches: Patch[] = [];
  let now = tree;
  for (const n of w.nodes) {
    if (gone.has(n.id)) continue;
    for (const l of n.inputs) {
      if (!gone.has(l.from.node)) continue;
      const cut = disconnect(now, workflowID, n.id, l.port);
      now = applyPatches(now, cut);
      patches.push(...cut);
    }
  }
  for (const id of gone) {
    patches.push(...setOrRemove(tree, nodePath(workflowID, id), undefined));
    patches.push(...setOrRemove(tree, ["layout", workflowID, id], undefined));
  }
  return patches;
}

function moveNodes(tree: Json, workflowID: string, places: Readonly<Record<string, readonly [number, number] | null>>): Patch[] {
  const patches: Patch[] = [];
  let now = tree;
  for (const [id, at] of Object.entries(places)) {
    if (getAt(tree, nodePath(workflowID, id)) === undefined) continue;
    const path = ["layout", workflowID, id];
    const step = at ? withParents(now, path, at) : setOrRemove(now, path, undefined);
    now = applyPatches(now, step);
    patches.push(...step);
  }
  return patches;
}

function connect(tree: Json, workflowID: string, node: string, port: string, from: string): Patch[] {
  if (getAt(tree, nodePath(workflowID, node)) === undefined) return [];
  if (getAt(tree, nodePath(workflowID, readRef(from).node)) === undefined) return [];
  const at = nodePath(workflowID, node);
  if (port === "") return [{ path: [...at, "input"], op: "set", value: from }];
  return withParents(tree, [...at, "inputs", port], from);
}

function disconnect(tree: Json, workflowID: string, node: string, port: string): Patch[] {
  const at = nodePath(workflowID, node);
  if (port === "") return setOrRemove(tree, [...at, "input"], undefined);
  const inputs = getAt(tree, [...at, "inputs"]);
  if (!isMap(inputs) || !Object.hasOwn(inputs, port)) return [];
  const only = Object.keys(inputs).length === 1;
  return [{ path: only ? [...at, "inputs"] : [...at, "inputs", port], op: "remove" }];
}

function setSetting(tree: Json, c: Extract<Command, { kind: "set_setting" }>): Patch[] {
  const steps = readPath(c.path);
  const at = nodePath(c.workflow, c.node);
  if (!steps || steps.length === 0 || getAt(tree, at) === undefined) return [];
  const path = [...at, "settings", ...treePath(steps)];
  if (c.unset) return unset(tree, at, path);
  const value = c.value ?? null;
  if (steps.length === 1) return withParents(tree, path, value, c.before);
  const holder = getAt(tree, path.slice(0, -1));
  const last = steps[steps.length - 1];
  if (isList(holder) && typeof last === "number") {
    if (c.insert) return last <= holder.length ? [{ path, op: "insert", value }] : [];
    return last < holder.length ? [{ path, op: "set", value }] : [];
  }
  return isMap(holder) && typeof last === "string" ? [{ path, op: "set", value, before: c.before }] : [];
}

/** Removes a setting; the last one takes the key `settings` with it. */
function unset(tree: Json, at: string[], path: string[]): Patch[] {
  if (getAt(tree, path) === undefined) return [];
  const all = getAt(tree, [...at, "settings"]);
  const last = path.length === at.length + 2 && isMap(all) && Object.keys(all).length === 1;
  return [{ path: last ? [...at, "settings"] : path, op: "remove" }];
}

function paste(tree: Json, workflowID: string, nodes: Readonly<Record<string, NodeJson>>, shift: readonly [number, number]): Patch[] {
  const fresh = freshIDs(tree, workflowID, Object.keys(nodes));
  const patches: Patch[] = [];
  let now = tree;
  for (const [id, json] of Object.entries(nodes)) {
    const at = own(json, "at");
    const moved = isList(at) ? { ...json, at: [Number(at[0]) + shift[0], Number(at[1]) + shift[1]] } : json;
    const step = putNode(now, workflowID, fresh.get(id) ?? id, relink(tree, workflowID, moved, fresh));
    now = applyPatches(now, step);
    patches.push(...step);
  }
  return patches;
}

/** Ids of pasted nodes, free ones, as the Server gives them. */
export function freshIDs(tree: Json, workflowID: string, ids: readonly string[]): Map<string, string> {
  const fresh = new Map<string, string>();
  const used = new Set<string>();
  const there = (id: string) => getAt(tree, nodePath(workflowID, id)) !== undefined;
  for (const id of ids) {
    const stem = id.replace(/\d+$/, "").replace(/_$/, "");
    const base = stem === "" || !there(id) ? id : stem;
    const made = newID(base, (x) => there(x) || used.has(x));
    used.add(made);
    fresh.set(id, made);
  }
  return fresh;
}

/** Links of a pasted node: to its companions, to nodes that are there, or none. */
function relink(tree: Json, workflowID: string, json: NodeJson, fresh: ReadonlyMap<string, string>): NodeJson {
  const follow = (from: Json | undefined): string | undefined => {
    if (typeof from !== "string") return undefined;
    const ref = readRef(from);
    const id = fresh.get(ref.node);
    if (id !== undefined) return ref.port === "" ? id : `${id}.${ref.port}`;
    return getAt(tree, nodePath(workflowID, ref.node)) === undefined ? undefined : from;
  };
  const input = follow(own(json, "input"));
  const old = own(json, "inputs");
  const inputs: Record<string, Json> = {};
  for (const [port, from] of Object.entries(isMap(old) ? old : {})) {
    const to = follow(from);
    if (to !== undefined) inputs[port] = to;
  }
  const bare: JsonMap = withoutKey(withoutKey(json, "input"), "inputs");
  return { ...bare, ...(input !== undefined && { input }), ...(Object.keys(inputs).length > 0 && { inputs }) };
}
