import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { useText } from "./i18n/i18n";
import { BusyPage, NoticePage } from "./ui/Notice";
import { Loaded, part } from "./ui/part";
import type { Entry } from "./gate/boot";
import { PasswordPage } from "./gate/PasswordPage";
import { spellRoute } from "./app/route";
import { type AppActions, useDoor } from "./app/shell";
import { SignInPage } from "./gate/SignInPage";
import { localStore } from "./app/view";

const Inside = part(() => import("./Inside").then((m) => m.Inside));

/** What stands between a Server that was reached and its contents: who is signed in, and whether this tab has the session. */
export function Gate({ entry }: { readonly entry: Entry }) {
  const { door } = entry;
  const { session, person, why } = useDoor(door);
  const app = useAppActions();
  const { t } = useText();
  if (!person) return session === "lost" ? <BusyPage>{t("boot.connecting")}</BusyPage> : <SignInPage door={door} app={app} notes={why.length > 0 ? why : entry.notes} />;
  if (person.mustChange) return <PasswordPage door={door} app={app} name={person.name} />;
  return (
    <>
      <div className="w-whole" inert={session === "replaced"} key={person.name}>
        <Loaded page wait={<BusyPage>{t("common.loading")}</BusyPage>}><Inside entry={entry} app={app} /></Loaded>
      </div>
      {session === "replaced" && (
        <NoticePage over title={t("replaced.title")} action={t("replaced.here")} onAction={() => void door.takeUp()}>
          <p>{t("replaced.text")}</p>
        </NoticePage>
      )}
    </>
  );
}

function useAppActions(): AppActions {
  const { language, setLanguage } = useText();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  return useMemo(() => ({
    toggleTheme: () => setColorScheme(scheme === "dark" ? "light" : "dark"),
    toggleLanguage: () => {
      const next = language === "en" ? "ru" : "en";
      localStore()?.setItem("weft.language", next);
      setLanguage(next);
    },
    home: () => {
      window.location.hash = spellRoute({ kind: "home" });
    },
  }), [language, setLanguage, scheme, setColorScheme]);
}
