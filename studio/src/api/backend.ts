import type { Catalogue } from "../graph/catalogue";
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
  /** The service or operation that is not published because of it. */
  readonly service?: string;
  /** What the text speaks of, by name. */
  readonly params?: Readonly<Record<string, string>>;
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

/** restarted: connected again, to a Server that had forgotten the connection. */
export type Connection = "connected" | "restarted" | "lost";

export interface FileEntry {
  readonly path: string;
  readonly folder: boolean;
  /** Bytes. */
  readonly size: number;
  readonly modified: Date;
  /** What a package is called; empty: it has no label, or it is none. */
  readonly label: string;
}

/** One folder. */
export interface Folder {
  readonly files: readonly FileEntry[];
  /** The caller may change what is in it. */
  readonly writable: boolean;
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
  /** An exact answer follows this sample. */
  readonly follows: boolean;
  /** Rows of the whole, where they are known. */
  readonly total?: number;
}

export interface PreviewListener {
  rows(p: Preview): void;
  failed(problems: readonly Problem[]): void;
}

/** The preview of one panel: the latest that it is asked to show wins. */
export interface PreviewPanel {
  /** Shows the first rows of a port, at most `limit`, anew after each change that matters to it; null: nothing. */
  show(port: Port | null, limit: number, listener: PreviewListener): void;
  close(): void;
}

/** Some rows of a result. */
export interface Page {
  readonly rows: readonly Row[];
  /** Rows of the whole result. */
  readonly total: number;
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
  /** Rows of the last of the nodes; undefined: unknown. */
  readonly rows?: number;
}

/** One thing that a run made: a file, or a result whose pages can be read. */
export interface RunResult {
  readonly node: string;
  readonly output: number;
  /** Path of a file that was written; empty: none. */
  readonly path: string;
  /** Id of a result; empty: none. */
  readonly result: string;
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** Values of a column that were not of its type and became null. */
export interface Misfit {
  readonly node: string;
  readonly column: string;
  readonly type: string;
  readonly count: number;
  readonly rows: number;
  /** One of the values, as it stands in the file. */
  readonly example: string;
}

export type RunEvent =
  | { readonly kind: "run"; readonly state: RunState; readonly problems: readonly Problem[]; readonly results: readonly RunResult[] }
  | { readonly kind: "step"; readonly step: RunStep }
  | { readonly kind: "misfit"; readonly misfit: Misfit };

export interface RunRequest {
  readonly document: string;
  readonly workflow: string;
  readonly clientId: string;
  /** Outputs to compute; none: every output of the workflow. */
  readonly targets: readonly { readonly node: string; readonly output: number }[];
}

export interface Opened {
  readonly document: string;
  readonly tree: Json;
  readonly number: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The caller may change the package. */
  readonly writable: boolean;
  /** The caller may run it. */
  readonly runnable: boolean;
  /** Client's id of a command whose effect came as this snapshot; empty: none. */
  readonly settled: string;
}

/** Where somebody else is. */
export interface Presence {
  readonly session: string;
  readonly name: string;
  readonly gone: boolean;
  readonly workflow: string;
  readonly nodes: readonly string[];
}

/** How the package's file stands to the document. */
export interface FileState {
  /** Number of the last event that the file has. */
  readonly saved: number;
  /** Why the file is not written: it and the document were both changed, it is gone, it can't be written. */
  readonly conflict: Problem | null;
  /** Why the document takes no changes now. */
  readonly refusal: Problem | null;
  /** Where it is now: it may have been renamed or moved. */
  readonly path: string;
}

/** save: unless the file was changed from outside. overwrite: the document wins. reload: the file wins, as a step that can be undone. */
export type Saving = "save" | "overwrite" | "reload";

export interface DocumentListener {
  /** A snapshot: at the beginning, and whenever the events could not be told one by one. */
  opened(o: Opened): void;
  event(e: DocumentEvent): void;
  problems(all: readonly Problem[]): void;
  presence(p: Presence): void;
  file(f: FileState): void;
  failed(why: Refused): void;
}

/** Why something that a package declares is not published. */
export interface ServiceProblem {
  /** Of the package. */
  readonly path: string;
  /** Empty: none of the package is published. */
  readonly service: string;
  /** Empty: none of the service is. */
  readonly operation: string;
  readonly problems: readonly Problem[];
}

/** A file on its way to the Server. */
export interface UploadRequest {
  readonly path: string;
  readonly data: Blob;
  /** A file that is there is replaced. */
  readonly overwrite: boolean;
  /** Bytes that are sent so far. */
  readonly onProgress: (sent: number) => void;
}

export interface StudioBackend {
  watchConnection(listener: (c: Connection) => void): Stop;
  catalogue(language: Language, signal: AbortSignal): Promise<Catalogue>;

  /** One folder and its entries. */
  files(folder: string, signal: AbortSignal): Promise<Folder>;
  /** Files under a folder, nearest first, until there are enough. */
  findFiles(folder: string, enough: number, signal: AbortSignal): Promise<readonly FileEntry[]>;
  upload(u: UploadRequest, signal: AbortSignal): Promise<FileEntry>;
  /** The bytes of a file, never as anything that a browser would show or run. */
  download(path: string, onProgress: (got: number, size: number) => void, signal: AbortSignal): Promise<Blob>;
  renameFile(from: string, to: string): Promise<void>;
  /** A folder goes with all that it holds. */
  deleteFile(path: string, folder: boolean): Promise<void>;
  makeFolder(path: string): Promise<void>;
  createPackage(path: string, label: string): Promise<void>;

  /** Opens a package until it is stopped. A lost connection is the backend's own matter. */
  open(path: string, listener: DocumentListener): Stop;
  /** Asks for a snapshot of an open document. */
  refresh(document: string): void;
  /** Whether there are changes that the Server does not have yet: they would go with the page. */
  unsent(): boolean;
  /** Resolves with its event's number when the command is on disk; rejects with Refused. It is sent again by itself after a loss. */
  send(document: string, command: Pending, base: number): Promise<number>;
  undo(document: string, clientId: string): Promise<void>;
  redo(document: string, clientId: string): Promise<void>;
  /** Brings file and document together now. */
  save(document: string, which: Saving): Promise<void>;
  /** Tells the others where this person is. */
  setPresence(document: string, workflow: string, nodes: readonly string[]): void;

  /** Tells why services are not published, of all packages that may be read. */
  watchServices(listener: (all: readonly ServiceProblem[]) => void): Stop;

  openPreview(): PreviewPanel;
  watchStatistics(port: Port, listener: (s: Statistics) => void): Stop;
  /** Rows of a result from a position on. */
  page(result: string, offset: number, limit: number, columns: readonly Column[], signal: AbortSignal): Promise<Page>;

  /** Runs a workflow and tells about it until its end. */
  startRun(r: RunRequest, listener: (e: RunEvent) => void): { cancel: Stop };
  /** Follows a run of the package that is under way; null: there is none. Its steps are told from the first. */
  joinRun(path: string, listener: (e: RunEvent) => void): { cancel: Stop; stop: Stop };
}
