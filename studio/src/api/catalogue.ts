import { type Client, createClient, type Transport } from "@connectrpc/connect";

import type { ComponentSpec } from "../graph/catalogue";
import type { Language } from "./backend";
import type { Calls } from "./calls";
import { Catalogue as CatalogueService, type Entry, EntryKind } from "./gen/weft/v1/catalogue_pb";

/** What the browser keeps from one visit to the next; it may be closed to the page. */
type Keep = Pick<Storage, "getItem" | "setItem"> | null;

interface Kept {
  readonly hash: string;
  /** In the palette's order. */
  readonly components: readonly { readonly hash: string; readonly spec: ComponentSpec }[];
}

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

  /** The components in a language, which is that of the session. */
  async components(language: Language, signal: AbortSignal): Promise<readonly ComponentSpec[]> {
    const kept = this.load(language);
    const { hash, entries } = await this.calls.once(() => this.client.getCatalogue({ hash: kept.hash }, { signal }), signal);
    if (hash === kept.hash) return kept.components.map((c) => c.spec);
    const known = new Map(kept.components.map((c) => [c.hash, c.spec]));
    const wanted = entries.filter((e) => e.kind === EntryKind.COMPONENT);
    for (const [h, spec] of await this.fetch(wanted.filter((e) => !known.has(e.hash)), signal)) known.set(h, spec);
    const components = wanted.flatMap((e) => {
      const spec = known.get(e.hash);
      return spec ? [{ hash: e.hash, spec }] : [];
    });
    this.save(language, { hash, components });
    return components.map((c) => c.spec);
  }

  private async fetch(entries: readonly Entry[], signal: AbortSignal): Promise<ReadonlyMap<string, ComponentSpec>> {
    const got = new Map<string, ComponentSpec>();
    for (let i = 0; i < entries.length; i += 1000) {
      const hashes = entries.slice(i, i + 1000).map((e) => e.hash);
      await this.calls.once(async () => {
        for await (const e of this.client.getEntries({ hashes }, { signal })) got.set(e.hash, JSON.parse(e.content) as ComponentSpec);
      }, signal);
    }
    return got;
  }

  private load(language: Language): Kept {
    try {
      const kept = JSON.parse(this.keep?.getItem(key(language)) ?? "null") as Kept | null;
      if (kept && Array.isArray(kept.components)) return kept;
    } catch {
      // Closed, or not ours: it is fetched anew.
    }
    return { hash: "", components: [] };
  }

  private save(language: Language, kept: Kept): void {
    try {
      this.keep?.setItem(key(language), JSON.stringify(kept));
    } catch {
      // Full or forbidden: it is fetched at the next visit.
    }
  }
}

function key(language: Language): string {
  return `weft.catalogue.${language}`;
}
