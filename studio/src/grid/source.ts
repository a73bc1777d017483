import type { Column, Preview, Row, RunResult, StudioBackend } from "../api/backend";

/** Rows that a table shows, page by page: a preview in memory, or a result of any size on the Server. */
export interface TableSource {
  readonly columns: readonly Column[];
  /** Rows in all; undefined: not known yet. */
  readonly total: number | undefined;
  /** Rows from a position on, fewer at the end. */
  page(offset: number, limit: number, signal: AbortSignal): Promise<readonly Row[]>;
}

/** The rows of a preview as a source. */
export function previewSource(p: Preview): TableSource {
  return {
    columns: p.columns,
    total: p.rows.length,
    page: (offset, limit) => Promise.resolve(p.rows.slice(offset, offset + limit)),
  };
}

/** The rows of a result on the Server. */
export function pageSource(backend: Pick<StudioBackend, "page">, r: RunResult): TableSource {
  return {
    columns: r.columns,
    total: r.rows,
    page: async (offset, limit, signal) => (await backend.page(r.result, offset, limit, r.columns, signal)).rows,
  };
}

/** Keeps the last pages of a source, so that scrolling back asks for nothing, and one page is never asked for twice at once. */
export function cachedSource(source: TableSource, pages = 64): TableSource {
  const kept = new Map<string, Promise<readonly Row[]>>();
  return {
    columns: source.columns,
    total: source.total,
    page(offset, limit, signal) {
      const key = `${offset}+${limit}`;
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
        return found;
      }
      const asked = source.page(offset, limit, signal);
      kept.set(key, asked);
      asked.catch(() => kept.delete(key));
      const oldest = kept.keys().next();
      if (kept.size > pages && !oldest.done) kept.delete(oldest.value);
      return asked;
    },
  };
}
