import { Button } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import type { FieldSpec } from "../graph/catalogue";
import { own } from "../graph/json";
import { useText } from "../i18n/i18n";
import { type FormContext, FormProvider } from "./context";
import { Field } from "./Field";
import css from "./forms.module.css";
import { splitFields, unknownKeys, visibleFields } from "./model";

interface Props {
  readonly fields: readonly FieldSpec[];
  readonly context: FormContext;
}

/** The form of a node's settings, made from their schema. Every edit acts at once. */
export function SettingsForm({ fields, context }: Props) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const { main, more } = splitFields(visibleFields(fields, context.settings), context.settings);
  const show = (f: FieldSpec) => (
    <Field key={f.key} field={f} path={[f.key ?? ""]} value={f.key === undefined ? undefined : (own(context.settings, f.key) ?? f.default)} />
  );
  return (
    <FormProvider value={context}>
      {fields.length === 0 && <p className={css.hint}>{t("settings.empty")}</p>}
      {main.map(show)}
      {unknownKeys(fields, context.settings).map((key) => <p key={key} className={css.problem}>{t("form.unknown", { key })}</p>)}
      {more.length > 0 && (
        <Button variant="subtle" color="gray" size="compact-xs" aria-expanded={open} rightSection={<IconChevronDown size={12} style={{ rotate: open ? "180deg" : "0deg" }} />} onClick={() => setOpen(!open)}>
          {t("settings.more")} ({more.length})
        </Button>
      )}
      {open && more.map(show)}
    </FormProvider>
  );
}
