import { IconChevronRight } from "@tabler/icons-react";
import { Fragment } from "react";
import { useText } from "../i18n/i18n";
import css from "./home.module.css";
import { spellRoute } from "../app/route";

/** The way from the root to a folder. */
export function Breadcrumbs({ folder }: { readonly folder: string }) {
  const { t } = useText();
  const parts = folder === "" ? [] : folder.split("/");
  return (
    <nav className={css.crumbs} aria-label={t("files.where")}>
      <a href={spellRoute({ kind: "home" })} aria-current={parts.length === 0 ? "page" : undefined}>{t("files.all")}</a>
      {parts.map((name, i) => (
        <Fragment key={i}>
          <IconChevronRight size={13} aria-hidden />
          <a href={spellRoute({ kind: "folder", path: parts.slice(0, i + 1).join("/") })} aria-current={i === parts.length - 1 ? "page" : undefined}>{name}</a>
        </Fragment>
      ))}
    </nav>
  );
}
