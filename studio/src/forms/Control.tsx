import { Autocomplete, Select, SegmentedControl, Switch, Textarea, TextInput } from "@mantine/core";
import { useText } from "../i18n/i18n";
import { Loaded, part } from "../ui/part";
import { TypeMark } from "../ui/TypeMark";
import { Clashed } from "./Clashed";
import { type FieldProps, useForm } from "./context";
import css from "./forms.module.css";
import { useDraft } from "./draft";
import { ListField } from "./ListField";
import { GroupField } from "./GroupField";
import { readConstant, readNumber, spellConstant } from "./model";
import { TableField } from "./TableField";
import { choiceWord } from "./words";

const FormulaEditor = part(() => import("./FormulaEditor").then((m) => m.FormulaEditor));

/** The control of one setting, by its kind. */
export function Control(p: FieldProps) {
  switch (p.field.kind) {
    case "boolean":
      return <BooleanControl {...p} />;
    case "integer":
    case "number":
      return <NumberControl {...p} />;
    case "enum":
      return <EnumControl {...p} />;
    case "column":
      return <ColumnControl {...p} />;
    case "formula":
      return <FormulaControl {...p} />;
    case "path":
    case "type":
      return <SuggestControl {...p} />;
    case "constant":
      return <ConstantControl {...p} />;
    case "list":
      return <ListField {...p} />;
    case "group":
      return <GroupField {...p} />;
    case "table":
      return <TableField {...p} />;
    case "text":
      return <TextControl {...p} />;
  }
}

function text(v: FieldProps["value"]): string {
  return typeof v === "string" ? v : "";
}

function number(v: FieldProps["value"]): string {
  return typeof v === "number" || typeof v === "bigint" ? String(v) : "";
}

function TextControl({ field, path, value, id, label }: FieldProps) {
  const form = useForm();
  const draft = useDraft(text(value), (s) => form.set(path, s === "" ? undefined : s, field), form.touchOf(path));
  const props = {
    id, size: "xs" as const, "aria-label": label, value: draft.text, placeholder: text(field.default),
    onChange: (e: { currentTarget: { value: string } }) => draft.change(e.currentTarget.value), onBlur: draft.leave,
  };
  return (
    <>
      {field.long ? <Textarea {...props} autosize minRows={2} maxRows={12} /> : <TextInput {...props} onKeyDown={(e) => { if (e.key === "Enter") draft.enter(); }} />}
      <Clashed draft={draft} theirs={text(value)} />
    </>
  );
}

function BooleanControl({ field, path, value, id, label }: FieldProps) {
  const form = useForm();
  return <Switch id={id} size="sm" aria-label={label} checked={value === true} onChange={(e) => form.set(path, e.currentTarget.checked, { ...field, default: field.default ?? false })} />;
}

function NumberControl({ field, path, value, id, label }: FieldProps) {
  const { t } = useText();
  const form = useForm();
  const draft = useDraft(number(value), (s) => {
    const read = readNumber(s, field);
    if (!read.problem) form.set(path, read.value, field);
    return !read.problem;
  }, form.touchOf(path));
  const { problem } = readNumber(draft.text, field);
  const error = problem && t(`form.${problem}`, { min: field.min ?? "", max: field.max ?? "" });
  return (
    <>
      <TextInput
        id={id} size="xs" aria-label={label} inputMode={field.kind === "integer" ? "numeric" : "decimal"} value={draft.text} error={error}
        placeholder={number(field.default)}
        onChange={(e) => draft.change(e.currentTarget.value)} onBlur={draft.leave} onKeyDown={(e) => { if (e.key === "Enter") draft.enter(); }}
      />
      <Clashed draft={draft} theirs={number(value)} />
    </>
  );
}

