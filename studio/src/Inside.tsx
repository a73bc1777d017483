import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { StudioBackend } from "./api/backend";
import { useText } from "./i18n/i18n";
import { ErrorBoundary } from "./ui/ErrorBoundary";
import { NoticePage } from "./ui/Notice";
import type { Entry } from "./gate/boot";
import { ConnectionBar } from "./home/ConnectionBar";
import { Home } from "./home/Home";
import { Package } from "./Package";
import { freshID } from "./app/ids";
import { readRoute, spellRoute } from "./app/route";
import { type AppActions, ShellProvider } from "./app/shell";
import { Transfers } from "./app/transfers";
import { TransferTray } from "./home/TransferTray";


/** All that somebody sees who is signed in. */
export function Inside({ entry, app }: { readonly entry: Entry; readonly app: AppActions }) {
  const { t } = useText();
  const { backend, door } = entry;
  const queries = useQueryClient();
  const [transfers] = useState(() => new Transfers(backend, () => void queries.invalidateQueries({ queryKey: ["files"] })));
  const shell = useMemo(() => ({ backend, door, transfers, app }), [backend, door, transfers, app]);
  const hash = useSyncExternalStore(subscribeHash, () => window.location.hash);
  const route = useMemo(() => readRoute(hash), [hash]);
  const { key, moved, again } = usePlace(hash);
  useUnsentWarning(backend);
  // Nothing of one person stays for the next.
  useEffect(() => () => queries.clear(), [queries]);
  return (
    <ShellProvider value={shell}>
      <div className="w-whole">
        <ConnectionBar backend={backend} />
        <div className="w-rest">
          <ErrorBoundary key={key} fallback={(again) => <NoticePage title={t("common.error")} action={t("boot.again")} onAction={again}><p>{t("common.defect")}</p></NoticePage>}>
            {route.kind === "package" ? <Package key={key} backend={backend} path={route.path} app={app} onMoved={moved} onAgain={again} /> : <Home folder={route.kind === "folder" ? route.path : ""} />}
          </ErrorBoundary>
        </div>
      </div>
      <TransferTray />
    </ShellProvider>
  );
}

/** The browser asks before a page is left whose changes the Server does not have yet. */
function useUnsentWarning(backend: StudioBackend) {
  useEffect(() => {
    const leave = (e: BeforeUnloadEvent) => {
      if (backend.unsent()) e.preventDefault();
    };
    window.addEventListener("beforeunload", leave);
    return () => window.removeEventListener("beforeunload", leave);
  }, [backend]);
}

function subscribeHash(told: () => void) {
  window.addEventListener("hashchange", told);
  return () => window.removeEventListener("hashchange", told);
}

/**
 * What is shown at an address. A package that is renamed under somebody's hands
 * gets another address, but stays what it is.
 */
function usePlace(hash: string) {
  const [keys, setKeys] = useState<ReadonlyMap<string, string>>(new Map());
  const key = keys.get(hash) ?? hash;
  const moved = useCallback((to: string) => {
    const next = spellRoute({ kind: "package", path: to });
    window.history.replaceState(null, "", next);
    // Another package at the old address is another one.
    setKeys((all) => new Map(all).set(next, all.get(hash) ?? hash).set(hash, freshID()));
  }, [hash]);
  const again = useCallback(() => setKeys((all) => new Map(all).set(hash, freshID())), [hash]);
  return { key, moved, again };
}
