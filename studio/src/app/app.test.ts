import { describe, expect, test } from "vitest";
import { Refused, type DocumentListener, type Opened, type Problem, type RunEvent, type RunRequest, type ServiceProblem, type StudioBackend } from "../api/backend";
import type { Pending } from "../graph/document";
import { components, tree } from "../graph/sample.test-data";
import type { JsonMap } from "../graph/json";
import { node, places } from "../graph/model";
import { addNode } from "./add";
import { commandByID, commands, type CommandContext, pasteText } from "./commands";
import { copyNodes } from "../graph/clipboard";
import { catalogues } from "../i18n/catalogues";
import { readRoute, spellRoute } from "./route";
import { rank } from "./search";
import { matches, spellKeys } from "./shortcuts";
import { missing, nodeStatuses } from "./states";
import { shownWorkflow, Studio } from "./studio";
import { createView } from "./view";

/** A backend that a test answers for by hand. */
class Manual {
  listener: DocumentListener | null = null;
  sent: { pending: Pending; resolve: (n: number) => void; reject: (e: Error) => void }[] = [];
  refreshed = 0;
  closed = 0;
  run: ((e: RunEvent) => void) | null = null;
  asked: RunRequest | null = null;
  services: ((all: readonly ServiceProblem[]) => void) | null = null;
  present: readonly string[] = [];
  uploaded: string[] = [];
  text = "";

  readonly backend: StudioBackend = {
    watchConnection: () => () => void this.closed++,
    catalogue: () => Promise.resolve({ components: [], functions: [] }),
    files: () => Promise.resolve({ files: [], writable: true }),
    findFiles: () => Promise.resolve([]),
    upload: async (u) => {
      this.uploaded.push(u.path);
      this.text = await u.data.text();
      return { path: u.path, folder: false, size: u.data.size, modified: new Date(0), label: "" };
    },
    download: () => Promise.reject(new Error("none")),
    renameFile: () => Promise.resolve(),
    deleteFile: () => Promise.resolve(),
    makeFolder: () => Promise.resolve(),
    createPackage: () => Promise.resolve(),
    open: (_path, listener) => {
      this.listener = listener;
      return () => void this.closed++;
    },
    refresh: () => void this.refreshed++,
    unsent: () => this.sent.length > 0,
    send: (_d, pending) => new Promise<number>((resolve, reject) => this.sent.push({ pending, resolve, reject })),
    undo: () => Promise.reject(new Refused([problem("pack.nothing_to_undo")])),
    redo: () => Promise.resolve(),
    save: () => Promise.resolve(),
    setPresence: (_d, _w, nodes) => void (this.present = nodes),
    watchServices: (listener) => {
      this.services = listener;
      return () => void (this.services = null);
    },
    openPreview: () => ({ show: () => undefined, close: () => undefined }),
    watchStatistics: () => () => undefined,
    page: () => Promise.resolve({ rows: [], total: 0 }),
    startRun: (r, listener) => {
      this.run = listener;
      this.asked = r;
      return { cancel: () => listener({ kind: "run", state: "cancelled", problems: [], results: [] }) };
    },
    joinRun: (_p, listener) => {
      this.run = listener;
      return { cancel: () => undefined, stop: () => void this.closed++ };
    },
  };
}

const problem = (id: string, over: Partial<Problem["place"]> = {}): Problem => ({ id, kind: "invalid", text: id, place: { workflow: "main", node: "", setting: "", ...over } });
const opened: Opened = { document: "d", tree, number: 3, canUndo: true, canRedo: false, writable: true, runnable: true, settled: "" };

function open() {
  const manual = new Manual();
  const studio = new Studio(manual.backend, "x.weft", components);
  const stop = studio.open();
  manual.listener?.opened(opened);
  const context: CommandContext = { studio, view: createView(null), canvas: null, app: { toggleTheme: () => undefined, toggleLanguage: () => undefined, home: () => undefined } };
  return { manual, studio, stop, context };
}

