import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPatches, getAt, type Patch, sameJson } from "./json";
import type { Command } from "./command";
import { type Document, type DocumentEvent, issue, openDocument, receive, reject, reopen } from "./document";
import { node, places, workflow } from "./model";
import { predict } from "./predict";
import { tree } from "./sample.test-data";

const event = (number: number, patches: Patch[], clientId = ""): DocumentEvent => ({ number, clientId, name: "ann", patches, canUndo: true, canRedo: false });
const rename = (id: string, label: string): Command => ({ kind: "rename", workflow: "main", node: id, label });
const labelOf = (d: Document, id: string) => node(d.shown, "main", id)?.label;
const setLabel = (id: string, label: string): Patch => ({ path: ["workflows", "main", "nodes", id, "label"], op: "set", value: label });

describe("document", () => {
  test("shows a command at once and confirms it", () => {
    let d = issue(openDocument(tree, 4), { id: "a", command: rename("late", "Late") });
    expect(labelOf(d, "late")).toBe("Late");
    d = receive(d, event(5, [setLabel("late", "LATE")], "a"));
    expect([labelOf(d, "late"), d.pending.length, d.canUndo, d.number]).toEqual(["LATE", 0, true, 5]);
  });
  test("somebody else's change comes under what is pending", () => {
    let d = issue(openDocument(tree, 4), { id: "a", command: rename("late", "mine") });
    d = receive(d, event(5, [setLabel("late", "theirs"), setLabel("flights", "F")]));
    expect([labelOf(d, "late"), labelOf(d, "flights")]).toEqual(["mine", "F"]);
    d = reject(d, "a");
    expect(labelOf(d, "late")).toBe("theirs");
  });
  test("a command for a node that is gone shows nothing and waits for the verdict", () => {
    let d = issue(openDocument(tree, 4), { id: "a", command: rename("rest", "R") });
    d = receive(d, event(5, [{ path: ["workflows", "main", "nodes", "rest"], op: "remove" }]));
    expect([node(d.shown, "main", "rest"), d.pending.length, d.lost]).toEqual([undefined, 1, false]);
  });
  test("pending commands build on one another", () => {
    let d = openDocument(tree, 4);
    d = issue(d, { id: "a", command: { kind: "add_node", workflow: "main", id: "top", node: { component: "rows.sample", input: "late", at: [8, 8] } } });
    d = issue(d, { id: "b", command: rename("top", "Top") });
    d = receive(d, event(5, [setLabel("late", "x")]));
    expect([labelOf(d, "top"), places(d.shown, "main").get("top")]).toEqual(["Top", { x: 8, y: 8 }]);
    d = reject(d, "a");
    expect(node(d.shown, "main", "top")).toBeUndefined();
  });
  test("passes over what it knows, and notices a gap", () => {
    const d = openDocument(tree, 4);
    expect(receive(d, event(4, [setLabel("late", "x")]))).toBe(d);
    expect(receive(d, event(6, [])).lost).toBe(true);
  });
  test("a patch that does not fit asks for a snapshot; pending survives it", () => {
    let d = issue(openDocument(tree, 4), { id: "a", command: rename("late", "mine") });
    d = receive(d, event(5, [{ path: ["no", "such"], op: "remove" }]));
    expect(d.lost).toBe(true);
    d = reopen(d, tree, 9, false, true);
    expect([d.lost, d.number, labelOf(d, "late"), d.canRedo]).toEqual([false, 9, "mine", true]);
  });
});

