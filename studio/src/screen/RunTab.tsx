import { Button, Progress } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconDownload, IconPlayerStop, IconPlayerPlay } from "@tabler/icons-react";
import type { Misfit, RunResult } from "../api/backend";
import { componentOf } from "../graph/catalogue";
import type { Workflow } from "../graph/model";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { Empty } from "../ui/Empty";
import { visible } from "../ui/visible";
import { commandByID } from "../app/commands";
import { useCommandContext, useStudio, useStudioState } from "../app/context";
import { Messages } from "./Messages";
import { nameOf } from "../app/paths";
import css from "./run.module.css";
import { useShell } from "../app/shell";
import { type Run, shownWorkflow, type Studio } from "../app/studio";

/** The last run: how far it is, what it wrote, what did not fit. */
export function RunTab() {
  const { t } = useText();
  const context = useCommandContext();
  const run = useStudioState((s) => s.run);
  const runnable = useStudioState((s) => s.runnable);
  const some = useStudioState((s) => shownWorkflow(s).nodes.length > 0);
  if (!run || run.target !== "") {
    return (
      <Empty title={t("run.none")}>
        <p>{t(runnable ? "run.none_hint" : "run.denied")}</p>
        {runnable && <Button size="xs" disabled={!some} leftSection={<IconPlayerPlay size={13} />} onClick={() => commandByID("run").run(context)}>{t("cmd.run")}</Button>}
      </Empty>
    );
  }
  return (
    // A long list scrolls, also by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.run} tabIndex={0} role="region" aria-label={t("panel.run")}>
      <Head run={run} />
      {run.problems.length > 0 && <Messages problems={run.problems} />}
      {run.results.length > 0 && <Results results={run.results} />}
      {run.misfits.length > 0 && <Misfits misfits={run.misfits} />}
    </div>
  );
}

function Head({ run }: { readonly run: Run }) {
  const { t } = useText();
  const studio = useStudio();
  if (run.active) {
    const percent = runPercent(run);
    return (
      <div className={css.head} role="status">
        <strong>{run.state === "queued" ? t("run.queued") : t("run.running")}</strong>
        <Progress className={css.progress} value={percent ?? 100} animated={percent === undefined} size={6} aria-label={t("run.running")} />
        <Button variant="default" size="compact-xs" leftSection={<IconPlayerStop size={12} />} onClick={() => studio.cancelRun()}>{t("cmd.cancel")}</Button>
      </div>
    );
  }
  const Icon = run.state === "done" ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={css.head} data-state={run.state} role="status">
      <Icon size={17} stroke={1.7} aria-hidden />
      <strong>{run.state === "done" ? t("run.done") : run.state === "failed" ? t("run.failed") : t("run.cancelled")}</strong>
    </div>
  );
}

/** How far a run is, over its steps; undefined: unknown. */
export function runPercent(run: Pick<Run, "steps">): number | undefined {
  const steps = [...new Map([...run.steps.values()].map((s) => [s.nodes.join(), s])).values()];
  const known = steps.filter((s) => s.state === "done" || s.percent !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce((sum, s) => sum + (s.state === "done" ? 100 : (s.percent ?? 0)), 0) / steps.length;
}

/** What the run made: files to download, tables to look at. */
function Results({ results }: { readonly results: readonly RunResult[] }) {
  const { t } = useText();
  return (
    <section>
      <h3>{t("run.results")}</h3>
      <ul className={css.files}>{results.map((r) => <li key={`${r.node}/${r.output}/${r.path}`}><Result result={r} /></li>)}</ul>
    </section>
  );
}

function Result({ result: r }: { readonly result: RunResult }) {
  const { t, language } = useText();
  const { view } = useCommandContext();
  const studio = useStudio();
  const { transfers } = useShell();
  const w = useStudioState(shownWorkflow);
  const label = labelOf(w, r.node);
  const rows = t("panel.rows", { count: r.rows, n: format(language).count(r.rows) });
  const name = r.path === "" ? label : visible(nameOf(r.path));
  const get = r.path === "" ? t("run.csv") : t("files.download");
  const download = () => (r.path === "" ? transfers.downloadTable(r, label) : transfers.download(r.path, 0));
  return (
    <>
      <span className={css.words}>
        <strong title={r.path || label}>{name}</strong>
        <small>{r.path === "" ? rows : [label, rows].join(" · ")}</small>
      </span>
      {r.path === "" && (
        <Button
          variant="default" size="compact-sm" aria-label={`${t("run.show")}: ${name}`}
          onClick={() => {
            studio.selectOnly(r.node, outputName(studio, w, r));
            view.setState({ tab: "data" });
          }}
        >
          {t("run.show")}
        </Button>
      )}
      <Button variant="default" size="compact-sm" leftSection={<IconDownload size={14} stroke={1.7} />} aria-label={`${get}: ${name}`} onClick={download}>{get}</Button>
    </>
  );
}

function outputName(studio: Studio, w: Workflow, r: RunResult): string {
  const node = w.nodes.find((n) => n.id === r.node);
  return (node && componentOf(studio.state.components, node.component)?.outputs[r.output]?.name) ?? "";
}

function Misfits({ misfits }: { readonly misfits: readonly Misfit[] }) {
  const { t, language } = useText();
  const w = useStudioState(shownWorkflow);
  const f = format(language);
  return (
    <section>
      <h3>{t("run.misfits")}</h3>
      <ul className={css.misfits}>
        {misfits.map((m) => (
          <li key={`${m.node}/${m.column}`}>{t("run.misfit", { n: f.count(m.count), count: m.count, column: visible(m.column), node: labelOf(w, m.node), type: m.type, example: visible(m.example) })}</li>
        ))}
      </ul>
    </section>
  );
}

function labelOf(w: Workflow, id: string): string {
  const n = w.nodes.find((x) => x.id === id);
  return visible(n?.label || id);
}
