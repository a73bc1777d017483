import { type Client, createClient, type Transport } from "@connectrpc/connect";

import { Refused, type ServiceProblem, type Stop } from "./backend";
import type { Calls } from "./calls";
import { Services as ServicesService } from "./gen/weft/v1/services_pb";
import { problemOf } from "./problems";

/** What is published, as far as Studio shows it: why something is not. */
export class Services {
  private readonly client: Client<typeof ServicesService>;

  constructor(private readonly calls: Calls, transport: Transport) {
    this.client = createClient(ServicesService, transport);
  }

  /** Tells all problems, now and at each change. Who may not see what is published is told nothing. */
  watch(listener: (all: readonly ServiceProblem[]) => void): Stop {
    const abort = new AbortController();
    let all: ServiceProblem[] = [];
    // Whoever comes back asks for the whole: it may be worded in another language by now.
    const open = () => {
      all = [];
      return this.client.watchServices({ hash: "" }, { signal: abort.signal });
    };
    this.calls.follow(open, ({ problems, last }) => {
      all.push(...problems.map((p) => ({ path: p.path, service: p.service, operation: p.operation, problems: p.errors.map(problemOf) })));
      if (!last) return;
      listener(all);
      all = [];
    }, abort.signal).catch((err: unknown) => {
      if (!abort.signal.aborted && !(err instanceof Refused)) throw err;
    });
    return () => abort.abort();
  }
}