describe("predictions", () => {
  const after = (c: Command) => applyPatches(tree, predict(tree, c));
  const at = (c: Command, ...path: string[]) => getAt(after(c), ["workflows", "main", "nodes", ...path]);

  test("removing nodes takes their links, places and empty inputs", () => {
    const t = after({ kind: "remove_nodes", workflow: "main", nodes: ["late", "airports"] });
    expect(workflow(t, "main")?.nodes.map((n) => [n.id, n.inputs.length])).toEqual([["flights", 0], ["joined", 0], ["rest", 0]]);
    expect(getAt(t, ["workflows", "main", "nodes", "joined", "inputs"])).toBeUndefined();
    expect([...places(t, "main").keys()]).toEqual(["flights", "joined"]);
  });
  test("connecting replaces the link of the port", () => {
    expect(at({ kind: "connect", workflow: "main", node: "joined", port: "left", from: "flights" }, "joined", "inputs", "left")).toBe("flights");
    expect(at({ kind: "connect", workflow: "main", node: "rest", from: "flights" }, "rest", "input")).toBe("flights");
  });
  test("settings within lists", () => {
    const c = (path: string, more: object): Command => ({ kind: "set_setting", workflow: "main", node: "joined", path, ...more });
    expect(at(c("keys[0].left", { value: "dest" }), "joined", "settings", "keys")).toEqual([{ left: "dest", right: "iata" }]);
    expect(at(c("keys[1]", { value: {}, insert: true }), "joined", "settings", "keys")).toHaveLength(2);
    expect(at(c("keys[0]", { unset: true }), "joined", "settings", "keys")).toEqual([]);
    expect(at(c("kind", { value: "left" }), "joined", "settings", "kind")).toBe("left");
    expect(predict(tree, c("keys[7].left", { value: "x" }))).toEqual([]);
  });
  test("the last setting takes the key settings with it", () => {
    expect(at({ kind: "set_setting", workflow: "main", node: "late", path: "formula", unset: true }, "late", "settings")).toBeUndefined();
  });
  test("pasting makes ids anew and follows links", () => {
    const t = after({
      kind: "paste", workflow: "main", shift: [10, 20],
      nodes: { late: { component: "rows.filter", input: "flights", at: [0, 0] }, rest: { component: "rows.sort", input: "late.rest" }, lone: { component: "rows.sort", input: "gone" } },
    });
    expect(node(t, "main", "late_2")?.inputs).toEqual([{ port: "", from: { node: "flights", port: "" } }]);
    expect(node(t, "main", "rest_2")?.inputs).toEqual([{ port: "", from: { node: "late_2", port: "rest" } }]);
    expect(node(t, "main", "lone")?.inputs).toEqual([]);
    expect(places(t, "main").get("late_2")).toEqual({ x: 10, y: 20 });
  });
  test("a batch goes step by step", () => {
    const t = after({ kind: "batch", commands: [
      { kind: "add_node", workflow: "main", id: "n", node: { component: "rows.sort" } },
      { kind: "connect", workflow: "main", node: "n", from: "late" },
      { kind: "set_memo", workflow: "main", id: "m2", memo: { text: "hi", at: [0, 0] }, new: true },
    ] });
    expect(node(t, "main", "n")?.inputs).toHaveLength(1);
    expect(workflow(t, "main")?.memos.map((m) => m.id)).toEqual(["m", "m2"]);
  });

  const ids = fc.constantFrom("flights", "airports", "late", "joined", "rest", "none");
  const commands: fc.Arbitrary<Command> = fc.oneof(
    fc.record({ kind: fc.constant("rename" as const), workflow: fc.constant("main"), node: ids, label: fc.string() }),
    fc.record({ kind: fc.constant("remove_nodes" as const), workflow: fc.constant("main"), nodes: fc.uniqueArray(ids, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant("disconnect" as const), workflow: fc.constant("main"), node: ids, port: fc.constantFrom("", "left") }),
    fc.record({ kind: fc.constant("set_keep" as const), workflow: fc.constant("main"), node: ids, keep: fc.boolean() }),
    fc.record({ kind: fc.constant("connect" as const), workflow: fc.constant("main"), node: ids, port: fc.constantFrom("", "left", "right"), from: ids }),
    fc.record({ kind: fc.constant("set_setting" as const), workflow: fc.constant("main"), node: ids, path: fc.constantFrom("keys[0].left", "formula", "keys[3]"), value: fc.jsonValue() as fc.Arbitrary<string> }),
  );
  test("any predictions fit the tree that they were made for", () => {
    fc.assert(fc.property(fc.array(commands, { maxLength: 12 }), (list) => {
      let t = tree;
      for (const c of list) t = applyPatches(t, predict(t, c));
    }));
  });
  test("when the Server does what was predicted, nothing moves at its answer", () => {
    fc.assert(fc.property(fc.array(commands, { minLength: 1, maxLength: 8 }), (list) => {
      let mine = openDocument(tree, 0);
      list.forEach((command, i) => (mine = issue(mine, { id: String(i), command })));
      const wanted = mine.shown;
      let server = tree;
      list.forEach((command, i) => {
        const patches = predict(server, command);
        server = applyPatches(server, patches);
        mine = receive(mine, event(i + 1, patches, String(i)));
        expect(sameJson(mine.shown, wanted)).toBe(true);
      });
      expect(mine.pending).toEqual([]);
    }));
  });
});
