import { isMap } from "../graph/json";
import type { FieldProps } from "./context";
import { Field } from "./Field";
import css from "./forms.module.css";
import { visibleFields } from "./model";

/** Settings that belong together. */
export function GroupField({ field, path, value, id, label }: FieldProps) {
  const holder = isMap(value) ? value : {};
  return (
    <div className={css.card} id={id} role="group" aria-label={label}>
      {visibleFields(field.items ?? [], holder).map((f) => (
        <Field key={f.key} field={f} path={[...path, f.key ?? ""]} value={f.key === undefined ? undefined : (holder[f.key] ?? f.default)} />
      ))}
    </div>
  );
}
