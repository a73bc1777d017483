import { Button, Loader, Progress } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Column, Port, Preview, RunResult } from "../api/backend";
import { pageSource, previewSource, type TableSource } from "../grid/source";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { Loaded, part } from "../ui/part";
import css from "./screen.module.css";
import { useStudio, useStudioState } from "../app/context";
import run from "./run.module.css";
import { runPercent } from "./RunTab";
import { portKey } from "../app/studio";

const DataGrid = part(() => import("../grid/DataGrid").then((m) => m.DataGrid));

interface Props {
  readonly port: Port;
  readonly preview: Preview;
  /** All rows, where they are computed. */
  readonly result: RunResult | undefined;
}

/** The rows of a port: the first ones at once, all of them when somebody asks for them. */
export function DataTab({ port, preview, result }: Props) {
  const { t } = useText();
  const studio = useStudio();
  const source = useMemo(() => (result ? pageSource(studio.backend, result) : previewSource(preview)), [studio, preview, result]);
  return (
    <div className={run.table}>
      <div className={run.grid}><Loaded wait={<Busy />}><Grid label={t("panel.data")} source={source} /></Loaded></div>
      {!result && preview.total === undefined && <Foot port={port} preview={preview} />}
    </div>
  );
}

/** What stands below rows that are not all: how to have the others. */
function Foot({ port, preview }: { readonly port: Port; readonly preview: Preview }) {
  const { t, language } = useText();
  const studio = useStudio();
  const now = useStudioState((s) => s.run);
  const runnable = useStudioState((s) => s.runnable);
  const mine = now?.target === portKey(port);
  if (now?.active && mine) {
    const percent = runPercent(now);
    return (
      <div className={run.foot} role="status">
        {t("panel.computing")}
        <Progress className={run.progress} value={percent ?? 100} animated={percent === undefined} size={5} aria-label={t("panel.computing")} />
        <Button size="compact-xs" variant="default" onClick={() => studio.cancelRun()}>{t("common.cancel")}</Button>
      </div>
    );
  }
  const failed = mine && now?.state === "failed";
  return (
    <div className={run.foot} data-failed={failed}>
      {failed ? now.problems.map((p) => p.text).join(" ") : t(preview.exact ? "panel.first_rows" : "panel.sample_rows", { count: preview.rows.length, n: format(language).count(preview.rows.length) })}
      {runnable
        ? <Button size="compact-xs" variant="light" leftSection={<IconTable size={13} stroke={1.7} />} disabled={now?.active} onClick={() => studio.computeAll(port)}>{t("panel.all_rows")}</Button>
        : <span>{t("panel.all_denied")}</span>}
    </div>
  );
}

function Grid({ label, source }: { readonly label: string; readonly source: TableSource }) {
  // Other columns are another table; other rows are not.
  const shape = useMemo(() => source.columns.map((c: Column) => `${c.name}:${c.type}`).join(), [source]);
  return <DataGrid key={shape} label={label} source={source} />;
}

export function Busy() {
  const { t } = useText();
  return <div className={css.busy} role="status"><Loader size={18} />{t("panel.loading")}</div>;
}
