import { describe, expect, test } from "vitest";
import { applyPatches } from "../graph/json";
import { places, workflow, type Workflow } from "../graph/model";
import { components, tree } from "../graph/sample.test-data";
import { Binder, type Card, type Scene } from "./bind";

const words = { node: "node", link: "link", between: (a: string, b: string) => `${a} to ${b}` };

const scene = (over: Partial<Scene> = {}, from = tree): Scene => ({
  workflow: workflow(from, "main") as Workflow, places: places(from, "main"), components, statuses: new Map(), selected: [], renaming: "",
  dragged: new Map(), measured: new Map(), others: new Map(), along: new Set(), link: undefined, words, ...over,
});

describe("binding", () => {
  test("nodes, memos and links with the ports' names", () => {
    const b = new Binder();
    expect(b.bindNodes(scene()).map((n) => n.id)).toEqual(["memo:m", "flights", "airports", "late", "joined", "rest"]);
    expect(b.bindEdges(scene()).map((e) => `${e.source}.${e.sourceHandle}>${e.target}.${e.targetHandle}`)).toEqual([
      "flights.out>late.in", "late.met>joined.left", "airports.out>joined.right", "late.rest>rest.in",
    ]);
    const late = b.bindNodes(scene()).find((n) => n.id === "late") as Card;
    expect(late.data.used).toBe(" met rest ");
  });
  test("one change draws one node", () => {
    const b = new Binder();
    const before = b.bindNodes(scene());
    const changed = applyPatches(tree, [{ path: ["workflows", "main", "nodes", "late", "label"], op: "set", value: "x" }]);
    const after = b.bindNodes(scene({}, changed));
    expect(after.filter((n, i) => n !== before[i]).map((n) => n.id)).toEqual(["late"]);
    const moved = b.bindNodes(scene({ dragged: new Map([["rest", { x: 1, y: 2 }]]) }, changed));
    expect(moved.filter((n, i) => n !== after[i]).map((n) => n.id)).toEqual(["rest"]);
  });
  test("the thread of the selected node's data", () => {
    const tones = new Binder().bindEdges(scene({ selected: ["joined"], along: new Set(["late", "flights", "airports"]) })).map((e) => e.data?.tone);
    expect(tones).toEqual(["chosen", "chosen", "chosen", "plain"]);
  });
  test("one node and its links take part in the order of Tab", () => {
    const b = new Binder();
    const stops = (s: Scene) => [...b.bindNodes(s), ...b.bindEdges(s)].filter((x) => x.domAttributes?.tabIndex === 0).map((x) => x.id);
    expect(stops(scene())).toEqual(["flights", "late<"]);
    expect(stops(scene({ selected: ["airports", "late"] }))).toEqual(["late", "late<", "joined<left", "rest<"]);
    expect(stops(scene({ link: "rest<" }))).toEqual(["flights", "late<", "rest<"]);
    expect(b.bindEdges(scene()).map((e) => e.ariaLabel)).toContain("late to joined");
  });
  test("links that say the same stay the same", () => {
    const b = new Binder();
    const before = b.bindEdges(scene());
    expect(b.bindEdges(scene({ renaming: "late" })).every((e, i) => e === before[i])).toBe(true);
  });
});
