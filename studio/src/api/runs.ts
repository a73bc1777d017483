import { type Client, createClient, type Transport } from "@connectrpc/connect";

import { Refused, type RunEvent, type RunRequest, type RunState as State, type Stop } from "./backend";
import type { Calls } from "./calls";
import { type RunInfo, Runs as RunsService, RunState, type RunStep, type WatchRunResponse } from "./gen/weft/v1/runs_pb";
import { columnOf, type WithOpen } from "./previews";
import { problemOf } from "./problems";

type Tell = (e: RunEvent) => void;

/** Runs of the Server: they go on whether or not somebody watches. */
export class Runs {
  private readonly client: Client<typeof RunsService>;

  constructor(
    private readonly calls: Calls,
    transport: Transport,
    private readonly documents: WithOpen,
  ) {
    this.client = createClient(RunsService, transport);
  }

  start(r: RunRequest, tell: Tell): { cancel: Stop } {
    const { clientId, workflow } = r;
    const targets = r.targets.map((t) => ({ ...t }));
    const id = this.documents.withOpen(r.document, (document) => this.calls.once(() => this.client.startRun({ clientId, document, workflow, targets }))).then((a) => a.run);
    void this.follow(id, tell, new AbortController().signal);
    return { cancel: () => this.cancel(id) };
  }

  join(path: string, tell: Tell): { cancel: Stop; stop: Stop } {
    const over = new AbortController();
    const id = this.calls.once(() => this.client.listRuns({ path, limit: 10 }, { signal: over.signal }), over.signal)
      .then(({ runs }) => runs.find((r) => r.state === RunState.QUEUED || r.state === RunState.RUNNING)?.run ?? "");
    void this.follow(id, tell, over.signal);
    return { cancel: () => this.cancel(id), stop: () => over.abort() };
  }

  private cancel(id: Promise<string>): void {
    id.then((run) => this.calls.once(() => this.client.cancelRun({ run }))).catch(() => undefined); // a run that is over tells so itself
  }

  private async follow(id: Promise<string>, tell: Tell, signal: AbortSignal): Promise<void> {
    let after = 0n;
    try {
      const run = await id;
      if (run === "") return;
      await this.calls.follow(() => this.client.watchRun({ run, after }, { signal }), (a) => {
        after = a.number;
        const e = eventOf(a);
        if (e) tell(e);
      }, signal);
    } catch (err) {
      if (signal.aborted) return;
      if (!(err instanceof Refused)) throw err;
      tell({ kind: "run", state: "failed", problems: err.problems, results: [] });
    }
  }
}

function eventOf({ what }: WatchRunResponse): RunEvent | undefined {
  switch (what.case) {
    case "run":
      return runOf(what.value);
    case "step":
      return { kind: "step", step: stepOf(what.value) };
    case "misfit": {
      const { node, column, type, example } = what.value;
      return { kind: "misfit", misfit: { node, column, type, example, count: Number(what.value.count), rows: Number(what.value.rows) } };
    }
    case undefined:
      return undefined; // of a later version
  }
}

function runOf(r: RunInfo): RunEvent {
  return {
    kind: "run", state: states[r.state], problems: r.errors.map(problemOf),
    results: r.results.map((x) => ({ node: x.node, output: x.output, path: x.path, result: x.result, rows: Number(x.rows), columns: (x.schema?.columns ?? []).map(columnOf) })),
  };
}

function stepOf(s: RunStep) {
  return { nodes: s.nodes, state: states[s.state], percent: s.percent, rows: Number(s.rows) };
}

const states: Readonly<Record<RunState, State>> = {
  [RunState.UNSPECIFIED]: "queued",
  [RunState.QUEUED]: "queued",
  [RunState.RUNNING]: "running",
  [RunState.DONE]: "done",
  [RunState.FAILED]: "failed",
  [RunState.CANCELLED]: "cancelled",
};