describe("studio", () => {
  test("a command shows at once, and goes with its refusal", async () => {
    const { manual, studio } = open();
    studio.do({ kind: "rename", workflow: "main", node: "late", label: "Late" });
    expect(node(studio.state.doc?.shown ?? null, "main", "late")?.label).toBe("Late");
    manual.sent[0]?.reject(new Refused([problem("pack.x", { node: "late", setting: "formula" })]));
    await Promise.resolve();
    await Promise.resolve();
    expect(node(studio.state.doc?.shown ?? null, "main", "late")?.label).toBe("");
    expect(studio.state.refused.map((p) => p.id)).toEqual(["pack.x"]);
  });
  test("what was done is still there when the package is gone, and is saved again as a whole", async () => {
    const { manual, studio } = open();
    studio.do({ kind: "rename", workflow: "main", node: "late", label: "Late" });
    manual.listener?.failed(new Refused([{ ...problem("workspace.not_there"), kind: "not_found" }]));
    manual.sent[0]?.reject(new Refused([problem("document.not_open")]));
    await Promise.resolve();
    await Promise.resolve();
    await studio.saveAgain();
    expect(manual.uploaded).toEqual(["x.weft"]);
    expect(manual.text).toContain("\"label\":\"Late\"");
  });
  test("a package that is moved under somebody's hands is the same at its new path", () => {
    const { manual, studio } = open();
    manual.listener?.file({ saved: 3, conflict: null, refusal: null, path: "x.weft" });
    expect(studio.state.movedFrom).toBe("");
    manual.listener?.file({ saved: 3, conflict: null, refusal: null, path: "y/x.weft" });
    expect([studio.state.path, studio.state.movedFrom]).toEqual(["y/x.weft", "x.weft"]);
    studio.forgetMove();
    expect(studio.state.movedFrom).toBe("");
  });
  test("what a package declares and is not published is told at its nodes", () => {
    const { manual, studio } = open();
    expect(manual.services).toBeNull();
    const services = { late: { list: { output: "late" } } };
    manual.listener?.opened({ ...opened, number: 4, tree: { ...(tree as JsonMap), services } });
    manual.services?.([
      { path: "other.weft", service: "x", operation: "", problems: [problem("publish.a")] },
      { path: "x.weft", service: "late", operation: "list", problems: [problem("publish.b"), problem("publish.c", { node: "flights" })] },
    ]);
    expect(studio.state.unpublished.map((p) => [p.id, p.service, p.place.node])).toEqual([["publish.b", "late/list", "late"], ["publish.c", "late/list", "flights"]]);
    expect([...nodeStatuses(studio.shown(), components, [], null, studio.state.unpublished)].flatMap(([id, s]) => (s.unpublished ? [id] : []))).toEqual(["flights", "late"]);
    manual.listener?.opened({ ...opened, number: 5 });
    expect([manual.services, studio.state.unpublished]).toEqual([null, []]);
  });
  test("a gap in the events asks for a snapshot, once", () => {
    const { manual, studio } = open();
    const event = (number: number) => manual.listener?.event({ number, clientId: "", name: "", patches: [], canUndo: false, canRedo: false });
    event(7);
    event(8);
    expect([manual.refreshed, studio.state.doc?.lost]).toEqual([1, true]);
    manual.listener?.opened({ ...opened, number: 8 });
    expect([studio.state.doc?.lost, studio.state.doc?.number]).toEqual([false, 8]);
  });
  test("what is removed by somebody else is selected no more", () => {
    const { manual, studio } = open();
    studio.selectOnly("rest");
    manual.listener?.event({ number: 4, clientId: "", name: "", canUndo: false, canRedo: false, patches: [{ path: ["workflows", "main", "nodes", "rest"], op: "remove" }] });
    expect(studio.state.selection.nodes).toEqual([]);
  });
  test("a run tells its steps and ends", () => {
    const { manual, studio } = open();
    studio.run();
    manual.run?.({ kind: "step", step: { nodes: ["flights", "late"], state: "done", rows: 5 } });
    expect([...(studio.state.run?.steps.keys() ?? [])]).toEqual(["flights", "late"]);
    studio.cancelRun();
    expect(studio.state.run?.active).toBe(false);
  });
  test("closing ends all that was begun", () => {
    const { manual, studio, stop } = open();
    stop();
    expect(manual.closed).toBe(3);
    studio.selectOnly("rest");
    expect(manual.present).toEqual([]);
  });
  test("a command that is acknowledged before a snapshot holds it is pending no more", async () => {
    const { manual, studio } = open();
    studio.do({ kind: "rename", workflow: "main", node: "late", label: "Late" });
    manual.sent[0]?.resolve(5);
    await Promise.resolve();
    expect(studio.state.doc?.pending[0]?.number).toBe(5);
    manual.listener?.opened({ ...opened, number: 4 });
    expect(studio.state.doc?.pending).toHaveLength(1);
    manual.listener?.opened({ ...opened, number: 5 });
    expect(studio.state.doc?.pending).toEqual([]);
  });
  test("a snapshot in place of one's own too large event settles its command", () => {
    const { manual, studio } = open();
    studio.do({ kind: "rename", workflow: "main", node: "late", label: "Late" });
    manual.listener?.opened({ ...opened, number: 4, settled: manual.sent[0]?.pending.id ?? "" });
    expect(studio.state.doc?.pending).toEqual([]);
  });
  test("a package that may only be read sends nothing", () => {
    const { manual, studio, context } = open();
    manual.listener?.opened({ ...opened, writable: false });
    studio.selectOnly("late");
    commandByID("delete").run(context);
    expect([manual.sent.length, commandByID("delete").enabled(context), commandByID("copy").enabled(context)]).toEqual([0, false, true]);
  });
  test("nodes without a place stay where they are shown when one gets a place", () => {
    const { manual, studio } = open();
    const before = studio.places().get("rest");
    studio.do({ kind: "move_nodes", workflow: "main", places: { late: [0, 800] } });
    expect([studio.places().get("rest"), studio.places().get("late")]).toEqual([before, { x: 0, y: 800 }]);
    expect(manual.sent[0]?.pending.command).toMatchObject({ kind: "move_nodes", places: { late: [0, 800], rest: [before?.x, before?.y] } });
  });
  test("others come, move and go, and are told where this person is", () => {
    const { manual, studio } = open();
    const anna = { session: "s", name: "Anna", gone: false, workflow: "main", nodes: ["late"] };
    manual.listener?.presence(anna);
    expect([...studio.state.others.values()]).toEqual([anna]);
    manual.listener?.presence({ ...anna, gone: true });
    expect(studio.state.others.size).toBe(0);
    studio.selectOnly("rest");
    expect(manual.present).toEqual(["rest"]);
  });
  test("all rows of a port hold until what they are made of changes", () => {
    const { manual, studio } = open();
    const port = { document: "d", workflow: "main", node: "late", output: 0 };
    studio.computeAll(port);
    expect(manual.asked?.targets).toEqual([{ node: "late", output: 0 }]);
    const result = { node: "late", output: 0, path: "", result: "r1", rows: 7, columns: [] };
    manual.run?.({ kind: "run", state: "done", problems: [], results: [result] });
    expect(studio.resultOf(port)).toEqual(result);
    studio.do({ kind: "rename", workflow: "main", node: "late", label: "Late" });
    expect(studio.resultOf(port)).toEqual(result);
    studio.do({ kind: "set_setting", workflow: "main", node: "flights", path: "path", value: "other.parquet" });
    expect(studio.resultOf(port)).toBeUndefined();
  });
  test("selectors give the same object for the same document", () => {
    const { studio } = open();
    const before = [shownWorkflow(studio.state), studio.places()];
    studio.selectOnly("late");
    expect([shownWorkflow(studio.state), studio.places()].every((x, i) => x === before[i])).toBe(true);
  });
});

