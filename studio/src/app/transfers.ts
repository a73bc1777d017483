import { createStore, type StoreApi } from "zustand/vanilla";
import { type FileEntry, type Problem, Refused, type RunResult, type StudioBackend } from "../api/backend";
import { tableAsCsv } from "../grid/csv";
import { freshID } from "./ids";
import { joinPath, nameOf } from "./paths";

/** A file on its way, up or down. Of a table rows are counted, of files bytes. */
export interface Transfer {
  readonly id: string;
  readonly kind: "up" | "down" | "table";
  readonly path: string;
  readonly done: number;
  readonly size: number;
  /** exists: a file of the name is there, and somebody has to choose. */
  readonly state: "running" | "done" | "failed" | "exists";
  readonly problems: readonly Problem[];
}

interface Job {
  readonly abort: AbortController;
  readonly again?: (overwrite: boolean) => void;
}

/** Files on their way. They go on while people do other things. */
export class Transfers {
  readonly store: StoreApi<readonly Transfer[]> = createStore<readonly Transfer[]>(() => []);
  private readonly jobs = new Map<string, Job>();

  constructor(
    private readonly backend: StudioBackend,
    /** Called when a folder has another file. */
    private readonly onChange: () => void,
  ) {}

  /** Uploads files into a folder. `onDone` is called for each that arrived. */
  upload(files: readonly File[], folder: string, onDone?: (f: FileEntry) => void): void {
    for (const file of files) this.send(file, joinPath(folder, file.name), onDone);
  }

  private send(file: File, path: string, onDone?: (f: FileEntry) => void): void {
    const id = this.begin("up", path, file.size);
    const go = (overwrite: boolean) => {
      const abort = new AbortController();
      this.jobs.set(id, { abort, again: go });
      this.change(id, { state: "running", problems: [], done: 0 });
      const onProgress = (done: number) => this.change(id, { done });
      this.backend.upload({ path, data: file, overwrite, onProgress }, abort.signal).then(
        (entry) => {
          this.change(id, { state: "done", done: file.size });
          this.onChange();
          onDone?.(entry);
        },
        (err: unknown) => this.failed(id, abort.signal, err),
      );
    };
    go(false);
  }

  /** Downloads a file and gives it to the browser to save. */
  download(path: string, size: number): void {
    const id = this.begin("down", path, size);
    const abort = new AbortController();
    this.jobs.set(id, { abort });
    const onProgress = (done: number, all: number) => this.change(id, { done, size: all });
    this.backend.download(path, onProgress, abort.signal).then(
      (data) => {
        saveBlob(data, nameOf(path));
        this.change(id, { state: "done", done: data.size, size: data.size });
      },
      (err: unknown) => this.failed(id, abort.signal, err),
    );
  }

  /** Downloads the rows of a result as CSV, page by page. */
  downloadTable(r: RunResult, label: string): void {
    const name = `${label.replace(/[\\/:*?"<>|]/g, "_")}.csv`;
    const id = this.begin("table", name, r.rows);
    const abort = new AbortController();
    this.jobs.set(id, { abort });
    tableAsCsv(this.backend, r, (done) => this.change(id, { done }), abort.signal).then(
      (data) => {
        saveBlob(data, name);
        this.change(id, { state: "done", done: r.rows });
      },
      (err: unknown) => this.failed(id, abort.signal, err),
    );
  }

  /** Sends a file again in place of the one that is there. */
  replace(id: string): void {
    this.jobs.get(id)?.again?.(true);
  }

  /** Gives a transfer up, or puts the line of one that is over away. */
  dismiss(id: string): void {
    this.jobs.get(id)?.abort.abort(new Error("given up"));
    this.jobs.delete(id);
    this.store.setState(this.store.getState().filter((t) => t.id !== id), true);
  }

  dismissDone(): void {
    for (const t of this.store.getState()) if (t.state === "done") this.dismiss(t.id);
  }

  private begin(kind: Transfer["kind"], path: string, size: number): string {
    const id = freshID();
    this.store.setState([...this.store.getState(), { id, kind, path, size, done: 0, state: "running", problems: [] }], true);
    return id;
  }

  private failed(id: string, signal: AbortSignal, err: unknown): void {
    if (signal.aborted) return;
    const problems = err instanceof Refused ? err.problems : [];
    const exists = problems.some((p) => p.kind === "exists");
    this.change(id, { state: exists ? "exists" : "failed", problems });
    if (!(err instanceof Refused)) throw err;
  }

  private change(id: string, by: Partial<Transfer>): void {
    this.store.setState(this.store.getState().map((t) => (t.id === id ? { ...t, ...by } : t)), true);
  }
}

function saveBlob(data: Blob, name: string): void {
  const url = URL.createObjectURL(data);
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  a.click();
  // The browser has begun to save it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
