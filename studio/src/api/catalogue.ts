import { type Client, createClient, type Transport } from "@connectrpc/connect";

import type { Catalogue as Contents, ComponentSpec, FunctionSpec } from "../graph/catalogue";
import type { Language } from "./backend";
import type { Calls } from "./calls";
import { Catalogue as CatalogueService, type Entry, EntryKind } from "./gen/weft/v1/catalogue_pb";

/** What the browser keeps from one visit to the next; it may be closed to the page. */
type Keep = Pick<Storage, "getItem" | "setItem"> | null;

interface Kept {
  readonly hash: string;
  /** In the palette's order. */
  readonly entries: readonly Item[];
}

type Item =
  | { readonly hash: string; readonly kind: "component"; readonly spec: ComponentSpec }
  | { readonly hash: string; readonly kind: "function"; readonly spec: FunctionSpec };

/** What workflows are made of. Entries are fetched once, by the hash of their content. */
export class Catalogue {
  private readonly client: Client<typeof CatalogueService>;

  constructor(
    private readonly calls: Calls,
    transport: Transport,
    private readonly keep: Keep,
  ) {
    this.client = createClient(CatalogueService, transport);
  }

  /** All of it in a language, which is that of the session. */
  async read(language: Language, signal: AbortSignal): Promise<Contents> {
    const kept = this.load(language);
    const { hash, entries } = await this.calls.once(() => this.client.getCatalogue({ hash: kept.hash }, { signal }), signal);
    if (hash === kept.hash) return contents(kept.entries);
    const known = new Map(kept.entries.map((e) => [e.hash, e.spec]));
    const wanted = entries.filter((e) => e.kind === EntryKind.COMPONENT || e.kind === EntryKind.FUNCTION);
    for (const [h, spec] of await this.fetch(wanted.filter((e) => !known.has(e.hash)), signal)) known.set(h, spec);
    const all = wanted.flatMap((e): Item[] => {
      const spec = known.get(e.hash);
      if (!spec) return [];
      return [e.kind === EntryKind.COMPONENT ? { hash: e.hash, kind: "component", spec: spec as ComponentSpec } : { hash: e.hash, kind: "function", spec: spec as FunctionSpec }];
    });
    this.save(language, { hash, entries: all });
    return contents(all);
  }

  private async fetch(entries: readonly Entry[], signal: AbortSignal): Promise<ReadonlyMap<string, ComponentSpec | FunctionSpec>> {
    const got = new Map<string, ComponentSpec | FunctionSpec>();
    for (let i = 0; i < entries.length; i += 1000) {
      const hashes = entries.slice(i, i + 1000).map((e) => e.hash);
      await this.calls.once(async () => {
        for await (const e of this.client.getEntries({ hashes }, { signal })) got.set(e.hash, JSON.parse(e.content) as ComponentSpec | FunctionSpec);
      }, signal);
    }
    return got;
  }

  private load(language: Language): Kept {
    try {
      const kept = JSON.parse(this.keep?.getItem(key(language)) ?? "null") as Kept | null;
      if (kept && Array.isArray(kept.entries)) return kept;
    } catch {
      // Closed, or not ours: it is fetched anew.
    }
    return { hash: "", entries: [] };
  }

  private save(language: Language, kept: Kept): void {
    try {
      this.keep?.setItem(key(language), JSON.stringify(kept));
    } catch {
      // Full or forbidden: it is fetched at the next visit.
    }
  }
}

function contents(entries: readonly Item[]): Contents {
  return {
    components: entries.flatMap((e) => (e.kind === "component" ? [e.spec] : [])),
    functions: entries.flatMap((e) => (e.kind === "function" ? [e.spec] : [])),
  };
}

function key(language: Language): string {
  return `weft.catalogue.${language}`;
}
