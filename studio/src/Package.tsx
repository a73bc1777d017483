import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type Problem, Refused, type StudioBackend } from "./api/backend";
import type { Components } from "./graph/catalogue";
import { useText } from "./i18n/i18n";
import { BusyPage, NoticePage } from "./ui/Notice";
import { Loaded, part } from "./ui/part";
import type { AppActions } from "./app/shell";
import { Studio } from "./app/studio";
import { createView, localStore } from "./app/view";

const Screen = part(() => import("./screen/Screen").then((m) => m.Screen));

interface Props {
  readonly backend: StudioBackend;
  readonly path: string;
  readonly app: AppActions;
  /** The package has another path now. */
  readonly onMoved: (to: string) => void;
  /** It is to be opened anew. */
  readonly onAgain: () => void;
}

/** One package: opened, shown, and what there is to say where it can't be. */
export function Package({ backend, path, app, onMoved, onAgain }: Props) {
  const { t, language } = useText();
  const catalogue = useQuery({ queryKey: ["catalogue", language], queryFn: ({ signal }) => backend.catalogue(language, signal), staleTime: Infinity });
  const [view] = useState(() => createView(localStore()));
  const [studio] = useState(() => new Studio(backend, path, new Map()));
  const components = useMemo((): Components => new Map(catalogue.data?.components.map((c) => [c.name, c])), [catalogue.data]);
  useEffect(() => studio.open(), [studio]);
  useEffect(() => studio.setCatalogue(components, catalogue.data?.functions ?? []), [studio, components, catalogue.data]);
  const closed = useSyncExternalStore(studio.store.subscribe, () => studio.state.closed);
  const now = useSyncExternalStore(studio.store.subscribe, () => studio.state.path);
  useEffect(() => {
    if (now !== path) onMoved(now);
  }, [now, path, onMoved]);
  if (closed) return <Closed studio={studio} why={closed} app={app} onAgain={onAgain} />;
  if (catalogue.isError) {
    return <NoticePage title={t("common.error")} action={t("boot.again")} onAction={() => void catalogue.refetch()}><p>{catalogue.error.message}</p></NoticePage>;
  }
  return <Loaded page wait={<BusyPage>{t("common.loading")}</BusyPage>}>{catalogue.data ? <Screen studio={studio} view={view} app={app} /> : <BusyPage>{t("common.loading")}</BusyPage>}</Loaded>;
}

interface ClosedProps {
  readonly studio: Studio;
  readonly why: readonly Problem[];
  readonly app: AppActions;
  readonly onAgain: () => void;
}

/** A package that can't be opened, or is no longer there: what it was in this tab can then be saved again. */
function Closed({ studio, why, app, onAgain }: ClosedProps) {
  const { t } = useText();
  const [problems, setProblems] = useState(why);
  const { path, doc, writable } = studio.state;
  const gone = doc !== null && writable && why.some((p) => p.kind === "not_found");
  const save = () => {
    studio.saveAgain().then(onAgain, (err: unknown) => {
      if (!(err instanceof Refused)) throw err;
      setProblems(err.problems);
    });
  };
  return (
    <NoticePage
      title={t(gone ? "package.gone" : "package.closed", { path })}
      action={t(gone ? "save.again" : "cmd.home")} onAction={gone ? save : app.home} other={gone ? { label: t("cmd.home"), run: app.home } : undefined}
    >
      {problems.map((p, i) => <p key={i}>{p.text}</p>)}
      {gone && <p>{t("package.gone_text")}</p>}
    </NoticePage>
  );
}
