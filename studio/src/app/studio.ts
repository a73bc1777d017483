import { createStore, type StoreApi } from "zustand/vanilla";
import type { Connection, FileState, Misfit, Port, Presence, Problem, RunEvent, RunResult, RunStep, Saving, ServiceProblem, Stop, StudioBackend } from "../api/backend";
import { Refused } from "../api/backend";
import type { Components, FunctionSpec } from "../graph/catalogue";
import { type Command, pixels } from "../graph/command";
import { acknowledge, type Document, issue, openDocument, receive, reject, reopen } from "../graph/document";
import { spellJson } from "../graph/digits";
import { getAt, type Json, sameJson } from "../graph/json";
import { places, type Point, workflow, type Workflow } from "../graph/model";
import { completePlaces } from "../graph/layout";
import { current, keepThere, nothing, selectOnly, type Selection } from "../graph/selection";
import { freshID } from "./ids";
import { declaresServices, unpublished } from "./published";
import type { Unreadable } from "./sniff";
import { isFresh, type RunView } from "./states";

/** Everything of an open package that views select from. */
export interface StudioState {
  readonly path: string;
  readonly document: string;
  readonly doc: Document | null;
  readonly workflow: string;
  readonly selection: Selection;
  readonly components: Components;
  readonly functions: readonly FunctionSpec[];
  readonly connection: Connection;
  /** What the Server says of the package as it is. */
  readonly problems: readonly Problem[];
  /** Why services that the package declares are not published. */
  readonly unpublished: readonly Problem[];
  /** Why the last command was refused; it stands until the next one. */
  readonly refused: readonly Problem[];
  readonly run: Run | null;
  /** Results whose pages can be read, by their port. */
  readonly results: ReadonlyMap<string, KeptResult>;
  /** The caller may change the package. */
  readonly writable: boolean;
  /** The caller may run it. */
  readonly runnable: boolean;
  readonly file: FileState | null;
  /** Files that were dropped and can't be read in a workflow. */
  readonly unread: readonly { readonly name: string; readonly why: Unreadable }[];
  /** Where the package was before it was renamed or moved under this person's hands; empty: it was not. */
  readonly movedFrom: string;
  /** Others who have the package open, by their session. */
  readonly others: ReadonlyMap<string, Presence>;
  /** The package can't be opened, and why. */
  readonly closed: readonly Problem[] | null;
  /** Nodes as text, of the last copy in this tab. */
  readonly clip: string;
  /** The node whose label is being written on the canvas; empty: none. */
  readonly renaming: string;
}

/** What a run computed with. */
interface Basis {
  readonly workflow: Workflow;
  readonly variables: Json | undefined;
}

/** A run that this tab follows. */
export interface Run extends RunView, Basis {
  readonly active: boolean;
  /** The note on how it ended was put away. */
  readonly seen: boolean;
  /** queued and running while it is active. */
  readonly state: RunEndState | "queued" | "running";
  /** What it computes: everything, or all rows of one port. */
  readonly target: string;
  readonly problems: readonly Problem[];
  /** Files and tables that it made. */
  readonly results: readonly RunResult[];
  readonly misfits: readonly Misfit[];
}

type RunEndState = "done" | "failed" | "cancelled";

/** A result of a run, and the workflow as it was computed of. */
export interface KeptResult extends Basis {
  readonly result: RunResult;
}

export function portKey(p: Pick<Port, "node" | "output">): string {
  return `${p.node}/${p.output}`;
}

const noWorkflow: Workflow = { id: "main", label: "", note: "", nodes: [], memos: [] };

/** One open package: its state, and the only ways to change it. */
export class Studio {
  readonly store: StoreApi<StudioState>;
  private stops: Stop[] = [];
  private stopRun: Stop | null = null;
  private services: { readonly stop: Stop; all: readonly ServiceProblem[] } | null = null;

