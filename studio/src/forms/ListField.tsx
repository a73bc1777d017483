import { ActionIcon, Button, Select } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { isList, isMap, type Json } from "../graph/json";
import { useText } from "../i18n/i18n";
import { TypeMark } from "../ui/TypeMark";
import { type FieldProps, useForm } from "./context";
import { Field } from "./Field";
import css from "./forms.module.css";
import { isSimpleList, itemTitle, newItem, visibleFields } from "./model";

/** A list: columns as chips, single values as lines, maps as cards. */
export function ListField(p: FieldProps) {
  const items = isList(p.value) ? p.value : [];
  if (isSimpleList(p.field)) return p.field.items?.[0]?.kind === "column" ? <Chips {...p} items={items} /> : <Lines {...p} items={items} />;
  return <Cards {...p} items={items} />;
}

interface ItemsProps extends FieldProps {
  readonly items: readonly Json[];
}

function Chips({ field, path, items, id, label }: ItemsProps) {
  const { t } = useText();
  const form = useForm();
  const item = field.items?.[0];
  const columns = form.columns[item?.port ?? 0] ?? [];
  const taken = new Set(items);
  return (
    <div className={css.chips}>
      {items.map((v, i) => {
        const column = columns.find((c) => c.name === v);
        return (
          <span key={i} className={css.chip}>
            {column && <TypeMark type={column.type} />}
            {column?.label || String(v)}
            <ActionIcon size={16} aria-label={`${t("form.remove")}: ${String(v)}`} onClick={() => form.remove(path, i)}>
              <IconX size={11} />
            </ActionIcon>
          </span>
        );
      })}
      <Select
        key={items.length} id={id} size="xs" aria-label={`${label}: ${t("form.columns_left")}`} className={css.chipAdd} placeholder={t("form.columns_left")} searchable value={null}
        data={columns.filter((c) => !taken.has(c.name)).map((c) => ({ value: c.name, label: c.label || c.name }))}
        onChange={(v) => { if (v) form.add(path, v); }} comboboxProps={{ shadow: "md" }} maxDropdownHeight={280}
      />
    </div>
  );
}

function Lines({ field, path, items, id, label }: ItemsProps) {
  const { t } = useText();
  const item = field.items?.[0];
  if (!item) return null;
  return (
    <div className={css.lines} id={id}>
      {items.map((v, i) => (
        <div key={i} className={css.line}>
          <div style={{ flex: 1 }}><Field bare field={item} path={[...path, i]} value={v} label={t("form.item", { label, n: i + 1 })} /></div>
          <ItemTools path={path} i={i} n={items.length} title={`${label} ${i + 1}`} />
        </div>
      ))}
      <AddButton path={path} item={newItem(field)} label={label} />
    </div>
  );
}

function Cards({ field, path, items, id, label }: ItemsProps) {
  const { t } = useText();
  return (
    <div className={css.lines} id={id} role="group" aria-label={label}>
      {items.map((v, i) => {
        const holder = isMap(v) ? v : {};
        const title = itemTitle(v) || t("form.item", { label, n: i + 1 });
        return (
          <div key={i} className={css.card} role="group" aria-label={title}>
            <div className={css.cardHead}>
              <span className={css.cardTitle}>{title}</span>
              <ItemTools path={path} i={i} n={items.length} title={title} />
            </div>
            {visibleFields(field.items ?? [], holder).map((f) => (
              <Field key={f.key} field={f} path={[...path, i, f.key ?? ""]} value={f.key === undefined ? undefined : (holder[f.key] ?? f.default)} />
            ))}
          </div>
        );
      })}
      <AddButton path={path} item={newItem(field)} label={label} />
    </div>
  );
}

function AddButton({ path, item, label }: { readonly path: FieldProps["path"]; readonly item: Json; readonly label: string }) {
  const { t } = useText();
  const form = useForm();
  return (
    <Button variant="default" size="compact-xs" className={css.add} leftSection={<IconPlus size={12} />} aria-label={`${t("form.add")}: ${label}`} onClick={() => form.add(path, item)}>
      {t("form.add")}
    </Button>
  );
}

interface ToolsProps {
  readonly path: FieldProps["path"];
  readonly i: number;
  readonly n: number;
  readonly title: string;
}

function ItemTools({ path, i, n, title }: ToolsProps) {
  const { t } = useText();
  const form = useForm();
  return (
    <span className={css.tools}>
      {n > 1 && (
        <>
          <ActionIcon size={20} disabled={i === 0} aria-label={`${t("form.up")}: ${title}`} onClick={() => form.move(path, i, -1)}><IconArrowUp size={12} /></ActionIcon>
          <ActionIcon size={20} disabled={i === n - 1} aria-label={`${t("form.down")}: ${title}`} onClick={() => form.move(path, i, 1)}><IconArrowDown size={12} /></ActionIcon>
        </>
      )}
      <ActionIcon size={20} aria-label={`${t("form.remove")}: ${title}`} onClick={() => form.remove(path, i)}><IconX size={12} /></ActionIcon>
    </span>
  );
}
