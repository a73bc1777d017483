import type { ComponentSpec } from "../graph/catalogue";
import type { DocumentEvent, Pending } from "../graph/document";
import type { Json } from "../graph/json";

// What Studio needs of a Server, in its own words. The transport implements
// it over the websocket; nothing above knows of the wire.

export type Language = "en" | "ru";

/** A problem with its place, worded by the Server in the reader's language. */
export interface Problem {
  /** Stable id of the message: package.snake_case. */
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  /** Empty parts are unknown. */
  readonly place: { readonly workflow: string; readonly node: string; readonly setting: string };
}

/** A call that the Server refused. */
export class Refused extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((p) => p.text).join(" "));
    this.name = "Refused";
  }
}

/** Stops whatever was begun. */
export type Stop = () => void;

export type Connection = "connected" | "lost";

export interface FileEntry {
  readonly path: string;
  readonly folder: boolean;
  /** Bytes. */
  readonly size: number;
  readonly modified: Date;
}

export interface Port {
  readonly document: string;
  readonly workflow: string;
  readonly node: string;
  /** Output, from 0. */
  readonly output: number;
}

export interface Column {
  readonly name: string;
  /** What people read; empty: the name. */
  readonly label: string;
  /** As packages spell it: integer, decimal(18,3). */
  readonly type: string;
  readonly usage: string;
}

/** A cell. Integers beyond 2^53 are bigint; dates and times are ISO text. */
export type Cell = null | string | number | bigint | boolean;
export type Row = readonly Cell[];

export interface Preview {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** The true first rows; else a sample. */
  readonly exact: boolean;
  /** Milliseconds that it took. */
  readonly elapsed: number;
  /** Rows of the whole, where they are known. */
  readonly total?: number;
}

export interface Bin {
  readonly from: string;
  /** Empty: a value of its own, not a range. */
  readonly to: string;
  readonly count: number;
}

export interface ColumnStatistics {
  readonly name: string;
  readonly nulls: number;
  readonly distinct: number;
  readonly min?: string;
  readonly max?: string;
  readonly mean?: number;
  readonly deviation?: number;
  readonly bins: readonly Bin[];
}

export interface Statistics {
  readonly rows: number;
  readonly exact: boolean;
  readonly columns: readonly ColumnStatistics[];
}

export type RunState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface RunStep {
  readonly nodes: readonly string[];
  readonly state: RunState;
  /** 0 to 100; undefined: unknown. */
  readonly percent?: number;
  readonly rows: number;
}

export type RunEvent =
  | { readonly kind: "run"; readonly state: RunState; readonly problems: readonly Problem[] }
  | { readonly kind: "step"; readonly step: RunStep };

export interface Opened {
  readonly document: string;
  readonly tree: Json;
  readonly number: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface DocumentListener {
  /** A snapshot: at the beginning, and whenever the events could not be told one by one. */
  opened(o: Opened): void;
  event(e: DocumentEvent): void;
  problems(all: readonly Problem[]): void;
  failed(why: Refused): void;
}

export interface StudioBackend {
  watchConnection(listener: (c: Connection) => void): Stop;
  catalogue(language: Language, signal: AbortSignal): Promise<readonly ComponentSpec[]>;
  files(folder: string, signal: AbortSignal): Promise<readonly FileEntry[]>;
  /** Opens a package until it is stopped. A lost connection is the backend's own matter. */
  open(path: string, listener: DocumentListener): Stop;
  /** Asks for a snapshot of an open document. */
  refresh(document: string): void;
  /** Resolves when the command is on disk; rejects with Refused. It is sent again by itself after a loss. */
  send(document: string, command: Pending, base: number): Promise<void>;
  undo(document: string, clientId: string): Promise<void>;
  redo(document: string, clientId: string): Promise<void>;
  /** The first rows of a port, at most `limit`, anew after each change that matters to it. */
  watchPreview(port: Port, limit: number, listener: { rows(p: Preview): void; failed(problems: readonly Problem[]): void }): Stop;
  watchStatistics(port: Port, listener: (s: Statistics) => void): Stop;
  /** Runs a workflow and tells about it until its end. */
  startRun(document: string, workflow: string, clientId: string, listener: (e: RunEvent) => void): { cancel: Stop };
}