  constructor(readonly backend: StudioBackend, path: string, components: Components) {
    this.store = createStore<StudioState>(() => ({
      path, document: "", doc: null, workflow: "main", selection: nothing, components, functions: [], connection: "connected",
      problems: [], unpublished: [], refused: [], run: null, results: new Map(), writable: true, runnable: true, file: null, movedFrom: "", unread: [], others: new Map(), closed: null, clip: "", renaming: "",
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
        const next = doc ? reopen(doc, o.tree, o.number, o.canUndo, o.canRedo, o.settled) : openDocument(o.tree, o.number, o.canUndo, o.canRedo);
        this.store.setState({ document: o.document, writable: o.writable, runnable: o.runnable });
        this.setDocument(next);
        if (!doc) this.joinRun();
      },
      event: (e) => {
        const { doc, document } = this.state;
        if (!doc) return;
        const next = receive(doc, e);
        this.setDocument(next);
        if (next.lost && !doc.lost) this.backend.refresh(document);
      },
      problems: (problems) => this.store.setState({ problems }),
      presence: (p) => this.met(p),
      file: (file) => {
        const { path } = this.state;
        this.store.setState({ file, path: file.path, ...(file.path !== path && { movedFrom: path }) });
        if (file.path !== path && this.services) this.tellServices();
      },
      failed: (why) => this.store.setState({ closed: why.problems }),
    }));
    this.stops.push(this.store.subscribe((now, old) => {
      if (now.selection !== old.selection || now.workflow !== old.workflow || now.document !== old.document) {
        this.backend.setPresence(now.document, now.workflow, now.selection.nodes);
      }
    }));
    return () => {
      for (const stop of this.stops) stop();
      this.stops = [];
      this.services?.stop();
      this.services = null;
    };
  }

  private met(p: Presence) {
    const others = new Map(this.state.others);
    if (p.gone) others.delete(p.session);
    else others.set(p.session, p);
    this.store.setState({ others });
  }

  private setDocument(doc: Document) {
    const { selection, workflow: id } = this.state;
    this.store.setState({ doc, selection: keepThere(selection, workflow(doc.shown, id)) });
    this.watchServices(declaresServices(doc.confirmed));
  }

  /** Hears what is published for as long as the package declares something. */
  private watchServices(wanted: boolean) {
    if (wanted && !this.services) {
      const services = { stop: this.backend.watchServices((all) => {
        services.all = all;
        this.tellServices();
      }), all: [] as readonly ServiceProblem[] };
      this.services = services;
    } else if (!wanted && this.services) {
      this.services.stop();
      this.services = null;
      this.store.setState({ unpublished: [] });
    }
  }

  private tellServices() {
    const { doc, path } = this.state;
    this.store.setState({ unpublished: unpublished(this.services?.all ?? [], path, doc?.confirmed ?? null) });
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
    const { doc, document, writable } = this.state;
    if (!doc || !writable) return;
    const pending = { id: freshID(), command: this.placed(command) };
    this.forgetRefusal();
    this.setDocument(issue(doc, pending));
    this.backend.send(document, pending, doc.number).then(
      (number) => this.settle((d) => acknowledge(d, pending.id, number)),
      (err: unknown) => {
        if (this.state.closed) return; // it counts for what can be saved again
        this.settle((d) => reject(d, pending.id));
        this.refuse(err);
      },
    );
  }

  /**
   * A command that gives a place, with places for those nodes that have none
   * yet and were laid out for the screen: else they would move when one gets its own.
   */
  private placed(command: Command): Command {
    if (command.kind !== "add_node" && command.kind !== "paste" && command.kind !== "move_nodes") return command;
    const { doc, workflow: shown } = this.state;
    if (command.workflow !== shown || !doc) return command;
    const own = places(doc.shown, shown);
    const made = [...this.places()].filter(([id]) => !own.has(id)).map(([id, at]) => [id, pixels(at)] as const);
    if (made.length === 0) return command;
    const others = Object.fromEntries(made);
    if (command.kind === "move_nodes") return { ...command, places: { ...others, ...command.places } };
    return { kind: "batch", commands: [{ kind: "move_nodes", workflow: shown, places: others }, command] };
  }

  private settle(change: (d: Document) => Document) {
    const { doc } = this.state;
    if (doc) this.setDocument(change(doc));
  }

  /** Brings file and package together now; after a conflict somebody says which of them wins. */
  save(which: Saving = "save"): void {
    this.forgetRefusal();
    this.backend.save(this.state.document, which).catch((err: unknown) => this.refuse(err));
  }

  /** Makes the package anew of what this tab knows of it, after its file and its document are gone. */
  async saveAgain(): Promise<void> {
    const { doc, path } = this.state;
    // A package is YAML, and JSON is that as well; the first saved edit makes it what people read.
    const text = spellJson(doc?.shown ?? null);
    await this.backend.upload({ path, data: new Blob([text]), overwrite: false, onProgress: () => undefined }, new AbortController().signal);
  }

  undo(): void {
    this.forgetRefusal();
    this.backend.undo(this.state.document, freshID()).catch((err: unknown) => this.refuse(err));
  }

  redo(): void {
    this.forgetRefusal();
    this.backend.redo(this.state.document, freshID()).catch((err: unknown) => this.refuse(err));
  }

  /** Puts away why the last thing was refused. */
  forgetRefusal(): void {
    if (this.state.refused.length > 0) this.store.setState({ refused: [] });
  }

  /** Tells of files that can't be read; none: puts away what was told. */
  tellUnread(unread: StudioState["unread"]): void {
    this.store.setState({ unread });
  }

  /** Puts away that the package was moved. */
  forgetMove(): void {
    this.store.setState({ movedFrom: "" });
  }

  private refuse(err: unknown) {
    if (!(err instanceof Refused)) throw err;
    this.store.setState({ refused: err.problems });
  }

  select(selection: Selection): void {
    const old = this.state.selection;
    const same = old.port === selection.port && old.link === selection.link && old.nodes.length === selection.nodes.length && old.nodes.every((n, i) => n === selection.nodes[i]);
    if (!same) this.store.setState({ selection, renaming: "" });
  }

  selectOnly(id: string, port = ""): void {
    this.select(selectOnly(id, port));
  }

  showWorkflow(id: string): void {
    this.store.setState({ workflow: id, selection: nothing });
  }

  setCatalogue(components: Components, functions: readonly FunctionSpec[]): void {
    this.store.setState({ components, functions });
  }

  setClip(clip: string): void {
    this.store.setState({ clip });
  }

  rename(id: string): void {
    this.store.setState({ renaming: id });
  }

  /** Runs the workflow that is shown. */
  run(): void {
    this.start("", []);
  }

  /** Computes all rows of a port, so that any page of them can be read. */
  computeAll(p: Port): void {
    this.start(portKey(p), [{ node: p.node, output: p.output }]);
  }

  private start(target: string, targets: readonly { node: string; output: number }[]) {
    const { document, doc } = this.state;
    const w = this.shown();
    if (!doc || this.state.run?.active) return;
    this.store.setState({ run: newRun(this.basis(), target), refused: [] });
    const { cancel } = this.backend.startRun({ document, workflow: w.id, clientId: freshID(), targets }, (e) => this.ran(e));
    this.stopRun = cancel;
  }

  /** Follows a run that is under way: it belongs to the Server, whoever started it. */
  private joinRun() {
    const { cancel, stop } = this.backend.joinRun(this.state.path, (e) => {
      if (!this.state.run) this.store.setState({ run: newRun(this.basis(), "") });
      this.ran(e);
    });
    this.stopRun ??= cancel;
    this.stops.push(stop);
  }

  private ran(e: RunEvent) {
    const { run } = this.state;
    if (!run) return;
    switch (e.kind) {
      case "step":
        return this.store.setState({ run: { ...run, steps: withStep(run.steps, e.step) } });
      case "misfit":
        return this.store.setState({ run: { ...run, misfits: [...run.misfits, e.misfit].slice(0, 100) } });
      case "run": {
        const active = e.state === "queued" || e.state === "running";
        this.store.setState({
          run: { ...run, active, state: e.state, problems: e.problems, results: e.results },
          results: withResults(this.state.results, e.results, run),
        });
      }
    }
  }

  /** The result that holds all rows of a port as the workflow is now; undefined: there is none. */
  resultOf(p: Port): RunResult | undefined {
    const kept = this.state.results.get(portKey(p));
    const now = this.basis();
    return kept && sameJson(kept.variables, now.variables) && isFresh(now.workflow, kept.workflow, p.node) ? kept.result : undefined;
  }

  private basis(): Basis {
    return { workflow: this.shown(), variables: getAt(this.state.doc?.shown ?? null, ["variables"]) };
  }

  cancelRun(): void {
    this.stopRun?.();
  }

  /** Puts the note on how the last run ended away. */
  forgetRun(): void {
    if (this.state.run && !this.state.run.active) this.store.setState({ run: { ...this.state.run, seen: true } });
  }
}

function newRun(basis: Basis, target: string): Run {
  return { ...basis, steps: new Map(), active: true, seen: false, state: "queued", target, problems: [], results: [], misfits: [] };
}

function withResults(old: ReadonlyMap<string, KeptResult>, made: readonly RunResult[], { workflow, variables }: Basis): ReadonlyMap<string, KeptResult> {
  const kept = made.filter((r) => r.result !== "");
  if (kept.length === 0) return old;
  return new Map([...old, ...kept.map((result) => [portKey(result), { result, workflow, variables }] as const)]);
}

function withStep(steps: ReadonlyMap<string, RunStep>, step: RunStep): ReadonlyMap<string, RunStep> {
  const next = new Map(steps);
  // The nodes of a step are one query: it counts the rows of the last of them.
  const inner = { ...step, rows: undefined };
  step.nodes.forEach((id, i) => next.set(id, i === step.nodes.length - 1 ? step : inner));
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
