import type { Json } from "./json";

// What workflows are made of, as the Server's catalogue describes it.

export interface PortSpec {
  readonly name: string;
  readonly label: string;
  readonly optional?: boolean;
  /** Type of what passes; tables unless said. */
  readonly type?: PortType;
}

export type PortType = "table" | "variables" | "model" | "connection";

export type FieldKind =
  | "text" | "boolean" | "integer" | "number" | "enum" | "column" | "formula"
  | "path" | "type" | "constant" | "list" | "group" | "table";

export interface FieldSpec {
  readonly key?: string;
  readonly kind: FieldKind;
  readonly label?: string;
  readonly help?: string;
  readonly required?: boolean;
  readonly default?: Json;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Of a column or formula: the input that it is of, from 0. */
  readonly port?: number;
  readonly items?: readonly FieldSpec[];
  /** The setting matters only while another of the same map has one of some values. */
  readonly when?: { readonly key: string; readonly in: readonly string[] };
  readonly long?: boolean;
  readonly write?: boolean;
}

export interface ComponentSpec {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly keywords?: readonly string[];
  /** SVG. */
  readonly icon: string;
  readonly inputs: readonly PortSpec[];
  readonly outputs: readonly PortSpec[];
  readonly settings: readonly FieldSpec[];
}

/** A function of formulas. */
export interface FunctionSpec {
  readonly name: string;
  readonly category: string;
  /** Written between its arguments, not as a name with parentheses. */
  readonly operator?: boolean;
  /** Other names that people know it by. */
  readonly aliases?: readonly string[];
  readonly params: readonly { readonly name: string; readonly optional?: boolean }[];
  /** The last parameter may repeat. */
  readonly variadic?: boolean;
  readonly help: string;
  readonly examples?: readonly { readonly formula: string; readonly value: string }[];
}

/** A function's parameters as they are written: (text, from, [count]). */
export function signature(f: FunctionSpec): string {
  const words = f.params.map((p) => (p.optional ? `[${p.name}]` : p.name));
  return `(${words.join(", ")}${f.variadic ? ", …" : ""})`;
}

/** All that workflows are made of, in one language. */
export interface Catalogue {
  readonly components: readonly ComponentSpec[];
  readonly functions: readonly FunctionSpec[];
}

export type Components = ReadonlyMap<string, ComponentSpec>;

/** The component that a node names, undefined when it is unknown. */
export function componentOf(all: Components, ref: string): ComponentSpec | undefined {
  const at = ref.indexOf("@");
  return all.get(at < 0 ? ref : ref.slice(0, at));
}

/** The family of a component is the first word of its name: rows, columns, tables. */
export function family(ref: string): string {
  return ref.slice(0, Math.max(0, ref.indexOf(".")));
}

/** A port by name; the empty name is the first. */
export function portOf(ports: readonly PortSpec[], name: string): PortSpec | undefined {
  return name === "" ? ports[0] : ports.find((p) => p.name === name);
}

/** The name as documents write it: the first input stands without one where it is the only one. */
export function writtenInput(spec: ComponentSpec, port: string): string {
  return spec.inputs.length === 1 && spec.inputs[0]?.name === port ? "" : port;
}

/** The name as documents write it: the first output stands without one. */
export function writtenOutput(spec: ComponentSpec, port: string): string {
  return spec.outputs[0]?.name === port ? "" : port;
}
