import { type Client, createClient, type Transport } from "@connectrpc/connect";

import { arrowDecoder } from "./arrow";
import { type Column, type Page, type Port, type PreviewListener, type PreviewPanel, Refused, type Statistics, type Stop } from "./backend";
import { join } from "./bytes";
import type { Calls } from "./calls";
import { LoadError } from "./load";
import { type Column as WireColumn, type ColumnStatistics as WireStatistics, Data, type WatchPreviewRequest, type WatchPreviewResponse } from "./gen/weft/v1/data_pb";
import { isNotOpen, problemOf, refusedBy } from "./problems";

type DataClient = Client<typeof Data>;

/** Rows of the Server: previews, statistics, pages of results. */
export class Previews {
  private readonly client: DataClient;

  constructor(
    private readonly calls: Calls,
    transport: Transport,
    private readonly documents: WithOpen,
  ) {
    this.client = createClient(Data, transport);
  }

  openPanel(): PreviewPanel {
    return new Panel(this.calls, this.client, this.documents);
  }

  watchStatistics(port: Port, listener: (s: Statistics) => void): Stop {
    const abort = new AbortController();
    let columns = new Map<string, Statistics["columns"][number]>();
    let number = -1n;
    this.documents.withOpen(port.document, (document) => this.calls.follow(() => this.client.watchStatistics({ port: { ...port, document } }, { signal: abort.signal }), (a) => {
      if (a.number !== number) columns = new Map();
      number = a.number;
      for (const c of a.columns) columns.set(c.name, statisticsOf(c));
      listener({ rows: Number(a.rows), exact: a.exact, columns: [...columns.values()] });
    }, abort.signal)).catch(() => undefined); // what is wrong with the port is told by its preview
    return () => abort.abort();
  }

  async page(result: string, offset: number, limit: number, columns: readonly Column[], signal: AbortSignal): Promise<Page> {
    return this.calls.once(async () => {
      const parts: Uint8Array[] = [];
      let total = 0;
      for await (const a of this.client.readPage({ result, offset: BigInt(offset), limit }, { signal })) {
        if (parts.length === 0) total = Number(a.total);
        parts.push(a.arrow);
      }
      return { rows: (await arrowDecoder())(join(parts), columns), total };
    }, signal);
  }
}

/** Knows under which id the Server has a document open. */
export interface WithOpen {
  withOpen<T>(document: string, work: (document: string) => Promise<T>): Promise<T>;
}

interface Wanted {
  readonly port: Port | null;
  readonly limit: number;
  readonly listener: PreviewListener;
}

/** One watching stream: it is opened with the first request and again after a loss. */
class Panel implements PreviewPanel {
  private request = 0n;
  private wanted: Wanted | undefined;
  private wake: () => void = () => undefined;
  private readonly over = new AbortController();
  private following = false;
  private columns: readonly Column[] = [];
  private parts: Uint8Array[] = [];

  constructor(
    private readonly calls: Calls,
    private readonly client: DataClient,
    private readonly documents: WithOpen,
  ) {}

  show(port: Port | null, limit: number, listener: PreviewListener): void {
    this.request++;
    this.wanted = { port, limit, listener };
    this.wake();
    if (!this.following) void this.follow(port?.document ?? "");
  }

  close(): void {
    this.wanted = undefined;
    this.over.abort();
    this.wake();
  }

  private async follow(of: string): Promise<void> {
    this.following = true;
    const { signal } = this.over;
    try {
      await this.documents.withOpen(of, (document) => this.calls.follow(() => this.client.watchPreview(this.requests(document), { signal }), (a) => this.take(a), signal));
    } catch (err) {
      if (signal.aborted) return;
      this.wanted?.listener.failed(refusedBy(err, this.calls.say).problems);
      if (!(err instanceof Refused || err instanceof LoadError)) throw err; // a defect is not told in words alone
    } finally {
      this.following = false;
    }
  }

  /** What is wanted now, and each time that something else is. */
  private async *requests(document: string): AsyncGenerator<Pick<WatchPreviewRequest, "request" | "limit" | "exact"> & { port?: Port }> {
    let sent = -1n;
    while (!this.over.signal.aborted) {
      if (sent === this.request || !this.wanted) {
        await new Promise<void>((resolve) => (this.wake = resolve));
        continue;
      }
      sent = this.request;
      const { port, limit } = this.wanted;
      yield { request: sent, limit, exact: false, ...(port && { port: { ...port, document } }) };
    }
  }

  private async take(a: WatchPreviewResponse): Promise<void> {
    const { wanted } = this;
    if (a.request !== this.request || !wanted) return;
    switch (a.part.case) {
      case "schema":
        this.columns = a.part.value.columns.map(columnOf);
        this.parts = [];
        return;
      case "arrow":
        this.parts.push(a.part.value);
        return;
      case "failed": {
        const problems = a.part.value.errors.map(problemOf);
        if (problems.some(isNotOpen)) throw new Refused(problems); // it is asked for again when the document is open
        return wanted.listener.failed(problems);
      }
      case "done": {
        const { exact, follows, elapsedMs } = a.part.value;
        const { columns, parts } = this;
        const rows = (await arrowDecoder())(join(parts), columns);
        if (a.request === this.request) wanted.listener.rows({ columns, rows, exact, follows, elapsed: Number(elapsedMs), ...(exact && rows.length < wanted.limit && { total: rows.length }) });
        return;
      }
      case undefined:
        return; // of a later version
    }
  }
}

export function columnOf({ name, label, type, usage }: WireColumn): Column {
  return { name, label, type, usage };
}

function statisticsOf(c: WireStatistics): Statistics["columns"][number] {
  const { name, min, max, mean, deviation } = c;
  return {
    name, min, max, mean, deviation, nulls: Number(c.nulls), distinct: Number(c.distinct),
    bins: c.bins.map((b) => ({ from: b.from, to: b.to, count: Number(b.count) })),
  };
}
