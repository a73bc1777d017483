import { ActionIcon } from "@mantine/core";
import { IconFile, IconFolder, IconLanguage, IconPackage, IconSunMoon } from "@tabler/icons-react";
import type { StudioBackend } from "../api/backend";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { Empty } from "../ui/Empty";
import { Logo } from "../ui/Logo";
import css from "./app.module.css";
import type { CommandContext } from "./commands";
import { useFiles } from "./data";
import { spellRoute } from "./route";

interface Props {
  readonly backend: StudioBackend;
  readonly app: CommandContext["app"];
}

/** The start page: what is in the workspace. */
export function Home({ backend, app }: Props) {
  const { t, language } = useText();
  const { files, loading } = useFiles(backend, "");
  const f = format(language);
  const packages = files.filter((x) => x.path.endsWith(".weft"));
  const others = files.filter((x) => !x.path.endsWith(".weft"));
  return (
    <main className={css.home}>
      <header className={css.homeHead}>
        <Logo size={36} />
        <h1>{t("home.title")}</h1>
        <ActionIcon aria-label={t("cmd.language")} onClick={app.toggleLanguage}><IconLanguage size={18} stroke={1.6} /></ActionIcon>
        <ActionIcon aria-label={t("cmd.theme")} onClick={app.toggleTheme}><IconSunMoon size={18} stroke={1.6} /></ActionIcon>
      </header>
      <h2>{t("home.packages")}</h2>
      {!loading && packages.length === 0 && <Empty title={t("home.empty")} />}
      <ul className={css.packages}>
        {packages.map((p) => (
          <li key={p.path}>
            <a className={css.packageCard} href={spellRoute({ kind: "package", path: p.path })}>
              <IconPackage size={26} stroke={1.3} aria-hidden />
              <span><strong>{p.path.replace(/\.weft$/, "")}</strong><small>{t("home.modified", { when: f.when(p.modified) })}</small></span>
            </a>
          </li>
        ))}
      </ul>
      <h2>{t("home.files")}</h2>
      <ul className={`${css.list} ${css.fileTable}`}>
        {others.map((x) => {
          const Icon = x.folder ? IconFolder : IconFile;
          return <li key={x.path} className={css.file}><Icon size={16} stroke={1.5} aria-hidden /><span className={css.itemText}>{x.path}</span>{!x.folder && <span className={css.size}>{f.size(x.size)}</span>}</li>;
        })}
      </ul>
    </main>
  );
}
