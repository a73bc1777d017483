import { CellStyleModule, type ColDef, ColumnAutoSizeModule, colorSchemeVariable, type GridApi, type ICellRendererParams, type IDatasource, InfiniteRowModelModule, LocaleModule, ModuleRegistry, themeQuartz } from "ag-grid-community";
import { AgGridReact } from "ag-grid-react";
import { useEffect, useMemo, useState } from "react";
import type { Cell, Column, Row } from "../api/backend";
import type { Language } from "../i18n/catalogues";
import { useText } from "../i18n/i18n";
import { styleNonce } from "../ui/nonce";
import { TypeMark } from "../ui/TypeMark";
import { visible } from "../ui/visible";
import { cellFormatter, isNumeric } from "./cells";
import css from "./grid.module.css";
import { cachedSource, type TableSource } from "./source";

const leave = () => false;

ModuleRegistry.registerModules([InfiniteRowModelModule, CellStyleModule, ColumnAutoSizeModule, LocaleModule]);

const look = themeQuartz.withPart(colorSchemeVariable).withParams({
  fontFamily: "var(--w-font)",
  fontSize: 12.5,
  backgroundColor: "var(--w-panel)",
  foregroundColor: "var(--w-ink)",
  headerBackgroundColor: "var(--w-sunken)",
  headerTextColor: "var(--w-ink-2)",
  headerFontWeight: 550,
  headerHeight: 32,
  rowHeight: 28,
  borderColor: "var(--w-line)",
  rowBorder: { color: "var(--w-line)", width: 1 },
  columnBorder: { color: "var(--w-line)", width: 1 },
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  rowHoverColor: "var(--w-hover)",
  selectedRowBackgroundColor: "var(--w-brand-soft)",
  rangeSelectionBorderColor: "var(--w-brand)",
  accentColor: "var(--w-brand)",
  cellHorizontalPadding: 10,
  spacing: 6,
});

const pageSize = 200;

interface Props {
  readonly label: string;
  readonly source: TableSource;
}

/** A table of any length: rows are fetched as they come into view. */
export function DataGrid({ label, source }: Props) {
  const { t, language } = useText();
  const digits = String(source.total ?? 0).length;
  const columns = useMemo(() => columnDefs(source.columns, language, digits, { null: t("grid.null"), empty: t("grid.empty") }), [source.columns, language, digits, t]);
  const said = useMemo(() => ({ noRowsToShow: t("grid.none") }), [t]);
  const [api, setApi] = useState<GridApi | null>(null);
  useEffect(() => {
    if (!api || api.isDestroyed()) return undefined;
    const abort = new AbortController();
    api.setGridOption("datasource", datasource(cachedSource(source), abort.signal));
    return () => abort.abort();
  }, [api, source]);
  return (
    <div className={css.grid} role="region" aria-label={label}>
      <AgGridReact<Row>
        key={language}
        theme={look}
        styleNonce={styleNonce()}
        localeText={said}
        columnDefs={columns}
        defaultColDef={defaults}
        rowModelType="infinite"
        cacheBlockSize={pageSize}
        maxBlocksInCache={50}
        infiniteInitialRowCount={1}
        blockLoadDebounceMillis={30}
        rowBuffer={20}
        animateRows={false}
        // Arrows go from cell to cell; Tab leaves the table, or nobody without a mouse would come out of it.
        tabToNextCell={leave}
        tabToNextHeader={leave}
        suppressFieldDotNotation
        enableCellTextSelection
        autoSizeStrategy={{ type: "fitCellContents", defaultMinWidth: 84, defaultMaxWidth: 340 }}
        suppressColumnVirtualisation={false}
        onGridReady={(e) => setApi(e.api)}
      />
    </div>
  );
}

const defaults: ColDef<Row> = { resizable: true, sortable: false, suppressMovable: true, suppressHeaderMenuButton: true };

function datasource(source: TableSource, signal: AbortSignal): IDatasource {
  return {
    rowCount: source.total,
    getRows(p) {
      const limit = p.endRow - p.startRow;
      source.page(p.startRow, limit, signal).then(
        (rows) => {
          if (signal.aborted) return;
          const end = source.total ?? (rows.length < limit ? p.startRow + rows.length : undefined);
          p.successCallback([...rows], end);
        },
        () => {
          if (!signal.aborted) p.failCallback();
        },
      );
    },
  };
}

function columnDefs(columns: readonly Column[], language: Language, digits: number, words: { null: string; empty: string }): ColDef<Row>[] {
  const width = Math.max(46, 26 + 8 * digits);
  const rows: ColDef<Row> = {
    colId: "#", headerName: "#", width, minWidth: width, maxWidth: width, resizable: false, pinned: "left", cellClass: css.number,
    valueGetter: (p) => (p.node?.rowIndex ?? 0) + 1, valueFormatter: (p) => (p.data ? String(p.value) : ""),
  };
  return [rows, ...columns.map((c, i) => columnDef(c, i, language, words))];
}

function columnDef(c: Column, i: number, language: Language, words: { null: string; empty: string }): ColDef<Row> {
  const say = cellFormatter(c.type, language);
  const right = isNumeric(c.type);
  return {
    colId: `c${i}`,
    headerName: visible(c.label || c.name),
    headerComponent: () => (
      <span className={css.header} title={c.label && c.label !== c.name ? `${c.label} · ${c.name}` : c.name}>
        <TypeMark type={c.type} />
        <span className={css.headerText}>{visible(c.label || c.name)}</span>
      </span>
    ),
    cellClass: right ? css.right : undefined,
    valueGetter: (p) => p.data?.[i],
    cellRenderer: (p: ICellRendererParams<Row, Cell>) => {
      if (!p.data) return <span className={css.waiting} />;
      const text = say(p.value);
      if (text.kind === "value") return text.text;
      return <span className={css.absent}>{text.kind === "null" ? words.null : `“${words.empty}”`}</span>;
    },
  };
}
