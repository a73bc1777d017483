import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { isList, isMap, type Json, own } from "../graph/json";
import { useText } from "../i18n/i18n";
import type { Touch } from "../graph/touch";
import { Clashed } from "./Clashed";
import { type FieldProps, useForm } from "./context";
import { useDraft } from "./draft";
import css from "./forms.module.css";
import { readConstant, spellConstant } from "./model";

/** Rows of constants, under the columns that the settings declare. */
export function TableField({ field, path, value, id, label }: FieldProps) {
  const { t } = useText();
  const form = useForm();
  const declared = own(form.settings, "columns");
  const columns = (isList(declared) ? declared : []).map((c) => (isMap(c) ? String(own(c, "name") ?? "") : ""));
  const rows = isList(value) ? value : [];
  const cell = (row: Json, i: number): Json => (isList(row) ? (row[i] ?? null) : null);
  const setCell = (r: number, c: number, v: Json) =>
    form.set(path, rows.with(r, columns.map((_, i) => (i === c ? v : cell(rows[r] ?? null, i)))), field);
  return (
    <div id={id} role="group" aria-label={label} className={css.lines}>
      {columns.length > 0 && rows.length > 0 && (
        <div className={css.tableBox}>
          <table className={css.table}>
            <thead><tr>{columns.map((c, i) => <th key={i} scope="col">{c}</th>)}<td /></tr></thead>
            <tbody>
              {rows.map((row, r) => (
                <tr key={r}>
                  {columns.map((c, i) => <td key={i}><CellInput label={`${c} ${r + 1}`} value={cell(row, i)} touch={form.touchOf([...path, r])} onSet={(v) => setCell(r, i, v)} /></td>)}
                  <td><ActionIcon size={18} aria-label={`${t("form.remove")}: ${r + 1}`} onClick={() => form.remove(path, r)}><IconX size={11} /></ActionIcon></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Button variant="default" size="compact-xs" className={css.add} leftSection={<IconPlus size={12} />} disabled={columns.length === 0} onClick={() => form.add(path, columns.map(() => null))}>
        {t("form.add")}
      </Button>
    </div>
  );
}

interface CellProps {
  readonly label: string;
  readonly value: Json;
  readonly touch: Touch | undefined;
  readonly onSet: (v: Json) => void;
}

function CellInput({ label, value, touch, onSet }: CellProps) {
  const draft = useDraft(spellConstant(value), (s) => onSet(s === "" ? null : readConstant(s)), touch);
  return (
    <>
      <input className={css.cell} aria-label={label} value={draft.text} onChange={(e) => draft.change(e.currentTarget.value)} onBlur={draft.leave} />
      <Clashed draft={draft} theirs={spellConstant(value)} />
    </>
  );
}
