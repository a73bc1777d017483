import type { Cell, RunResult, StudioBackend } from "../api/backend";

/** Rows that are asked for at once: as many as the Server gives. */
const most = 10_000;

/** A cell as RFC 4180 has it. No value is nothing; empty text is a pair of quotes, so that the two stay apart. */
export function csvCell(v: Cell): string {
  if (v === null) return "";
  const text = String(v);
  return text === "" || /[",\r\n]/.test(text) || /^\s|\s$/.test(text) ? `"${text.replace(/"/g, "\"\"")}"` : text;
}

/** All rows of a result as CSV in UTF-8, under the labels that people read. */
export async function tableAsCsv(backend: Pick<StudioBackend, "page">, r: RunResult, onProgress: (rows: number) => void, signal: AbortSignal): Promise<Blob> {
  const parts = [`${r.columns.map((c) => csvCell(c.label || c.name)).join(",")}\r\n`];
  for (let at = 0; at < r.rows; ) {
    const { rows } = await backend.page(r.result, at, most, r.columns, signal);
    if (rows.length === 0) break;
    parts.push(rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join(""));
    onProgress((at += rows.length));
  }
  return new Blob(parts, { type: "application/octet-stream" });
}
