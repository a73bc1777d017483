import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { componentOf, family, writtenInput, writtenOutput } from "./catalogue";
import { copyNodes, pasteCommand, readClip } from "./clipboard";
import { bounds, freeSpot, neighbour, nodeRect, nodesIn, opening, overlaps, spotAfter } from "./hit";
import { newID } from "./id";
import { connectCommand, disconnectCommand, linkID, linkOf, linksAt, possibleLinks } from "./links";
import { autoLayout, completePlaces, nodeSize } from "./layout";
import { places, variableOf, variables, workflow, type Workflow } from "./model";
import { readPath, spellPath } from "./path";
import { canConnect, freeInput, openInputs } from "./ports";
import { downstream, edges, findNodes, inOrder, upstream } from "./query";
import { components, tree } from "./sample.test-data";
import { current, keepThere, nothing, selectAll, selectLink, selectOnly, toggle } from "./selection";

const main = workflow(tree, "main") as Workflow;
const at = places(tree, "main");

describe("model", () => {
  test("reads nodes, links, memos and variables", () => {
    expect(main.nodes.map((n) => n.id)).toEqual(["flights", "airports", "late", "joined", "rest"]);
    expect(edges(main).map((e) => `${e.source}.${e.sourcePort}>${e.target}.${e.targetPort}`)).toEqual([
      "flights.>late.", "late.>joined.left", "airports.>joined.right", "late.rest>rest.",
    ]);
    expect(main.memos[0]).toEqual({ id: "m", text: "Read me", at: { x: 0, y: -120 }, size: { x: 200, y: 80 } });
    expect(variables(tree)).toEqual([{ name: "min", type: "integer", default: 15, label: "" }]);
    expect(variableOf({ var: "min" })).toBe("min");
    expect(variableOf({ var: "min", x: 1 })).toBeUndefined();
  });
  test("gives the same view for the same tree", () => expect(workflow(tree, "main")).toBe(main));
  test("takes what has a wrong shape as missing", () => {
    expect(workflow({ workflows: { main: { nodes: [1] } } }, "main")?.nodes).toEqual([]);
    expect(workflow([], "main")).toBeUndefined();
  });
});

describe("queries", () => {
  test("upstream and downstream", () => {
    expect([...upstream(main, ["joined"])].sort()).toEqual(["airports", "flights", "late"]);
    expect([...downstream(main, ["flights"])].sort()).toEqual(["joined", "late", "rest"]);
    expect([...downstream(main, ["rest"])]).toEqual([]);
  });
  test("order of the data's flow", () => {
    expect(inOrder(main).map((n) => n.id)).toEqual(["flights", "airports", "late", "joined", "rest"]);
  });
  test("a circle ends the walk", () => {
    const ring = workflow({ workflows: { r: { nodes: { a: { input: "b" }, b: { input: "a" } } } } }, "r") as Workflow;
    expect(inOrder(ring).map((n) => n.id)).toEqual(["a", "b"]);
    expect([...upstream(ring, ["a"])]).toEqual(["b"]);
  });
  test("search", () => {
    expect(findNodes(main, "FILTER").map((n) => n.id)).toEqual(["late"]);
    expect(findNodes(main, "input fl").map((n) => n.id)).toEqual(["flights"]);
  });
});

