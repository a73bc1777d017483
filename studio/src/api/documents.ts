import { type Client, createClient, type Transport } from "@connectrpc/connect";

import type { DocumentEvent, Pending } from "../graph/document";
import { parseJson, spellJson } from "../graph/digits";
import type { Json, Patch } from "../graph/json";
import { type DocumentListener, type Problem, Refused, type Saving, type Stop } from "./backend";
import { join } from "./bytes";
import type { Calls } from "./calls";
import type { Error as WireError } from "./gen/weft/v1/errors_pb";
import { Form, type DocumentEvent as WireEvent, type Opened, type OpenPackageResponse, Packages, type Patch as WirePatch } from "./gen/weft/v1/packages_pb";
import { isNotOpen, problemOf } from "./problems";

type PackagesClient = Client<typeof Packages>;

/** The packages that this tab has open. */
export class Documents {
  private readonly client: PackagesClient;
  /** By every id that a document has had: a restarted Server may give another. */
  private readonly byID = new Map<string, OpenDocument>();
  /** Changes that the Server has not acknowledged. */
  private under = 0;

  constructor(
    private readonly calls: Calls,
    transport: Transport,
    private readonly newID: () => string,
  ) {
    this.client = createClient(Packages, transport);
  }

  open(path: string, listener: DocumentListener): Stop {
    const d = new OpenDocument(this.calls, this.client, path, listener, (id) => this.byID.set(id, d));
    void d.follow();
    return () => {
      void d.close().then(() => {
        for (const [id, other] of this.byID) if (other === d) this.byID.delete(id);
      });
    };
  }

  async create(path: string, label: string): Promise<void> {
    await this.calls.once(() => this.client.createPackage({ path, label }));
  }

  refresh(id: string): void {
    this.byID.get(id)?.refresh();
  }

  /**
   * Does something with a document under the id that the Server knows it by
   * now. A restarted Server knows none until the document is opened there
   * again: then it is done again after that.
   */
  withOpen<T>(id: string, work: (document: string) => Promise<T>): Promise<T> {
    return this.byID.get(id)?.whileOpen(work) ?? work(id);
  }

  /** Whether there are changes that the Server does not have yet, also of packages that are no longer shown. */
  get unsent(): boolean {
    return this.under > 0;
  }

  /** Has a document do something that changes it. */
  private async change<T>(id: string, call: (document: string) => Promise<T>): Promise<T> {
    this.under++;
    try {
      return await this.of(id).inTurn(call);
    } finally {
      this.under--;
    }
  }

  async send(id: string, p: Pending, base: number): Promise<number> {
    const command = spellJson(p.command as unknown as Json);
    const answer = await this.change(id, (document) => this.client.sendCommand({ document, clientId: p.id, base: BigInt(base), command }));
    return Number(answer.number);
  }

  async undo(id: string, clientId: string): Promise<void> {
    await this.change(id, (document) => this.client.undo({ document, clientId }));
  }

  async redo(id: string, clientId: string): Promise<void> {
    await this.change(id, (document) => this.client.redo({ document, clientId }));
  }

  async save(id: string, which: Saving): Promise<void> {
    const clientId = this.newID();
    await this.of(id).inTurn((document) => this.client.savePackage({ document, clientId, overwrite: which === "overwrite", reload: which === "reload" }));
  }

  setPresence(id: string, workflow: string, nodes: readonly string[]): void {
    this.byID.get(id)?.setPresence(workflow, nodes.slice(0, 100));
  }

  private of(id: string): OpenDocument {
    const d = this.byID.get(id);
    if (!d) throw new Refused([]);
    return d;
  }
}

/** One open package: its stream of events, and what this tab sends, in order. */
class OpenDocument {
  /** Empty until the Server has opened it. */
  id = "";
  private number = 0n;
  /** How often it was opened, and who waits for the next time. */
  private opens = 0;
  private waiting: (() => void)[] = [];
  private head: Opened | undefined;
  /** The event whose effect comes as a snapshot. */
  private reload: WireEvent | undefined;
  private parts: Uint8Array[] = [];
  private readonly over = new AbortController();
  private round = new AbortController();
  private queue: Promise<unknown> = Promise.resolve();
  private presence: { workflow: string; nodes: string[] } | undefined;
  private told = false;

  constructor(
    private readonly calls: Calls,
    private readonly client: PackagesClient,
    private path: string,
    private readonly listener: DocumentListener,
    private readonly named: (id: string) => void,
  ) {}