function EnumControl({ field, path, value, id, label }: FieldProps) {
  const { t, language } = useText();
  const form = useForm();
  const choices = field.choices ?? [];
  const data = choices.map((c) => ({ value: c, label: choiceWord(c, language) }));
  const short = data.reduce((n, d) => n + d.label.length, 0) <= 34;
  if (choices.length <= 3 && short && typeof value === "string" && choices.includes(value)) {
    return <SegmentedControl id={id} size="xs" fullWidth aria-label={label} data={data} value={value} onChange={(v) => form.set(path, v, field)} />;
  }
  return (
    <Select
      id={id} size="xs" aria-label={label} data={data} value={text(value) || null} searchable={choices.length > 8} clearable={!field.required && field.default === undefined}
      placeholder={t("form.unset")} allowDeselect={false} onChange={(v) => form.set(path, v ?? undefined, field)} comboboxProps={{ shadow: "md" }} maxDropdownHeight={280}
    />
  );
}

function ColumnControl({ field, path, value, id, label }: FieldProps) {
  const { t } = useText();
  const form = useForm();
  const columns = form.columns[field.port ?? 0] ?? [];
  const name = text(value);
  const names = new Set(columns.map((c) => c.name));
  const data = columns.map((c) => ({ value: c.name, label: c.label || c.name }));
  const type = columns.find((c) => c.name === name)?.type;
  return (
    <Select
      id={id} size="xs" aria-label={label} searchable placeholder={t("form.column")} allowDeselect={false} clearable={!field.required}
      data={name !== "" && !names.has(name) ? [...data, { value: name, label: name }] : data} value={name || null}
      leftSection={type && <TypeMark type={type} />} leftSectionWidth={type ? 34 : undefined}
      renderOption={({ option }) => (
        <span style={{ display: "flex", gap: 8, alignItems: "center" }}>
          <TypeMark type={columns.find((c) => c.name === option.value)?.type ?? ""} />
          {option.label}
        </span>
      )}
      onChange={(v) => form.set(path, v ?? undefined, field)} comboboxProps={{ shadow: "md" }} maxDropdownHeight={280}
    />
  );
}

const types = ["boolean", "integer", "real", "decimal(18,2)", "string", "date", "time", "timestamp", "timestamptz"];

function SuggestControl({ field, path, value, id, label }: FieldProps) {
  const form = useForm();
  const draft = useDraft(text(value), (s) => form.set(path, s === "" ? undefined : s, field), form.touchOf(path));
  return (
    <>
      <Autocomplete
        id={id} size="xs" aria-label={label} data={field.kind === "type" ? types : [...form.files]} value={draft.text} onChange={draft.change} onBlur={draft.leave}
        placeholder={text(field.default)} comboboxProps={{ shadow: "md" }} onKeyDown={(e) => { if (e.key === "Enter") draft.enter(); }}
      />
      <Clashed draft={draft} theirs={text(value)} />
    </>
  );
}

function ConstantControl({ field, path, value, id, label }: FieldProps) {
  const form = useForm();
  const draft = useDraft(spellConstant(value), (s) => form.set(path, s === "" ? undefined : readConstant(s), field), form.touchOf(path));
  return (
    <>
      <TextInput id={id} size="xs" aria-label={label} value={draft.text} onChange={(e) => draft.change(e.currentTarget.value)} onBlur={draft.leave} onKeyDown={(e) => { if (e.key === "Enter") draft.enter(); }} />
      <Clashed draft={draft} theirs={spellConstant(value)} />
    </>
  );
}

function FormulaControl({ field, path, value, id, label }: FieldProps) {
  const form = useForm();
  const draft = useDraft(text(value), (s) => form.set(path, s === "" ? undefined : s, field), form.touchOf(path));
  return (
    <>
      <Loaded wait={<div className={css.formula} aria-busy><code className={css.formulaWait}>{text(value)}</code></div>}>
        <FormulaEditor id={id} label={label} value={draft.text} columns={form.columns.flat()} variables={form.variables} functions={form.functions} locked={form.locked} onChange={draft.change} onLeave={draft.leave} />
      </Loaded>
      <Clashed draft={draft} theirs={text(value)} />
    </>
  );
}
