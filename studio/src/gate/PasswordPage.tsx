import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { type Problem, Refused } from "../api/backend";
import type { Door } from "../api/door";
import { useText } from "../i18n/i18n";
import { FormPage } from "../ui/Notice";
import css from "../ui/notice.module.css";
import { PageTools } from "./PageTools";
import type { AppActions } from "../app/shell";
import { Problems } from "./SignInPage";

interface PageProps {
  readonly door: Door;
  readonly app: AppActions;
  readonly name: string;
}

/** The first password is to be changed before anything else. */
export function PasswordPage({ door, app, name }: PageProps) {
  const { t } = useText();
  return (
    <FormPage title={t("password.first")} text={t("password.why", { name })} tools={<PageTools app={app} />}>
      <PasswordForm door={door} name={name} onDone={() => undefined} />
      <Button variant="subtle" color="gray" size="sm" mt={12} fullWidth onClick={() => void door.signOut()}>{t("account.sign_out")}</Button>
    </FormPage>
  );
}

interface FormProps {
  readonly door: Door;
  readonly name: string;
  readonly onDone: () => void;
}

/** The old password and, twice, the new one. */
export function PasswordForm({ door, name, onDone }: FormProps) {
  const { t } = useText();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [differ, setDiffer] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (form: FormData) => {
    const [old, fresh, again] = ["old", "fresh", "again"].map((k) => String(form.get(k)));
    setDiffer(fresh !== again);
    if (old === undefined || fresh === undefined || fresh !== again) return;
    setBusy(true);
    try {
      await door.changePassword(old, fresh);
      onDone();
    } catch (err) {
      if (!(err instanceof Refused)) throw err;
      setProblems(err.problems);
    } finally {
      setBusy(false);
    }
  };
  const toggle = { "aria-label": t("signin.show"), tabIndex: 0, "aria-hidden": false };
  return (
    <form
      className={css.fields} aria-label={t("password.change")}
      onSubmit={(e) => {
        e.preventDefault();
        if (!busy) void submit(new FormData(e.currentTarget));
      }}
    >
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <PasswordInput name="old" label={t("password.old")} size="sm" required withAsterisk={false} autoComplete="current-password" autoFocus visibilityToggleButtonProps={toggle} />
      <PasswordInput name="fresh" label={t("password.new")} description={t("password.rule")} size="sm" required withAsterisk={false} minLength={8} maxLength={1024} autoComplete="new-password" visibilityToggleButtonProps={toggle} />
      <PasswordInput name="again" label={t("password.again")} error={differ && t("password.differ")} size="sm" required withAsterisk={false} autoComplete="new-password" visibilityToggleButtonProps={toggle} />
      <Problems problems={problems} />
      <Button type="submit" size="sm" loading={busy}>{t("password.change")}</Button>
    </form>
  );
}