  /** Follows the document until it is closed or the Server refuses it. */
  async follow(): Promise<void> {
    while (!this.over.signal.aborted) {
      this.round = new AbortController();
      const signal = AbortSignal.any([this.over.signal, this.round.signal]);
      const open = () => this.client.openPackage({ path: this.path, document: this.id, after: this.number, form: Form.TREE }, { signal });
      try {
        await this.calls.follow(open, (m) => this.take(m), signal);
      } catch (err) {
        if (signal.aborted) continue;
        if (err instanceof Refused) {
          this.over.abort(); // what waits for it waits in vain
          this.wake();
          return this.listener.failed(err);
        }
        throw err;
      }
    }
  }

  /** Asks for a snapshot. */
  refresh(): void {
    this.number = 0n;
    this.round.abort();
  }

  /** Lets go of the document when all is sent. */
  async close(): Promise<void> {
    await this.queue;
    this.over.abort();
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Makes calls one after another: commands act in the order in which they were given. */
  inTurn<T>(call: (document: string) => Promise<T>): Promise<T> {
    const done = this.queue.then(() => this.whileOpen((id) => this.calls.once(() => call(id))));
    this.queue = done.catch(() => undefined);
    return done;
  }

  async whileOpen<T>(work: (document: string) => Promise<T>): Promise<T> {
    for (;;) {
      const { id, opens } = this;
      try {
        return await work(id);
      } catch (err) {
        const gone = err instanceof Refused && err.problems.some(isNotOpen);
        if (!gone || this.over.signal.aborted) throw err;
        await this.openedAfter(opens);
      }
    }
  }

  /** Resolves when the document is opened once more than so often. */
  private async openedAfter(opens: number): Promise<void> {
    while (this.opens <= opens && !this.over.signal.aborted) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  setPresence(workflow: string, nodes: string[]): void {
    this.presence = { workflow, nodes };
    if (this.id === "" || this.told) return;
    this.told = true;
    // What comes at once is told once.
    setTimeout(() => {
      this.told = false;
      this.tellPresence();
    }, 80);
  }

  /** Nobody waits for it, and nothing is lost when it fails: the next one tells all. */
  private tellPresence(): void {
    const p = this.presence;
    if (p && !this.over.signal.aborted) this.client.setPresence({ document: this.id, ...p }, { signal: this.over.signal }).catch(() => undefined);
  }

  private take({ what }: OpenPackageResponse): void {
    switch (what.case) {
      case "opened":
        return this.opened(what.value);
      case "snapshot":
        this.parts.push(what.value.data);
        if (what.value.last) this.snapshot();
        return;
      case "event":
        return this.event(what.value);
      case "problems":
        return this.listener.problems(what.value.errors.map(problemOf));
      case "presence":
        return this.listener.presence(what.value);
      case "file":
        this.path = what.value.path || this.path;
        return this.listener.file({ saved: Number(what.value.saved), conflict: told(what.value.conflict), refusal: told(what.value.refusal), path: this.path });
      case undefined:
        return; // of a later version
    }
  }

  private opened(o: Opened): void {
    this.id = o.document;
    this.named(o.document);
    this.head = o;
    this.reload = undefined;
    this.parts = [];
    this.opens++;
    this.wake();
    this.tellPresence();
  }

  private event(e: WireEvent): void {
    this.number = e.number;
    if (e.reload) {
      this.reload = e;
      this.parts = [];
      return;
    }
    this.listener.event(eventOf(e));
  }

  private snapshot(): void {
    const tree = parseJson(new TextDecoder().decode(join(this.parts)));
    this.parts = [];
    const { head, reload } = this;
    if (!head) return;
    const at = reload ?? head;
    this.reload = undefined;
    this.number = at.number;
    this.listener.opened({
      document: this.id, tree, number: Number(at.number), canUndo: at.canUndo, canRedo: at.canRedo,
      writable: head.writable, runnable: head.runnable, settled: reload?.clientId ?? "",
    });
  }
}

function told(e: WireError | undefined): Problem | null {
  return e ? problemOf(e) : null;
}

function eventOf(e: WireEvent): DocumentEvent {
  return { number: Number(e.number), clientId: e.clientId, name: e.name, patches: e.patches.map(patchOf), canUndo: e.canUndo, canRedo: e.canRedo };
}

function patchOf({ path, change, before }: WirePatch): Patch {
  switch (change.case) {
    case "value":
      return { path, op: "set", value: parseJson(change.value), ...(before !== "" && { before }) };
    case "insert":
      return { path, op: "insert", value: parseJson(change.value) };
    case "remove":
    case undefined:
      return { path, op: "remove" };
  }
}
