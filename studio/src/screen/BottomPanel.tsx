import { Badge, Select, Tabs, Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type Column, type Preview, type RunResult } from "../api/backend";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { Empty } from "../ui/Empty";
import { bareType, TypeMark } from "../ui/TypeMark";
import { visible } from "../ui/visible";
import css from "./screen.module.css";
import { useCommandContext, useStudio, useStudioState, useView } from "../app/context";
import { type PreviewView, type ShownPort, usePreview, useShownPort } from "../app/data";
import { Busy, DataTab } from "./DataTab";
import { Messages, useMessages } from "./Messages";
import { RunTab } from "./RunTab";
import { StatisticsView } from "./StatisticsView";
import { currentNode, shownWorkflow } from "../app/studio";
import type { BottomTab } from "../app/view";

const previewRows = 1000;

/** Data, columns, statistics and messages of the selected port. */
export function BottomPanel() {
  const { t } = useText();
  const { view } = useCommandContext();
  const tab = useView((v) => v.tab);
  const shown = useShownPort();
  const preview = usePreview(shown?.port ?? null, previewRows);
  const problems = useMessages();
  const result = useResult(shown);
  return (
    <section className={css.bottom} data-part="bottom" aria-label={t("panel.tabs")}>
      <Tabs className={css.tabs} value={tab} onChange={(v) => view.setState({ tab: (v ?? "data") as BottomTab })} keepMounted={false}>
        <div className={css.tabRow}>
          <Tabs.List aria-label={t("panel.tabs")} className={css.tabList}>
            <Tabs.Tab value="data">{t("panel.data")}</Tabs.Tab>
            <Tabs.Tab value="schema">{t("panel.schema")}</Tabs.Tab>
            <Tabs.Tab value="statistics">{t("panel.statistics")}</Tabs.Tab>
            <Tabs.Tab value="run">{t("panel.run")}</Tabs.Tab>
            <Tabs.Tab value="messages" rightSection={problems.length > 0 && <Badge size="xs" circle color="red" variant="light">{problems.length}</Badge>}>{t("panel.messages")}</Tabs.Tab>
          </Tabs.List>
          <Head shown={shown} preview={preview} result={result} />
        </div>
        <Tabs.Panel value="data" className={css.tabBody}><Rows shown={shown} view={preview}>{(p) => shown && <DataTab port={shown.port} preview={p} result={result} />}</Rows></Tabs.Panel>
        <Tabs.Panel value="schema" className={css.tabBody}><Rows shown={shown} view={preview}>{(p) => <Schema columns={p.columns} />}</Rows></Tabs.Panel>
        <Tabs.Panel value="statistics" className={css.tabBody}><Rows shown={shown} view={preview}>{(p) => <StatisticsView port={shown?.port ?? null} columns={p.columns} />}</Rows></Tabs.Panel>
        <Tabs.Panel value="run" className={css.tabBody}><RunTab /></Tabs.Panel>
        <Tabs.Panel value="messages" className={css.tabBody}><Messages problems={problems} /></Tabs.Panel>
      </Tabs>
    </section>
  );
}

/** All rows of the shown port, where they are computed and still true. */
function useResult(shown: ShownPort | null): RunResult | undefined {
  const studio = useStudio();
  useStudioState((s) => s.results);
  useStudioState((s) => s.doc?.shown);
  return shown ? studio.resultOf(shown.port) : undefined;
}

interface HeadProps {
  readonly shown: ShownPort | null;
  readonly preview: PreviewView;
  readonly result: RunResult | undefined;
}