describe("ports", () => {
  const verdict = (source: string, sourcePort: string, target: string, targetPort: string) =>
    canConnect(main, components, { source, sourcePort, target, targetPort });
  test.each([
    ["ok", "airports", "misfits", "rest", "in"],
    ["self", "late", "", "late", "in"],
    ["cycle", "rest", "out", "late", ""],
    ["unknown", "airports", "nope", "rest", "in"],
    ["unknown", "gone", "", "rest", ""],
  ] as const)("%s: %s.%s to %s.%s", (want, source, out, target, into) => expect(verdict(source, out, target, into)).toBe(want));
  test("types must agree", () => {
    const w: Workflow = { ...main, nodes: [...main.nodes, { id: "m", component: "model.apply@2", label: "", note: "", keep: false, inputs: [], settings: {} }] };
    expect(canConnect(w, components, { source: "late", sourcePort: "", target: "m", targetPort: "" })).toBe("type");
  });
  test("free and open inputs", () => {
    const w: Workflow = { ...main, nodes: main.nodes.map((n) => (n.id === "joined" ? { ...n, inputs: n.inputs.slice(0, 1) } : n)) };
    expect(freeInput(w, components, { node: "airports", port: "" }, "joined")).toBe("right");
    expect(freeInput(main, components, { node: "airports", port: "" }, "joined")).toBeUndefined();
    expect(openInputs(w, components, "joined")).toEqual(["right"]);
  });
  test("names as documents write them", () => {
    const join = componentOf(components, "tables.join");
    const filter = componentOf(components, "rows.filter@3");
    if (!join || !filter) throw new Error("no spec");
    expect([writtenInput(filter, "in"), writtenInput(join, "left"), writtenOutput(filter, "met"), writtenOutput(filter, "rest")]).toEqual(["", "left", "", "rest"]);
    expect([family("rows.filter@2"), family("x")]).toEqual(["rows", ""]);
  });
});

describe("places", () => {
  test("layout goes from left to right and covers nothing", () => {
    const made = autoLayout(main);
    for (const e of edges(main)) expect(made.get(e.target)?.x).toBeGreaterThan(made.get(e.source)?.x ?? Infinity);
    const all = [...made.values()].map(nodeRect);
    all.forEach((a, i) => all.slice(i + 1).forEach((b) => expect(overlaps(a, b)).toBe(false)));
    expect(bounds(made.values())).toMatchObject({ x: 0, y: 0 });
  });
  test("a node without a place gets one that is free", () => {
    const all = completePlaces(main, at);
    expect(all.get("late")).toEqual({ x: 240, y: 0 });
    const rest = all.get("rest");
    if (!rest) throw new Error("no place");
    expect(nodesIn(at, nodeRect(rest))).toEqual([]);
  });
  test("nodes in a rectangle", () => {
    expect(nodesIn(at, { x: 190, y: 10, width: 60, height: 20 })).toEqual(["flights", "late"]);
  });
  describe("the canvas opens", () => {
    const room = { width: 800, height: 500 };
    const far = { x: 100_000, y: 0 };
    test("in the middle of what fits", () => {
      expect(opening([{ x: 0, y: 0 }, { x: 204, y: 32 }], room, 0.8)).toEqual({ x: 200, y: 200, zoom: 1 });
    });
    test("on the first node of what does not fit", () => {
      const tall = Array.from({ length: 500 }, (_, i) => ({ x: 240, y: 96 * i }));
      const { x, y, zoom } = opening([{ x: 0, y: 24_000 }, ...tall, far], room, 0.8);
      expect([x, y + (24_000 + nodeSize.height / 2) * zoom, zoom]).toEqual([40, 250, 0.8]);
    });
    test("at the edge when the first node is there", () => {
      const tall = Array.from({ length: 500 }, (_, i) => ({ x: 0, y: 96 * i }));
      expect(opening([...tall, far], room, 0.8)).toEqual({ x: 40, y: 40, zoom: 0.8 });
    });
    test("somewhere when there is nothing", () => expect(opening([], room, 0.8)).toEqual({ x: 400, y: 250, zoom: 1 }));
  });
  test("a free spot is free", () => {
    fc.assert(fc.property(fc.array(fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) }), { maxLength: 20 }), (taken) => {
      const spot = freeSpot(taken, { x: 3, y: 5 });
      expect(taken.some((t) => overlaps(nodeRect(t), nodeRect(spot)))).toBe(false);
    }));
    expect(spotAfter(at, "late").x).toBeGreaterThan(240 + 100);
  });
  test("the arrow keys' neighbour", () => {
    expect(["right", "down", "left"].map((d) => neighbour(at, "flights", d as "right"))).toEqual(["late", "airports", undefined]);
    expect(neighbour(at, "joined", "left")).toBe("late");
  });
});

