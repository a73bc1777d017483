import { Button, Progress } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconDownload, IconPlayerStop, IconPlayerPlay } from "@tabler/icons-react";
import type { Misfit, RunResult } from "../api/backend";
import type { Workflow } from "../graph/model";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { Empty } from "../ui/Empty";
import { visible } from "../ui/visible";
import { commandByID } from "./commands";
import { useCommandContext, useStudio, useStudioState } from "./context";
import { Messages } from "./Messages";
import { nameOf } from "./paths";
import css from "./run.module.css";
import { useShell } from "./shell";
import { type Run, shownWorkflow } from "./studio";

/** The last run: how far it is, what it wrote, what did not fit. */
export function RunTab() {
  const { t } = useText();
  const context = useCommandContext();
  const run = useStudioState((s) => s.run);
  if (!run || run.target !== "") {
    return (
      <Empty title={t("run.none")}>
        <p>{t("run.none_hint")}</p>
        <Button size="xs" leftSection={<IconPlayerPlay size={13} />} onClick={() => commandByID("run").run(context)}>{t("cmd.run")}</Button>
      </Empty>
    );
  }
  return (
    // A long list scrolls, also by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.run} tabIndex={0} role="region" aria-label={t("panel.run")}>
      <Head run={run} />
      {run.problems.length > 0 && <Messages problems={run.problems} />}
      {run.files.length > 0 && <Files files={run.files} />}
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
  const steps = [...new Set(run.steps.values())];
  const known = steps.filter((s) => s.state === "done" || s.percent !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce((sum, s) => sum + (s.state === "done" ? 100 : (s.percent ?? 0)), 0) / steps.length;
}

function Files({ files }: { readonly files: readonly RunResult[] }) {
  const { t, language } = useText();
  const { transfers } = useShell();
  const w = useStudioState(shownWorkflow);
  const f = format(language);
  return (
    <section aria-label={t("run.files")}>
      <h3>{t("run.files")}</h3>
      <ul className={css.files}>
        {files.map((r) => (
          <li key={r.path}>
            <span className={css.words}>
              <strong title={r.path}>{visible(nameOf(r.path))}</strong>
              <small>{[labelOf(w, r.node), t("panel.rows", { count: r.rows, n: f.count(r.rows) })].join(" · ")}</small>
            </span>
            <Button variant="default" size="compact-sm" leftSection={<IconDownload size={14} stroke={1.7} />} aria-label={`${t("files.download")}: ${nameOf(r.path)}`} onClick={() => transfers.download(r.path, 0)}>{t("files.download")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Misfits({ misfits }: { readonly misfits: readonly Misfit[] }) {
  const { t, language } = useText();
  const w = useStudioState(shownWorkflow);
  const f = format(language);
  return (
    <section aria-label={t("run.misfits")}>
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
