import { applyPatches, type Json, type Patch, PatchError } from "./json";
import type { Command } from "./command";
import { predict } from "./predict";
import { type Touch, withTouch } from "./touch";

// A document as one client has it: what the Server confirmed, and what this
// person wants on top of it. `shown` is confirmed plus pending, in the
// Server's order: each event that comes rebases what is still pending.

export interface Pending {
  /** Client's id of the command: one that is sent again is applied once. */
  readonly id: string;
  readonly command: Command;
  /** Number of its event, once the Server has acknowledged it. */
  readonly number?: number;
}

export interface DocumentEvent {
  readonly number: number;
  /** Set when this client sent the command. */
  readonly clientId: string;
  /** Name of who made it. */
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface Document {
  readonly number: number;
  readonly confirmed: Json;
  readonly pending: readonly Pending[];
  readonly shown: Json;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The latest changes of others, and of this person elsewhere. */
  readonly touches: readonly Touch[];
  /** The client has lost track (a gap, a patch that does not fit): open again for a snapshot. */
  readonly lost: boolean;
}

export function openDocument(tree: Json, number: number, canUndo = false, canRedo = false): Document {
  return { number, confirmed: tree, pending: [], shown: tree, canUndo, canRedo, touches: [], lost: false };
}

/** A new snapshot. What is pending stays so, on top of it, but for what the snapshot holds already. */
export function reopen(d: Document, tree: Json, number: number, canUndo: boolean, canRedo: boolean, settled = ""): Document {
  const pending = d.pending.filter((p) => (settled === "" || p.id !== settled) && (p.number === undefined || p.number > number));
  const own = settled !== "" && d.pending.some((p) => p.id === settled);
  const touches = own || number === d.number ? d.touches : withTouch(d.touches, number, "", [{ path: [], op: "set", value: tree }]);
  return show({ ...d, confirmed: tree, number, pending, canUndo, canRedo, touches, lost: false });
}

/** The Server took a command as the event of a number. Usually the event comes by itself; a snapshot may hold it. */
export function acknowledge(d: Document, id: string, number: number): Document {
  if (!d.pending.some((p) => p.id === id)) return d;
  if (number <= d.number) return reject(d, id);
  return { ...d, pending: d.pending.map((p) => (p.id === id ? { ...p, number } : p)) };
}

/** A command of this person, shown at once. */
export function issue(d: Document, p: Pending): Document {
  return { ...d, pending: [...d.pending, p], shown: attempt(d.shown, p.command) };
}

/** An event of the Server. One that is known already is passed over. */
export function receive(d: Document, e: DocumentEvent): Document {
  if (d.lost || e.number <= d.number) return d;
  if (e.number !== d.number + 1) return { ...d, lost: true };
  try {
    const confirmed = applyPatches(d.confirmed, e.patches);
    const pending = e.clientId === "" ? d.pending : d.pending.filter((p) => p.id !== e.clientId);
    const own = pending.length < d.pending.length;
    const touches = own ? d.touches : withTouch(d.touches, e.number, e.name, e.patches);
    return show({ ...d, number: e.number, confirmed, pending, canUndo: e.canUndo, canRedo: e.canRedo, touches });
  } catch (err) {
    if (err instanceof PatchError) return { ...d, lost: true };
    throw err;
  }
}

/** The Server refused a command: it is gone from what is shown. */
export function reject(d: Document, id: string): Document {
  return show({ ...d, pending: d.pending.filter((p) => p.id !== id) });
}

function show(d: Document): Document {
  return { ...d, shown: d.pending.reduce((t, p) => attempt(t, p.command), d.confirmed) };
}

/** The tree with a command's likely effect; as it was when there is none. */
function attempt(tree: Json, c: Command): Json {
  try {
    return applyPatches(tree, predict(tree, c));
  } catch (err) {
    if (err instanceof PatchError) return tree;
    throw err;
  }
}
