import type { Patch } from "./json";

/** A change of the document that this tab did not make. */
export interface Touch {
  /** Of its event. */
  readonly number: number;
  /** Whose it was; empty: nobody knows. */
  readonly name: string;
  /** What was changed, by keys of the tree; an empty path is all of it. */
  readonly paths: readonly (readonly string[])[];
}

/** As many as fields that are open may ask for. */
const most = 64;

/** The touches with one more. */
export function withTouch(all: readonly Touch[], number: number, name: string, patches: readonly Patch[]): readonly Touch[] {
  return [...all, { number, name, paths: patches.map((p) => p.path) }].slice(-most);
}

/** The latest touch of what stands at a path, above it or below it. */
export function touchOf(all: readonly Touch[], path: readonly string[]): Touch | undefined {
  return all.findLast((t) => t.paths.some((p) => p.every((key, i) => i >= path.length || key === path[i])));
}
