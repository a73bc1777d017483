import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { StudioBackend } from "./api/backend";
import type { Components } from "./graph/catalogue";
import { useText } from "./i18n/i18n";
import { ErrorBoundary } from "./ui/ErrorBoundary";
import { BusyPage, NoticePage } from "./ui/Notice";
import { Loaded, part } from "./ui/part";
import type { Entry } from "./gate/boot";
import { ConnectionBar } from "./home/ConnectionBar";
import { Home } from "./home/Home";
import { readRoute } from "./app/route";
import { type AppActions, ShellProvider } from "./app/shell";
import { Studio } from "./app/studio";
import { Transfers } from "./app/transfers";
import { TransferTray } from "./home/TransferTray";
import { createView, localStore } from "./app/view";

const Screen = part(() => import("./screen/Screen").then((m) => m.Screen));

/** All that somebody sees who is signed in. */
export function Inside({ entry, app }: { readonly entry: Entry; readonly app: AppActions }) {
  const { t } = useText();
  const { backend, door } = entry;
  const queries = useQueryClient();
  const [transfers] = useState(() => new Transfers(backend, () => void queries.invalidateQueries({ queryKey: ["files"] })));
  const shell = useMemo(() => ({ backend, door, transfers, app }), [backend, door, transfers, app]);
  const hash = useSyncExternalStore(subscribeHash, () => window.location.hash);
  const route = useMemo(() => readRoute(hash), [hash]);
  // Nothing of one person stays for the next.
  useEffect(() => () => queries.clear(), [queries]);
  return (
    <ShellProvider value={shell}>
      <div className="w-whole">
        <ConnectionBar backend={backend} />
        <div className="w-rest">
          <ErrorBoundary key={hash} fallback={(again) => <NoticePage title={t("common.error")} action={t("boot.again")} onAction={again}><p>{t("common.defect")}</p></NoticePage>}>
            {route.kind === "package" ? <Package key={route.path} backend={backend} path={route.path} app={app} /> : <Home folder={route.kind === "folder" ? route.path : ""} />}
          </ErrorBoundary>
        </div>
      </div>
      <TransferTray />
    </ShellProvider>
  );
}

function subscribeHash(told: () => void) {
  window.addEventListener("hashchange", told);
  return () => window.removeEventListener("hashchange", told);
}

interface PackageProps {
  readonly backend: StudioBackend;
  readonly path: string;
  readonly app: AppActions;
}

function Package({ backend, path, app }: PackageProps) {
  const { t, language } = useText();
  const catalogue = useQuery({ queryKey: ["catalogue", language], queryFn: ({ signal }) => backend.catalogue(language, signal), staleTime: Infinity });
  const [view] = useState(() => createView(localStore()));
  const [studio] = useState(() => new Studio(backend, path, new Map()));
  const components = useMemo((): Components => new Map(catalogue.data?.components.map((c) => [c.name, c])), [catalogue.data]);
  useEffect(() => studio.open(), [studio]);
  useEffect(() => studio.setCatalogue(components, catalogue.data?.functions ?? []), [studio, components, catalogue.data]);
  const closed = useSyncExternalStore(studio.store.subscribe, () => studio.state.closed);
  if (closed) {
    return (
      <NoticePage title={t("package.closed", { path })} action={t("cmd.home")} onAction={app.home}>
        {closed.map((p, i) => <p key={i}>{p.text}</p>)}
      </NoticePage>
    );
  }
  if (catalogue.isError) {
    return <NoticePage title={t("common.error")} action={t("boot.again")} onAction={() => void catalogue.refetch()}><p>{catalogue.error.message}</p></NoticePage>;
  }
  return <Loaded page wait={<BusyPage>{t("common.loading")}</BusyPage>}>{catalogue.data ? <Screen studio={studio} view={view} app={app} /> : <BusyPage>{t("common.loading")}</BusyPage>}</Loaded>;
}
