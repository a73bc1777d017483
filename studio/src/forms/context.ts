import { createContext, useContext } from "react";
import type { Column } from "../api/backend";
import type { FieldSpec, FunctionSpec } from "../graph/catalogue";
import type { Json, JsonMap } from "../graph/json";
import type { Variable } from "../graph/model";
import type { SettingPath } from "../graph/path";
import type { Touch } from "../graph/touch";

/** What the fields of one form share. */
export interface FormContext {
  readonly settings: JsonMap;
  /** Nothing can be changed. */
  readonly locked: boolean;
  /** Columns of each input, as far as they are known. */
  readonly columns: readonly (readonly Column[])[];
  readonly variables: readonly Variable[];
  /** Functions of formulas. */
  readonly functions: readonly FunctionSpec[];
  /** Files that a path may name. */
  readonly files: readonly string[];
  /** The latest change of a setting that somebody else has made. */
  touchOf(path: SettingPath): Touch | undefined;
  /** Problems by the path of their setting. */
  readonly problems: ReadonlyMap<string, string>;
  set(path: SettingPath, value: Json | undefined, f: FieldSpec): void;
  add(path: SettingPath, item: Json): void;
  remove(path: SettingPath, i: number): void;
  move(path: SettingPath, i: number, by: -1 | 1): void;
}

const Context = createContext<FormContext | null>(null);
export const FormProvider = Context.Provider;

export function useForm(): FormContext {
  const c = useContext(Context);
  if (!c) throw new Error("outside of a form");
  return c;
}

export interface FieldProps {
  readonly field: FieldSpec;
  readonly path: SettingPath;
  readonly value: Json | undefined;
  /** Id of the control, for its label. */
  readonly id: string;
  readonly label: string;
}
