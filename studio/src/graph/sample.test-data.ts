import type { ComponentSpec, Components } from "./catalogue";
import type { Json } from "./json";

// A small document and catalogue that the tests of this folder share.

export const tree: Json = {
  weft: 1,
  label: "Delays",
  variables: { min: { type: "integer", default: 15 } },
  workflows: {
    main: {
      nodes: {
        flights: { component: "input.parquet", label: "Flights", settings: { path: "data/f.parquet" } },
        airports: { component: "input.text" },
        late: { component: "rows.filter", input: "flights", settings: { formula: "delay >= $min" } },
        joined: { component: "tables.join", inputs: { left: "late", right: "airports" }, settings: { keys: [{ left: "origin", right: "iata" }] } },
        rest: { component: "rows.sort", input: "late.rest" },
      },
      memos: { m: { text: "Read me", at: [0, -120], size: [200, 80] } },
    },
  },
  layout: { main: { flights: [0, 0], airports: [0, 160], late: [240, 0], joined: [480, 80] } },
};

const spec = (name: string, inputs: string[], outputs: string[]): ComponentSpec => ({
  name,
  version: 1,
  title: name,
  summary: "",
  icon: "",
  settings: [],
  inputs: inputs.map((n) => ({ name: n, label: n })),
  outputs: outputs.map((n) => ({ name: n, label: n })),
});

export const components: Components = new Map(
  [
    spec("input.parquet", [], ["out"]),
    spec("input.text", [], ["out", "misfits"]),
    spec("rows.filter", ["in"], ["met", "rest"]),
    spec("rows.sort", ["in"], ["out"]),
    spec("tables.join", ["left", "right"], ["out"]),
    { ...spec("model.apply", ["in"], ["out"]), inputs: [{ name: "model", label: "Model", type: "model" as const }] },
  ].map((s) => [s.name, s]),
);
