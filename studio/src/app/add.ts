import { componentOf, type Components, type ComponentSpec, writtenInput, writtenOutput } from "../graph/catalogue";
import type { JsonMap } from "../graph/json";
import { pixels } from "../graph/command";
import { freeSpot, spotAfter } from "../graph/hit";
import { newID } from "../graph/id";
import type { Point } from "../graph/model";
import { current } from "../graph/selection";
import { fromPackage, nameOf } from "./paths";
import type { Studio } from "./studio";

/** Adds a node. Without a place it continues the selected node, with a link where there is a free input. */
export function addNode(studio: Studio, spec: ComponentSpec, middle: Point, at?: Point): string {
  const w = studio.shown();
  const { workflow, selection, components } = studio.state;
  const after = at ? undefined : w.nodes.find((n) => n.id === current(selection));
  const from = after && componentOf(components, after.component);
  const output = from?.outputs[0];
  const input = spec.inputs[0];
  const linked = after && from && output && input && (output.type ?? "table") === (input.type ?? "table") ? spellFrom(after.id, from, selection.port) : undefined;
  const place = at ? freeSpot([], at) : linked && after ? spotAfter(studio.places(), after.id) : freeSpot(studio.places().values(), middle);
  const id = newID(spec.title, (x) => w.nodes.some((n) => n.id === x));
  const port = input ? writtenInput(spec, input.name) : "";
  const link: JsonMap = linked === undefined ? {} : port === "" ? { input: linked } : { inputs: { [port]: linked } };
  studio.do({ kind: "add_node", workflow, id, node: { component: written(spec), label: spec.title, ...link, at: pixels(place) } });
  studio.selectOnly(id);
  return id;
}

const sources: Readonly<Record<string, string>> = { csv: "input.text", tsv: "input.text", txt: "input.text", parquet: "input.parquet" };

/** The component that reads a file, by the ending of its name; undefined when there is none. */
export function sourceOf(components: Components, path: string): ComponentSpec | undefined {
  const name = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(sources, name) ? components.get(sources[name] ?? "") : undefined;
}

/** Adds the node that reads a file of the workspace; undefined when no component reads it. */
export function addSource(studio: Studio, path: string, middle: Point, at?: Point): string | undefined {
  const spec = sourceOf(studio.state.components, path);
  if (!spec) return undefined;
  const w = studio.shown();
  const label = nameOf(path).replace(/\.[^.]*$/, "");
  const id = newID(label, (x) => w.nodes.some((n) => n.id === x));
  const place = freeSpot(studio.places().values(), at ?? middle);
  studio.do({
    kind: "add_node", workflow: w.id, id,
    node: { component: written(spec), label, settings: { path: fromPackage(studio.state.path, path) }, at: pixels(place) },
  });
  studio.selectOnly(id);
  return id;
}

function written(spec: ComponentSpec): string {
  return spec.version > 1 ? `${spec.name}@${spec.version}` : spec.name;
}

function spellFrom(id: string, from: ComponentSpec, port: string): string {
  const name = writtenOutput(from, port);
  return name === "" ? id : `${id}.${name}`;
}
