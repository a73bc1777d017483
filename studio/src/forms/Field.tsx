import { ActionIcon, Menu, Popover, Text } from "@mantine/core";
import { IconHelp, IconVariable, IconX } from "@tabler/icons-react";
import { useId } from "react";
import type { FieldSpec } from "../graph/catalogue";
import type { Json } from "../graph/json";
import { variableOf } from "../graph/model";
import { type SettingPath, spellPath } from "../graph/path";
import { useText } from "../i18n/i18n";
import { Control } from "./Control";
import { useForm } from "./context";
import css from "./forms.module.css";
import { fieldWord } from "./words";

interface Props {
  readonly field: FieldSpec;
  readonly path: SettingPath;
  readonly value: Json | undefined;
  /** Without a frame: an item of a list of single values. */
  readonly bare?: boolean;
  readonly label?: string;
}

const bindable = new Set(["text", "boolean", "integer", "number", "enum", "path", "constant", "type"]);

/** Kinds that need the whole width of a card. */
const wide = new Set(["formula", "list", "group", "table"]);

/** One setting: its label, help, variable, control and what is wrong with it. */
export function Field({ field, path, value, bare, label: given }: Props) {
  const { t, language } = useText();
  const form = useForm();
  const id = useId();
  const label = given ?? field.label ?? fieldWord(field.key ?? "", language);
  const problem = form.problems.get(spellPath(path));
  const variable = variableOf(value);
  const control = variable !== undefined
    ? <VariablePill name={variable} onClear={() => form.set(path, field.default, field)} />
    : <Control field={field} path={path} value={value} id={id} label={label} />;
  const inline = field.kind === "boolean" && variable === undefined;
  if (bare) return control;
  return (
    <div className={css.field} data-setting={spellPath(path)} data-wide={wide.has(field.kind)}>
      <div className={css.labelRow}>
        <label htmlFor={id} className={css.label}>
          {label}
          {field.required && <span className={css.required} aria-hidden> *</span>}
        </label>
        {field.help && <Help label={label} text={field.help} />}
        {inline && <span className={css.inline}>{control}</span>}
        {bindable.has(field.kind) && variable === undefined && form.variables.length > 0 && <BindMenu label={label} onBind={(name) => form.set(path, { var: name }, field)} />}
      </div>
      {!inline && control}
      {problem && <p className={css.problem} role="alert">{problem}</p>}
      {!problem && field.required && isBlank(value) && <p className={css.hint}>{t("form.required")}</p>}
    </div>
  );
}

function isBlank(v: Json | undefined): boolean {
  return v === undefined || v === null || v === "" || (Array.isArray(v) && v.length === 0);
}

function Help({ label, text }: { readonly label: string; readonly text: string }) {
  const { t } = useText();
  return (
    <Popover width={280} position="bottom" shadow="md" radius={8} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon size={18} className={css.quiet} aria-label={t("settings.help", { label })}>
          <IconHelp size={13} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{text.replace(/`/g, "")}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}

function BindMenu({ label, onBind }: { readonly label: string; readonly onBind: (name: string) => void }) {
  const { t } = useText();
  const { variables } = useForm();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={18} className={css.quiet} aria-label={t("form.use_variable", { label })}>
          <IconVariable size={14} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {variables.map((v) => (
          <Menu.Item key={v.name} onClick={() => onBind(v.name)}>
            ${v.name} <Text span c="dimmed" size="xs">{v.label}</Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function VariablePill({ name, onClear }: { readonly name: string; readonly onClear: () => void }) {
  const { t } = useText();
  return (
    <span className={css.variable}>
      <IconVariable size={14} stroke={1.7} aria-hidden />
      <code>${name}</code>
      <ActionIcon size={18} aria-label={t("form.use_value")} onClick={onClear}>
        <IconX size={12} />
      </ActionIcon>
    </span>
  );
}
