import "@fontsource-variable/onest/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.css";
import "./ui/tokens.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { i18n } from "i18next";
import { useEffect, useState } from "react";
import { I18nextProvider } from "react-i18next";
import { useText } from "./i18n/i18n";
import { styleNonce } from "./ui/nonce";
import { theme, variables } from "./ui/theme";
import { BootPage } from "./gate/BootPage";
import { boot, type Boot, type World } from "./gate/boot";
import { Gate } from "./Gate";

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
  return <Gate entry={state.entry} />;
}
