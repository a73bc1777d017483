import { Button } from "@mantine/core";
import { type ComponentType, createElement, lazy, type LazyExoticComponent, Suspense } from "react";
import { load, LoadError } from "../api/load";
import { useText } from "../i18n/i18n";
import { ErrorBoundary } from "./ErrorBoundary";
import { NoticePage } from "./Notice";
import css from "./ui.module.css";

/** A component that loads when it is first shown, and again where it did not come. It is shown within Loaded. */
export function part<P extends object>(get: () => Promise<ComponentType<P>>): ComponentType<P> {
  let made: LazyExoticComponent<ComponentType<P>> | undefined;
  const make = () => lazy(async () => {
    try {
      return { default: await load(get) };
    } catch (err) {
      if (err instanceof LoadError) err.forget = () => (made = undefined);
      throw err;
    }
  });
  return function Part(props: P) {
    made ??= make();
    return createElement(made as ComponentType<P>, props);
  };
}

interface Props {
  /** It is the whole page. */
  readonly page?: boolean;
  /** What stands there until it has come. */
  readonly wait: React.ReactNode;
  readonly children: React.ReactNode;
}

/** The place of a part that loads on demand; where it does not come, what can be done. */
export function Loaded({ page = false, wait, children }: Props) {
  const fallback = (again: () => void, err: unknown) => {
    if (!(err instanceof LoadError)) throw err; // another's to tell
    const retry = () => {
      err.forget();
      again();
    };
    return <Missing page={page} onAgain={retry} />;
  };
  return <ErrorBoundary fallback={fallback}><Suspense fallback={wait}>{children}</Suspense></ErrorBoundary>;
}

/** Loads the page anew. */
export function reloadPage() {
  window.location.reload();
}

function Missing({ page, onAgain }: { readonly page: boolean; readonly onAgain: () => void }) {
  const { t } = useText();
  if (page) return <NoticePage title={t("load.title")} action={t("load.reload")} onAction={reloadPage} other={{ label: t("boot.again"), run: onAgain }}><p>{t("load.text")}</p></NoticePage>;
  return (
    <div className={css.missing} role="alert">
      <p><strong>{t("load.title")}</strong> {t("load.text")}</p>
      <Button size="compact-xs" variant="default" onClick={onAgain}>{t("boot.again")}</Button>
      <Button size="compact-xs" variant="default" onClick={reloadPage}>{t("load.reload")}</Button>
    </div>
  );
}
