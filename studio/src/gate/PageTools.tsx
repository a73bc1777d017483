import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLanguage, IconBrightness } from "@tabler/icons-react";
import { useText } from "../i18n/i18n";
import type { AppActions } from "../app/shell";

/** Language and theme, which every page has. */
export function PageTools({ app }: { readonly app: AppActions }) {
  const { t } = useText();
  return (
    <>
      <Tooltip label={t("cmd.language")}><ActionIcon aria-label={t("cmd.language")} onClick={app.toggleLanguage}><IconLanguage size={18} stroke={1.6} /></ActionIcon></Tooltip>
      <Tooltip label={t("cmd.theme")}><ActionIcon aria-label={t("cmd.theme")} onClick={app.toggleTheme}><IconBrightness size={18} stroke={1.6} /></ActionIcon></Tooltip>
    </>
  );
}
