import { Button } from "@mantine/core";
import { useText } from "../i18n/i18n";
import { visible } from "../ui/visible";
import type { Draft } from "./draft";
import css from "./forms.module.css";

/** Under a field: somebody else has changed it while it was written in, and whose text counts. */
export function Clashed({ draft: { clash }, theirs }: { readonly draft: Draft; readonly theirs: string }) {
  const { t } = useText();
  if (!clash) return null;
  return (
    <div className={css.clash} role="alert">
      <p>{clash.name === "" ? t("form.clash_somebody") : t("form.clash", { name: visible(clash.name) })} <q>{visible(theirs)}</q></p>
      <Button size="compact-xs" variant="default" onClick={clash.keepMine}>{t("form.keep_mine")}</Button>
      <Button size="compact-xs" variant="default" onClick={clash.takeTheirs}>{t("form.take_theirs")}</Button>
    </div>
  );
}