function Head({ shown, preview, result }: HeadProps) {
  const { t } = useText();
  const studio = useStudio();
  if (!shown) return null;
  return (
    <div className={css.panelHead}>
      {preview.kind === "rows" && <PreviewFacts preview={preview.preview} result={result} />}
      {shown.outputs.length > 1 && (
        <Select
          size="xs" className={css.output} aria-label={t("panel.output")} value={shown.outputs[shown.port.output]?.name ?? null} data={shown.outputs.map((o) => ({ value: o.name, label: o.label }))}
          allowDeselect={false} onChange={(name) => { if (name) studio.selectOnly(shown.port.node, name); }} comboboxProps={{ shadow: "md" }}
        />
      )}
    </div>
  );
}

function PreviewFacts({ preview, result }: { readonly preview: Preview; readonly result: RunResult | undefined }) {
  const { t, language } = useText();
  const f = format(language);
  const total = result?.rows ?? preview.total;
  const rows = total ?? preview.rows.length;
  const exact = result !== undefined || preview.exact;
  return (
    <span className={css.facts}>
      <span className={css.factsSize}>{t(total === undefined ? "panel.first" : "panel.rows", { count: rows, n: f.count(rows) })} × {t("panel.columns", { count: preview.columns.length, n: f.count(preview.columns.length) })}</span>
      {!result && <span className={css.factsTime}>{f.duration(preview.elapsed)}</span>}
      <Tooltip label={t(preview.follows ? "panel.sample_follows" : "panel.sample_hint")} disabled={exact}>
        <span className={css.exact} data-exact={exact}>{result ? t("panel.all") : exact ? t("panel.exact") : t("panel.sample")}</span>
      </Tooltip>
    </span>
  );
}

interface RowsProps {
  readonly shown: ShownPort | null;
  readonly view: PreviewView;
  readonly children: (p: Preview) => React.ReactNode;
}

/** What stands in the place of rows: nothing chosen, waiting, an error, or the rows. */
function Rows({ shown, view, children }: RowsProps) {
  const { t } = useText();
  const chosen = useStudioState(currentNode);
  const w = useStudioState(shownWorkflow);
  const studio = useStudio();
  if (!shown) return <Empty title={chosen ? t("panel.no_output") : t("panel.none")} />;
  switch (view.kind) {
    case "loading":
      return <Busy />;
    case "failed":
      return (
        <div className={css.failed} role="alert">
          <IconAlertTriangle size={20} stroke={1.6} aria-hidden />
          <div>
            <p className={css.failedTitle}>{t("panel.failed")}</p>
            {view.problems.map((p, i) => {
              const node = w.nodes.find((n) => n.id === p.place.node);
              return <p key={i}>{visible(p.text)} {node && <button type="button" className={css.linkButton} onClick={() => studio.selectOnly(node.id)}>{node.label || node.id}</button>}</p>;
            })}
          </div>
        </div>
      );
    case "rows":
      return children(view.preview);
  }
}

function Schema({ columns }: { readonly columns: readonly Column[] }) {
  const { t } = useText();
  return (
    // A long table scrolls, also by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t("schema.of_table")}>
      <table className={css.schema}>
        <thead>
          <tr><th scope="col">{t("schema.name")}</th><th scope="col">{t("schema.label")}</th><th scope="col">{t("schema.type")}</th><th scope="col">{t("schema.usage")}</th></tr>
        </thead>
        <tbody>
          {columns.map((c) => (
            <tr key={c.name}>
              <td><code>{visible(c.name)}</code></td>
              <td>{visible(c.label)}</td>
              <td><span className={css.typeCell}><TypeMark type={c.type} />{typeWord(c.type, t)}</span></td>
              <td>{c.usage}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function typeWord(type: string, t: ReturnType<typeof useText>["t"]): string {
  switch (bareType(type)) {
    case "boolean": return t("type.boolean");
    case "integer": return t("type.integer");
    case "real": return t("type.real");
    case "decimal": return `${t("type.decimal")} ${type.slice(7)}`;
    case "string": return t("type.string");
    case "date": return t("type.date");
    case "time": return t("type.time");
    case "timestamp": return t("type.timestamp");
    case "timestamptz": return t("type.timestamptz");
    default: return type;
  }
}
