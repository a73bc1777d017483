import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { type Problem, Refused } from "../api/backend";
import type { Door } from "../api/door";
import { useText } from "../i18n/i18n";
import { FormPage } from "../ui/Notice";
import css from "../ui/notice.module.css";
import { PageTools } from "./PageTools";
import type { AppActions } from "../app/shell";

interface Props {
  readonly door: Door;
  readonly app: AppActions;
  /** Why the token of the address was no good, or whoever was signed in is not any more. */
  readonly notes: readonly Problem[];
}

/** Name and password. */
export function SignInPage({ door, app, notes }: Props) {
  const { t } = useText();
  const [problems, setProblems] = useState(notes);
  const [busy, setBusy] = useState(false);
  const wait = useWait(problems);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (form: FormData) => {
    setBusy(true);
    try {
      await door.signIn({ kind: "password", name: String(form.get("name")).trim(), password: String(form.get("password")) });
    } catch (err) {
      if (!(err instanceof Refused)) throw err;
      setProblems(err.problems);
      password.current?.select();
    } finally {
      setBusy(false);
    }
  };
  return (
    <FormPage title={t("signin.title")} tools={<PageTools app={app} />}>
      <form
        className={css.fields} aria-label={t("signin.title")}
        onSubmit={(e) => {
          e.preventDefault();
          if (!busy && wait === 0) void submit(new FormData(e.currentTarget));
        }}
      >
        <TextInput name="name" label={t("signin.name")} size="sm" required withAsterisk={false} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
        <PasswordInput ref={password} name="password" label={t("signin.password")} size="sm" required withAsterisk={false} autoComplete="current-password" visibilityToggleButtonProps={{ "aria-label": t("signin.show"), tabIndex: 0, "aria-hidden": false }} />
        <Problems problems={problems} />
        <Button type="submit" size="sm" loading={busy} disabled={wait > 0}>{wait > 0 ? t("signin.wait", { count: wait }) : t("signin.go")}</Button>
      </form>
      <p className={css.aside}>{t("signin.first")}</p>
    </FormPage>
  );
}

export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  return problems.length > 0 && <div className={css.errors} role="alert">{problems.map((p, i) => <p key={i}>{p.text}</p>)}</div>;
}

/** Seconds until the Server takes another attempt, counted down. */
function useWait(problems: readonly Problem[]): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const told = Number(problems.find((p) => p.id === "auth.wait")?.params?.["seconds"] ?? 0);
    const end = Date.now() + told * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    if (!(told > 0)) return undefined;
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [problems]);
  return left;
}
