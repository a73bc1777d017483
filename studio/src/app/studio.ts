import { createStore, type StoreApi } from "zustand/vanilla";
import type { Connection, Problem, RunStep, Stop, StudioBackend } from "../api/backend";
import { Refused } from "../api/backend";
import type { Components } from "../graph/catalogue";
import type { Command } from "../graph/command";
import { type Document, issue, openDocument, receive, reject, reopen } from "../graph/document";
import { places, type Point, workflow, type Workflow } from "../graph/model";
import { completePlaces } from "../graph/layout";
import { current, keepThere, nothing, selectOnly, type Selection } from "../graph/selection";
import { freshID } from "./ids";
import type { RunView } from "./states";

/** Everything of an open package that views select from. */
export interface StudioState {
  readonly path: string;
  readonly document: string;
  readonly doc: Document | null;
  readonly workflow: string;
  readonly selection: Selection;
  readonly components: Components;
  readonly connection: Connection;
  /** What the Server says of the package as it is. */
  readonly problems: readonly Problem[];
  /** Why the last command was refused; it stands until the next one. */
  readonly refused: readonly Problem[];
  readonly run: (RunView & { readonly active: boolean; readonly number: number }) | null;
  /** Nodes as text, of the last copy in this tab. */
  readonly clip: string;
  /** The node whose label is being written on the canvas; empty: none. */
  readonly renaming: string;
}

const noWorkflow: Workflow = { id: "main", label: "", note: "", nodes: [], memos: [] };

/** One open package: its state, and the only ways to change it. */
export class Studio {
  readonly store: StoreApi<StudioState>;
  private stops: Stop[] = [];
  private stopRun: Stop | null = null;

  constructor(readonly backend: StudioBackend, path: string, components: Components) {
    this.store = createStore<StudioState>(() => ({
      path, document: "", doc: null, workflow: "main", selection: nothing, components, connection: "connected",
      problems: [], refused: [], run: null, clip: "", renaming: "",
    }));
  }

  get state(): StudioState {
    return this.store.getState();
  }

  /** Begins to follow the package; the answer ends it. */
  open(): Stop {
    this.stops.push(this.backend.watchConnection((connection) => this.store.setState({ connection })));
    this.stops.push(this.backend.open(this.state.path, {
      opened: (o) => {
        const { doc } = this.state;
        const next = doc ? reopen(doc, o.tree, o.number, o.canUndo, o.canRedo) : openDocument(o.tree, o.number, o.canUndo, o.canRedo);
        this.store.setState({ document: o.document });
        this.setDocument(next);
      },
      event: (e) => {
        const { doc, document } = this.state;
        if (!doc) return;
        const next = receive(doc, e);
        this.setDocument(next);
        if (next.lost && !doc.lost) this.backend.refresh(document);
      },
      problems: (problems) => this.store.setState({ problems }),
      failed: (why) => this.store.setState({ refused: why.problems }),
    }));
    return () => {
      for (const stop of this.stops) stop();
      this.stops = [];
    };
  }

  private setDocument(doc: Document) {
    const { selection, workflow: id } = this.state;
    this.store.setState({ doc, selection: keepThere(selection, workflow(doc.shown, id)) });
  }

  /** The workflow that is shown. */
  shown(): Workflow {
    return shownWorkflow(this.state);
  }

  places(): ReadonlyMap<string, Point> {
    return shownPlaces(this.state);
  }

  /** Does a command: it shows at once, and goes to the Server. */
  do(command: Command): void {
    const { doc, document } = this.state;
    if (!doc) return;
    const pending = { id: freshID(), command };
    this.store.setState({ refused: [] });
    this.setDocument(issue(doc, pending));
    this.backend.send(document, pending, doc.number).catch((err: unknown) => {
      const now = this.state.doc;
      if (now) this.setDocument(reject(now, pending.id));
      this.refuse(err);
    });
  }

  undo(): void {
    this.backend.undo(this.state.document, freshID()).catch((err: unknown) => this.refuse(err));
  }

  redo(): void {
    this.backend.redo(this.state.document, freshID()).catch((err: unknown) => this.refuse(err));
  }

  private refuse(err: unknown) {
    if (!(err instanceof Refused)) throw err;
    this.store.setState({ refused: err.problems });
  }

  select(selection: Selection): void {
    const old = this.state.selection;
    const same = old.port === selection.port && old.nodes.length === selection.nodes.length && old.nodes.every((n, i) => n === selection.nodes[i]);
    if (!same) this.store.setState({ selection, renaming: "" });
  }

  selectOnly(id: string, port = ""): void {
    this.select(selectOnly(id, port));
  }

  showWorkflow(id: string): void {
    this.store.setState({ workflow: id, selection: nothing });
  }

  setComponents(components: Components): void {
    this.store.setState({ components });
  }

  setClip(clip: string): void {
    this.store.setState({ clip });
  }

  rename(id: string): void {
    this.store.setState({ renaming: id });
  }

  /** Runs the workflow that is shown. */
  run(): void {
    const w = this.shown();
    const { document, doc } = this.state;
    if (!doc || this.state.run?.active) return;
    this.store.setState({ run: { workflow: w, steps: new Map(), active: true, number: doc.number } });
    const { cancel } = this.backend.startRun(document, w.id, freshID(), (e) => {
      const run = this.state.run;
      if (!run) return;
      if (e.kind === "step") this.store.setState({ run: { ...run, steps: withStep(run.steps, e.step) } });
      else if (e.state !== "running" && e.state !== "queued") {
        this.store.setState({ run: { ...run, active: false }, refused: e.problems });
      }
    });
    this.stopRun = cancel;
  }

  cancelRun(): void {
    this.stopRun?.();
  }
}

function withStep(steps: ReadonlyMap<string, RunStep>, step: RunStep): ReadonlyMap<string, RunStep> {
  const next = new Map(steps);
  for (const id of step.nodes) next.set(id, step);
  return next;
}

// Selectors. They give the same object as long as nothing they speak of changed.

export function shownWorkflow(s: StudioState): Workflow {
  return (s.doc && workflow(s.doc.shown, s.workflow)) ?? noWorkflow;
}

const nowhere: ReadonlyMap<string, Point> = new Map();
const complete = new WeakMap<Workflow, { own: ReadonlyMap<string, Point>; all: ReadonlyMap<string, Point> }>();

/** Places of all nodes: those of the package, and made ones for the rest. */
export function shownPlaces(s: StudioState): ReadonlyMap<string, Point> {
  if (!s.doc) return nowhere;
  const w = shownWorkflow(s);
  const own = places(s.doc.shown, s.workflow);
  let made = complete.get(w);
  if (made?.own !== own) complete.set(w, (made = { own, all: completePlaces(w, own) }));
  return made.all;
}

export function currentNode(s: StudioState): string | undefined {
  return current(s.selection);
}
