import "@fontsource-variable/onest/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.css";
import "../ui/tokens.css";
import { MantineProvider, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import type { i18n } from "i18next";
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { I18nextProvider } from "react-i18next";
import type { StudioBackend } from "../api/backend";
import type { Components } from "../graph/catalogue";
import { useText } from "../i18n/i18n";
import { styleNonce } from "../ui/nonce";
import { theme, variables } from "../ui/theme";
import { BootPage } from "./BootPage";
import { boot, type Boot, type World } from "./boot";
import type { CommandContext } from "./commands";
import { Home } from "./Home";
import { readRoute, spellRoute } from "./route";
import { Studio } from "./studio";
import { createView, localStore } from "./view";

const Screen = lazy(() => import("./Screen").then((m) => ({ default: m.Screen })));

interface Props {
  readonly world: World;
  readonly i18n: i18n;
}

/** Studio. All that it needs from outside is given by main. */
export function App({ world, i18n }: Props) {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } }));
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} getStyleNonce={styleNonce} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <Booted world={world} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}

function Booted({ world }: { readonly world: World }) {
  const [state, setState] = useState<Boot>({ kind: "reading" });
  const [round, setRound] = useState(0);
  const { language } = useText();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    const abort = new AbortController();
    void boot(world, setState, abort.signal);
    return () => abort.abort();
  }, [world, round]);
  if (state.kind !== "ready") return <BootPage boot={state} page={world.page} onAgain={() => setRound(round + 1)} />;
  return <Routed backend={state.backend} />;
}

function subscribeHash(told: () => void) {
  window.addEventListener("hashchange", told);
  return () => window.removeEventListener("hashchange", told);
}

function Routed({ backend }: { readonly backend: StudioBackend }) {
  const hash = useSyncExternalStore(subscribeHash, () => window.location.hash);
  const route = useMemo(() => readRoute(hash), [hash]);
  const app = useAppActions();
  if (route.kind === "home") return <Home backend={backend} app={app} />;
  return <Package key={route.path} backend={backend} path={route.path} app={app} />;
}

function useAppActions(): CommandContext["app"] {
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

interface PackageProps {
  readonly backend: StudioBackend;
  readonly path: string;
  readonly app: CommandContext["app"];
}

function Package({ backend, path, app }: PackageProps) {
  const { language } = useText();
  const catalogue = useQuery({ queryKey: ["catalogue", language], queryFn: ({ signal }) => backend.catalogue(language, signal), staleTime: Infinity });
  const [view] = useState(() => createView(localStore()));
  const [studio] = useState(() => new Studio(backend, path, new Map()));
  const components = useMemo((): Components => new Map(catalogue.data?.map((c) => [c.name, c])), [catalogue.data]);
  useEffect(() => studio.open(), [studio]);
  useEffect(() => studio.setComponents(components), [studio, components]);
  if (catalogue.isError) throw catalogue.error;
  return <Suspense>{catalogue.data && <Screen studio={studio} view={view} app={app} />}</Suspense>;
}