describe("clipboard", () => {
  test("nodes go through text", () => {
    const text = copyNodes(main, at, ["late", "joined"]);
    const c = pasteCommand(text, "main", { x: 300, y: 50 });
    expect(c?.shift).toEqual([60, 50]);
    expect(c?.nodes["late"]).toEqual({ component: "rows.filter", input: "flights", settings: { formula: "delay >= $min" }, at: [240, 0] });
    expect(c?.nodes["joined"]).toMatchObject({ inputs: { left: "late", right: "airports" } });
  });
  test.each(["", "hello", "[]", "{\"format\":\"weft/nodes@1\"}", "{\"format\":\"weft/nodes@1\",\"at\":[0,0],\"nodes\":{\"A b\":{\"component\":\"x\"}}}"])("refuses %s", (s) => {
    expect(readClip(s)).toBeNull();
  });
  test("nothing selected is no text", () => expect(copyNodes(main, at, [])).toBe(""));
});

describe("links", () => {
  const spelled = (id: string) => possibleLinks(main, components, id).map((e) => `${e.source}.${e.sourcePort}>${linkID(e)}${e.replaces ? "!" : ""}`);
  test("all that may be made, without circles and without those that are there", () => {
    expect(spelled("rest")).toEqual(["rest.>joined<left!", "rest.>joined<right!", "flights.>rest<!", "airports.>rest<!", "airports.misfits>rest<!", "late.>rest<!", "joined.>rest<!"]);
    expect(spelled("flights")).toEqual(["flights.>joined<left!", "flights.>joined<right!", "flights.>rest<!"]);
    expect(spelled("gone")).toEqual([]);
  });
  test("each is one that may be drawn", () => {
    for (const n of main.nodes) for (const e of possibleLinks(main, components, n.id)) expect(canConnect(main, components, e)).toBe("ok");
  });
  test("those that are there, and their commands", () => {
    expect(linksAt(main, "late").map(linkID)).toEqual(["late<", "joined<left", "rest<"]);
    const rest = linkOf(main, "rest<");
    if (!rest) throw new Error("no link");
    expect(connectCommand("main", rest)).toEqual({ kind: "connect", workflow: "main", node: "rest", from: "late.rest" });
    expect(disconnectCommand("main", { target: "joined", targetPort: "left" })).toEqual({ kind: "disconnect", workflow: "main", node: "joined", port: "left" });
  });
});

describe("selection", () => {
  test("a link, as long as it is there", () => {
    const s = selectLink("joined<left");
    expect(keepThere(s, main)).toBe(s);
    expect(keepThere(selectLink("joined<middle"), main)).toBe(nothing);
    expect(keepThere(s, undefined)).toBe(nothing);
  });
  test("only, toggle, all, what is there", () => {
    expect(toggle(selectOnly("a"), "b").nodes).toEqual(["a", "b"]);
    expect(toggle(selectOnly("a"), "a").nodes).toEqual([]);
    expect(selectAll(main).nodes).toHaveLength(5);
    const s = selectOnly("late");
    expect(keepThere(s, main)).toBe(s);
    expect(keepThere({ nodes: ["late", "gone"], port: "" }, main).nodes).toEqual(["late"]);
    expect([current(nothing), current(s)]).toEqual([undefined, "late"]);
  });
});

describe("paths of settings", () => {
  test.each([
    ["measures[1].column", ["measures", 1, "column"]],
    ["[\"a key\"].x", ["a key", "x"]],
    ["колонка", ["колонка"]],
  ] as const)("%s", (text, path) => {
    expect(readPath(text)).toEqual(path);
    expect(spellPath(path)).toBe(text);
  });
  test.each(["a..b", ".a", "a[-1]", "a[01]", "a[x]", "a[\"x]"])("refuses %s", (s) => expect(readPath(s)).toBeNull());
  test("any path reads back", () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat(1000))), (p) => {
      expect(readPath(spellPath(p))).toEqual(p);
    }));
  });
});

describe("ids", () => {
  test.each([
    ["By airport", "by_airport"],
    ["Рейсы 2024", "reisy_2024"],
    ["Объявления", "obiavleniia"],
    ["  ", "node"],
    ["7 days", "n7_days"],
    ["Größe", "grosse"],
    ["naïve café", "naive_cafe"],
  ])("%s is %s", (label, want) => expect(newID(label, () => false)).toBe(want));
  test("a number when it is taken", () => {
    expect(newID("Sort", (id) => id === "sort" || id === "sort_2")).toBe("sort_3");
  });
});
