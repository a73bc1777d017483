// The document as the Server spells it: the tree of the package's file, as
// JSON with the file's keys. Trees are never changed in place: a patch makes a
// new tree that shares everything it did not touch, so that `===` tells views
// what changed.

/** bigint: a whole number beyond 2^53. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [key: string]: Json;
}

/** One change of the tree. The path leads by keys of maps and positions in lists. */
export type Patch =
  | { readonly path: readonly string[]; readonly op: "set"; readonly value: Json; readonly before?: string }
  | { readonly path: readonly string[]; readonly op: "remove" }
  | { readonly path: readonly string[]; readonly op: "insert"; readonly value: Json };

/** A patch that does not fit the tree: the two sides disagree, and a snapshot is due. */
export class PatchError extends Error {
  constructor(readonly path: readonly string[]) {
    super(`patch does not fit at ${path.join("/")}`);
    this.name = "PatchError";
  }
}

export function isMap(v: Json | undefined): v is JsonMap {
  return typeof v === "object" && v !== null && !Array.isArray(v);
}

export function isList(v: Json | undefined): v is readonly Json[] {
  return Array.isArray(v);
}

/** The value at a path, undefined when there is none. */
export function getAt(tree: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = tree;
  for (const key of path) {
    if (isList(at)) at = at[index(key)];
    else if (isMap(at)) at = own(at, key);
    else return undefined;
  }
  return at;
}

/** A key of a map, without what objects inherit. */
export function own(m: JsonMap, key: string): Json | undefined {
  return Object.hasOwn(m, key) ? m[key] : undefined;
}

/** Carries out patches in order. Throws PatchError; then the tree is to be fetched anew. */
export function applyPatches(tree: Json, patches: readonly Patch[]): Json {
  return patches.reduce((t, p) => patchAt(t, p, 0), tree);
}

function patchAt(tree: Json, patch: Patch, depth: number): Json {
  const key = patch.path[depth];
  if (key === undefined) {
    if (patch.op !== "set") throw new PatchError(patch.path);
    return patch.value;
  }
  const last = depth === patch.path.length - 1;
  if (isList(tree)) return patchList(tree, patch, depth, last, index(key));
  if (!isMap(tree)) throw new PatchError(patch.path);
  if (!last) {
    const child = own(tree, key);
    if (child === undefined) throw new PatchError(patch.path);
    return withKey(tree, key, patchAt(child, patch, depth + 1));
  }
  switch (patch.op) {
    case "set":
      return withKey(tree, key, patch.value, patch.before);
    case "remove":
      if (!Object.hasOwn(tree, key)) throw new PatchError(patch.path);
      return withoutKey(tree, key);
    case "insert":
      throw new PatchError(patch.path);
  }
}

function patchList(list: readonly Json[], patch: Patch, depth: number, last: boolean, i: number): Json {
  const end = last && patch.op === "insert" ? list.length : list.length - 1;
  if (!(i >= 0 && i <= end)) throw new PatchError(patch.path);
  if (!last) return list.with(i, patchAt(list[i] as Json, patch, depth + 1));
  switch (patch.op) {
    case "set":
      return list.with(i, patch.value);
    case "insert":
      return list.toSpliced(i, 0, patch.value);
    case "remove":
      return list.toSpliced(i, 1);
  }
}

/** A position in a list, -1 for what is none. */
function index(key: string): number {
  return /^(0|[1-9]\d{0,8})$/.test(key) ? Number(key) : -1;
}

/** The map with a key set: in its place, or before another, or at the end. */
export function withKey(m: JsonMap, key: string, value: Json, before?: string): JsonMap {
  const entries = Object.entries(m);
  const at = entries.findIndex(([k]) => k === key);
  if (at >= 0) entries[at] = [key, value];
  else {
    const i = before === undefined ? -1 : entries.findIndex(([k]) => k === before);
    entries.splice(i < 0 ? entries.length : i, 0, [key, value]);
  }
  return Object.fromEntries(entries);
}

export function withoutKey(m: JsonMap, key: string): JsonMap {
  return Object.fromEntries(Object.entries(m).filter(([k]) => k !== key));
}

/** Whether two values mean the same; the order of keys does not count. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((v, i) => sameJson(v, b[i]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && sameJson(a[k], b[k]));
}