describe("commands", () => {
  test("ids, words and keys are all there, and no key twice", () => {
    expect(new Set(commands.map((c) => c.id)).size).toBe(commands.length);
    const keys = commands.flatMap((c) => c.shortcuts ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    for (const c of commands) expect(catalogues.ru[c.label]).toBeTruthy();
  });
  test("what needs a selection waits for one", () => {
    const { context } = open();
    const can = () => ["delete", "copy", "rename", "duplicate"].map((id) => commandByID(id).enabled(context));
    expect(can()).toEqual([false, false, false, false]);
    context.studio.select({ nodes: ["late", "rest"], port: "" });
    expect(can()).toEqual([true, true, false, true]);
  });
  test("delete, duplicate, arrange and keep send commands", () => {
    const { context, manual } = open();
    context.studio.selectOnly("late");
    for (const id of ["keep", "duplicate", "arrange", "delete"]) {
      globalThis.requestAnimationFrame ??= () => 0;
      commandByID(id).run(context);
    }
    // One node of the sample has no place of its own: it gets the one that it is shown at.
    expect(manual.sent.map((s) => s.pending.command.kind)).toEqual(["set_keep", "batch", "move_nodes", "remove_nodes"]);
  });
  test("selecting along the flow keeps the node whose settings show", () => {
    const { context } = open();
    context.studio.selectOnly("joined");
    commandByID("select_upstream").run(context);
    expect(context.studio.state.selection.nodes.at(-1)).toBe("joined");
    expect([...context.studio.state.selection.nodes].sort()).toEqual(["airports", "flights", "joined", "late"]);
  });
  test("pasted nodes are selected, other text is not pasted", () => {
    const { studio } = open();
    const text = copyNodes(studio.shown(), studio.places(), ["late"]);
    expect(pasteText(studio, text, { x: 0, y: 0 })).toBe(true);
    expect(studio.state.selection.nodes).toEqual(["late_2"]);
    expect(pasteText(studio, "hello", { x: 0, y: 0 })).toBe(false);
  });
  test("a new node continues the selected one, at its right", () => {
    const { studio } = open();
    const sort = components.get("rows.sort");
    if (!sort) throw new Error("no sort");
    studio.selectOnly("late", "rest");
    const id = addNode(studio, sort, { x: 0, y: 0 });
    expect(node(studio.state.doc?.shown ?? null, "main", id)?.inputs).toEqual([{ port: "", from: { node: "late", port: "rest" } }]);
    expect(places(studio.state.doc?.shown ?? null, "main").get(id)?.x).toBe(480);
  });
  test("a dropped node stays where it fell, without a link", () => {
    const { studio } = open();
    const sort = components.get("rows.sort");
    if (!sort) throw new Error("no sort");
    studio.selectOnly("late");
    const id = addNode(studio, sort, { x: 0, y: 0 }, { x: 101, y: 59 });
    expect(node(studio.state.doc?.shown ?? null, "main", id)?.inputs).toEqual([]);
    expect(places(studio.state.doc?.shown ?? null, "main").get(id)).toEqual({ x: 104, y: 56 });
  });
});

describe("states", () => {
  const w = shownWorkflow(open().studio.state);
  const step = (state: "done" | "running" | "failed") => ({ nodes: [], state, rows: 7, percent: 40 });
  const stateOf = (run: Parameters<typeof nodeStatuses>[3], problems: Problem[] = [], at = w) =>
    Object.fromEntries([...nodeStatuses(at, components, problems, run)].map(([id, s]) => [id, s.state]));
  test("without a run nodes are ready, or incomplete without an input", () => {
    const bare = { ...w, nodes: w.nodes.map((n) => (n.id === "rest" ? { ...n, inputs: [] } : n)) };
    expect(stateOf(null, [], bare)).toEqual({ flights: "ready", airports: "ready", late: "ready", joined: "ready", rest: "incomplete" });
  });
  test("a run's steps, and what changed since", () => {
    const steps = new Map(w.nodes.map((n) => [n.id, step(n.id === "joined" ? "running" : "done")]));
    expect(stateOf({ workflow: w, steps })).toMatchObject({ flights: "done", joined: "running" });
    const changed = { ...w, nodes: w.nodes.map((n) => (n.id === "late" ? { ...n, settings: { formula: "true" } } : n)) };
    expect(stateOf({ workflow: w, steps }, [], changed)).toMatchObject({ flights: "done", late: "stale", rest: "stale" });
    const renamed = { ...w, nodes: w.nodes.map((n) => (n.id === "late" ? { ...n, label: "x" } : n)) };
    expect(stateOf({ workflow: w, steps }, [], renamed)).toMatchObject({ late: "done", rest: "done" });
  });
  test("of a step that failed, the node is failed that is named; all where none is", () => {
    const steps = new Map(["flights", "late"].map((id) => [id, { nodes: ["flights", "late"], state: "failed" as const }]));
    expect(stateOf({ workflow: w, steps })).toMatchObject({ flights: "failed", late: "failed" });
    expect(stateOf({ workflow: w, steps, problems: [problem("x", { node: "late" })] })).toMatchObject({ flights: "ready", late: "failed" });
  });
  test("a problem fails its node", () => {
    expect(stateOf(null, [problem("x", { node: "late" })])).toMatchObject({ late: "failed", flights: "ready" });
  });
  test("required settings", () => {
    expect(missing([{ key: "a", kind: "text", required: true }, { key: "b", kind: "list", required: true }, { key: "c", kind: "text" }], { a: "", b: [1] })).toEqual(["a"]);
  });
});

describe("keys", () => {
  const press = (key: string, code: string, mods: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", boolean>> = {}) =>
    ({ key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...mods });
  test.each([
    ["Mod+Z", press("z", "KeyZ", { ctrlKey: true }), false, true],
    ["Mod+Z", press("я", "KeyZ", { ctrlKey: true }), false, true],
    ["Mod+Z", press("Z", "KeyZ", { ctrlKey: true, shiftKey: true }), false, false],
    ["Mod+Shift+Z", press("Z", "KeyZ", { ctrlKey: true, shiftKey: true }), false, true],
    ["Mod+K", press("k", "KeyK", { metaKey: true }), true, true],
    ["Mod+K", press("k", "KeyK", { ctrlKey: true }), true, false],
    ["F9", press("F9", "F9"), false, true],
    ["F9", press("F9", "F9", { shiftKey: true }), false, false],
    ["?", press("?", "Slash", { shiftKey: true }), false, true],
    ["Mod+0", press("0", "Digit0", { ctrlKey: true }), false, true],
    ["Mod+Alt+B", press("b", "KeyB", { ctrlKey: true, altKey: true }), false, true],
    ["Delete", press("Delete", "Delete"), false, true],
  ])("%s", (keys, event, mac, want) => expect(matches(keys, event, mac)).toBe(want));
  test("as people read them", () => {
    expect([spellKeys("Mod+Shift+Z", false), spellKeys("Mod+K", true), spellKeys("Shift+ArrowLeft", false), spellKeys("+", false)]).toEqual(["Ctrl+Shift+Z", "⌘K", "Shift+←", "+"]);
  });
});

describe("the rest", () => {
  test("search puts beginnings first and asks for all words", () => {
    const all = [["Distinct rows", "rows.distinct"], ["Sort", "rows.sort"], ["Text file", "output.text"]];
    expect(rank(all, "sor", (x) => x).map((x) => x[0])).toEqual(["Sort"]);
    expect(rank(all, "rows", (x) => x).map((x) => x[0])).toEqual(["Distinct rows", "Sort"]);
    expect(rank(all, "text input", (x) => x)).toEqual([]);
    expect(rank(all, " ", (x) => x)).toHaveLength(3);
  });
  test.each(["a.weft", "папка/отчёт 1.weft", "100%/#x.weft"])("the route of %s reads back", (path) => {
    expect(readRoute(spellRoute({ kind: "package", path }))).toEqual({ kind: "package", path });
  });
  test("an odd hash is home", () => expect([readRoute("#/open/%E0%A4%A"), readRoute(""), readRoute("#/x")].map((r) => r.kind)).toEqual(["home", "home", "home"]));
  test("the arrangement is kept, as far as it has the right shape", () => {
    const kept = new Map([["weft.view", JSON.stringify({ left: 300, right: "x", leftOpen: false })]]);
    const storage = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) } as unknown as Storage;
    const view = createView(storage);
    expect([view.getState().left, view.getState().right, view.getState().leftOpen]).toEqual([300, 328, false]);
    view.setState({ bottom: 200, palette: true });
    expect(JSON.parse(kept.get("weft.view") ?? "")).toMatchObject({ bottom: 200, palette: false });
  });
  test("storage that is full or closed does not matter", () => {
    const closed = { getItem: () => { throw new Error("closed"); }, setItem: () => { throw new Error("full"); } } as unknown as Storage;
    const view = createView(closed);
    view.setState({ left: 260 });
    expect(view.getState().left).toBe(260);
  });
});
