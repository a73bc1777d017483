import type { Column, ColumnStatistics, Port } from "../api/backend";
import { format } from "../i18n/format";
import { useText } from "../i18n/i18n";
import { TypeMark } from "../ui/TypeMark";
import css from "./screen.module.css";
import { useStatistics } from "../app/data";
import { Busy } from "./DataTab";
import { visible } from "../ui/visible";

/** Each column in a card: how it is spread, and what is missing. */
export function StatisticsView({ port, columns }: { readonly port: Port | null; readonly columns: readonly Column[] }) {
  const { t, language } = useText();
  const s = useStatistics(port);
  if (!s || (s.columns.length === 0 && columns.length > 0)) return <Busy />;
  return (
    // A long list scrolls, also by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t("panel.statistics")}>
      {!s.exact && <p className={css.statsNote}>{t("stats.of_sample", { n: format(language).count(s.rows) })}</p>}
      <ul className={css.stats}>
        {s.columns.map((c) => <ColumnCard key={c.name} column={columns.find((x) => x.name === c.name)} stats={c} rows={s.rows} />)}
      </ul>
    </div>
  );
}

interface CardProps {
  readonly column: Column | undefined;
  readonly stats: ColumnStatistics;
  readonly rows: number;
}

function ColumnCard({ column, stats, rows }: CardProps) {
  const { t, language } = useText();
  const f = format(language);
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t("stats.min"), stats.min], [t("stats.max"), stats.max],
    [t("stats.mean"), stats.mean === undefined ? undefined : f.number(stats.mean, 2)],
    [t("stats.distinct"), f.count(stats.distinct)],
  ];
  const full = rows > 0 ? 1 - stats.nulls / rows : 0;
  return (
    <li className={css.stat}>
      <h3 className={css.statName}><TypeMark type={column?.type ?? ""} />{visible(column?.label || stats.name)}</h3>
      <Bars stats={stats} />
      <dl className={css.facts2}>
        {facts.map(([name, value]) => value !== undefined && <div key={name}><dt>{name}</dt><dd title={value}>{visible(value)}</dd></div>)}
      </dl>
      <div className={css.full} title={`${t("stats.nulls")}: ${f.count(stats.nulls)}`}><span style={{ width: `${full * 100}%` }} /></div>
      <span className={css.nulls}>{t("stats.nulls")}: {f.percent(rows > 0 ? stats.nulls / rows : 0)}</span>
    </li>
  );
}

function Bars({ stats }: { readonly stats: ColumnStatistics }) {
  const most = Math.max(1, ...stats.bins.map((b) => b.count));
  return (
    <div className={css.bars} aria-hidden>
      {stats.bins.slice(0, 24).map((b, i) => <span key={i} title={`${b.from}${b.to && ` – ${b.to}`}: ${b.count}`} style={{ height: `${Math.max(3, (b.count / most) * 100)}%` }} />)}
    </div>
  );
}
