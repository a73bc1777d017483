// What is above the transport, against services that a test answers for.
import { Code, ConnectError, createRouterTransport, type ConnectRouter } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { columnFromArray, int64, tableFromColumns, tableToIPC } from "@uwdata/flechette";
import { describe, expect, test } from "vitest";
import type { DocumentEvent } from "../graph/document";
import { type DocumentListener, type FileState, type Opened, type Presence, type Preview, type Problem, Refused, type RunEvent } from "./backend";
import { Calls } from "./calls";
import { Catalogue } from "./catalogue";
import { Documents } from "./documents";
import { Files } from "./files";
import { Catalogue as CatalogueService, EntryKind } from "./gen/weft/v1/catalogue_pb";
import { Data } from "./gen/weft/v1/data_pb";
import { ErrorSchema } from "./gen/weft/v1/errors_pb";
import { Files as FilesService } from "./gen/weft/v1/files_pb";
import { Form, Packages } from "./gen/weft/v1/packages_pb";
import { Runs as RunsService, RunState } from "./gen/weft/v1/runs_pb";
import { Previews } from "./previews";
import { Runs } from "./runs";
import type { SessionState } from "./session";

/** A session whose state a test sets. */
class FakeSession {
  state: SessionState = "connected";
  private readonly listeners = new Set<(s: SessionState) => void>();
  watch = (l: (s: SessionState) => void) => {
    this.listeners.add(l);
    return () => this.listeners.delete(l);
  };
  get watched() {
    return this.listeners.size;
  }
  set(s: SessionState) {
    this.state = s;
    for (const l of [...this.listeners]) l(s);
  }
}

const lost = () => new ConnectError("the connection ended", Code.Unavailable);
const calls = (session = new FakeSession()) => new Calls(session, (id) => id, () => 0);
const wire = (routes: (r: ConnectRouter) => void) => createRouterTransport(routes);
const asIs = { withOpen: <T>(id: string, work: (id: string) => Promise<T>) => work(id) };
const never = new AbortController().signal;

/** Resolves when a condition holds, after as many turns as that takes. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (holds()) return;
    await new Promise((done) => setTimeout(done));
  }
  throw new Error("did not come about");
}

async function refusal(p: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await p;
  } catch (err) {
    if (err instanceof Refused) return err.problems;
    throw err;
  }
  throw new Error("was not refused");
}

describe("calls", () => {
  test("are made again after a loss, until they are answered", async () => {
    let n = 0;
    expect(await calls().once(() => (++n < 4 ? Promise.reject(lost()) : Promise.resolve(n)))).toBe(4);
  });
  test("wait while another tab has the session", async () => {
    const session = new FakeSession();
    let n = 0;
    const got = calls(session).once(() => (++n < 2 ? Promise.reject(lost()) : Promise.resolve("there")));
    session.state = "replaced";
    await until(() => session.watched === 1);
    expect(n).toBe(1);
    session.set("connected");
    expect(await got).toBe("there");
    expect(session.watched).toBe(0);
  });
  test("end when nobody is signed in any more", async () => {
    const session = new FakeSession();
    const got = refusal(calls(session).once(() => Promise.reject(lost())));
    session.set("signed-out");
    expect((await got)[0]?.id).toBe("studio.signed_out");
  });
  test("tell the Server's reasons, and are not repeated then", async () => {
    let n = 0;
    const error = new ConnectError("", Code.Unavailable, undefined, [{ desc: ErrorSchema, value: { id: "run.no_worker", kind: "unavailable", text: "No worker." } }]);
    expect(await refusal(calls().once(() => (n++, Promise.reject(error))))).toMatchObject([{ id: "run.no_worker", text: "No worker." }]);
    expect(n).toBe(1);
  });
  test("stop by their signal and leave no listener", async () => {
    const session = new FakeSession();
    session.state = "lost";
    const stop = new AbortController();
    const got = calls(session).once(() => Promise.reject(lost()), stop.signal);
    await until(() => session.watched === 1);
    stop.abort(new Error("enough"));
    await expect(got).rejects.toThrow("enough");
    expect(session.watched).toBe(0);
  });
});

/** Notes all that a document tells. */
class Notes implements DocumentListener {
  readonly snapshots: Opened[] = [];
  readonly events: DocumentEvent[] = [];
  readonly all: unknown[] = [];
  opened(o: Opened) { this.snapshots.push(o); }
  event(e: DocumentEvent) { this.events.push(e); }
  problems(p: readonly Problem[]) { this.all.push(p); }
  presence(p: Presence) { this.all.push(p); }
  file(f: FileState) { this.all.push(f); }
  failed(why: Refused) { this.all.push(why); }
}

const bytes = (v: unknown) => new TextEncoder().encode(JSON.stringify(v));
const snapshot = (v: unknown) => {
  const all = bytes(v);
  return [all.slice(0, 3), all.slice(3)].map((data, i) => ({ what: { case: "snapshot" as const, value: { data, last: i === 1 } } }));
};
const openedAs = (document: string, number: number, withSnapshot: boolean) => ({ what: { case: "opened" as const, value: { document, number: BigInt(number), snapshot: withSnapshot, writable: true, runnable: true, canUndo: true } } });
const eventAs = (number: number, clientId = "") => ({
  what: { case: "event" as const, value: { number: BigInt(number), clientId, patches: [{ path: ["label"], change: { case: "value" as const, value: `"n${number}"` } }] } },
});

describe("a document", () => {
  test("is opened again from its last event, and loses and repeats nothing", async () => {
    const asked: [string, bigint, Form][] = [];
    const notes = new Notes();
    const documents = new Documents(calls(), wire((r) => r.service(Packages, {
      async *openPackage(q, c) {
        asked.push([q.document, q.after, q.form]);
        if (asked.length === 1) {
          yield openedAs("d1", 3, true);
          yield* snapshot({ label: "x" });
          yield eventAs(4);
          throw lost();
        }
        yield openedAs("d1", 6, false);
        yield eventAs(5);
        yield eventAs(6, "mine");
        await new Promise((done) => c.signal.addEventListener("abort", done));
      },
    })), () => "id");
    const stop = documents.open("user/a.weft", notes);
    await until(() => notes.events.length === 3);
    expect(asked).toEqual([["", 0n, Form.TREE], ["d1", 4n, Form.TREE]]);
    expect(notes.snapshots).toEqual([{ document: "d1", tree: { label: "x" }, number: 3, canUndo: true, canRedo: false, writable: true, runnable: true, settled: "" }]);
    expect(notes.events.map((e) => [e.number, e.clientId])).toEqual([[4, ""], [5, ""], [6, "mine"]]);
    stop();
  });
  test("a change that is too large comes as a snapshot, which settles its command", async () => {
    const notes = new Notes();
    const documents = new Documents(calls(), wire((r) => r.service(Packages, {
      async *openPackage(_q, c) {
        yield openedAs("d1", 3, true);
        yield* snapshot({});
        yield { what: { case: "event" as const, value: { number: 4n, clientId: "mine", reload: true, canRedo: true } } };
        yield* snapshot({ label: "big" });
        await new Promise((done) => c.signal.addEventListener("abort", done));
      },
    })), () => "id");
    const stop = documents.open("a.weft", notes);
    await until(() => notes.snapshots.length === 2);
    expect(notes.snapshots[1]).toMatchObject({ tree: { label: "big" }, number: 4, settled: "mine", canRedo: true, canUndo: false });
    stop();
  });
  test("commands go one after another, under the id that the Server knows now, and are repeated under their own", async () => {
    const sent: [string, string][] = [];
    let tries = 0;
    let opens = 0;
    const notes = new Notes();
    const documents = new Documents(calls(), wire((r) => r.service(Packages, {
      async *openPackage(_q, c) {
        yield openedAs(++opens === 1 ? "d1" : "d2", 3, true);
        yield* snapshot({});
        if (opens === 1) throw lost();
        await new Promise((done) => c.signal.addEventListener("abort", done));
      },
      sendCommand(q) {
        sent.push([q.document, q.clientId]);
        if (++tries === 1) throw lost();
        return { number: BigInt(3 + tries) };
      },
    })), () => "id");
    const stop = documents.open("a.weft", notes);
    await until(() => notes.snapshots.length === 2);
    const command = (id: string) => documents.send("d1", { id, command: { kind: "rename", label: id } }, 3);
    expect(await Promise.all([command("a"), command("b")])).toEqual([5, 6]);
    expect(sent).toEqual([["d2", "a"], ["d2", "a"], ["d2", "b"]]);
    stop();
  });
  test("a Server that was restarted has to open it first, and then takes what was pending", async () => {
    const sent: string[] = [];
    let opens = 0;
    let openAgain: () => void = () => undefined;
    const notes = new Notes();
    const documents = new Documents(calls(), wire((r) => r.service(Packages, {
      async *openPackage(_q, c) {
        if (++opens === 2) await new Promise<void>((resolve) => (openAgain = resolve));
        yield openedAs(`d${opens}`, 3, true);
        yield* snapshot({});
        if (opens === 1) await new Promise<void>((resolve) => (openAgain = resolve)).then(() => { throw lost(); });
        await new Promise((done) => c.signal.addEventListener("abort", done));
      },
      sendCommand(q) {
        sent.push(q.document);
        if (q.document === "d1") throw new ConnectError("", Code.NotFound, undefined, [{ desc: ErrorSchema, value: create(ErrorSchema, { id: "document.not_open" }) }]);
        return { number: 4n };
      },
    })), () => "id");
    const stop = documents.open("a.weft", notes);
    await until(() => notes.snapshots.length === 1);
    openAgain();
    await until(() => opens === 2);
    const answer = documents.send("d1", { id: "a", command: { kind: "rename", label: "x" } }, 3);
    await until(() => sent.length === 1);
    openAgain();
    expect(await answer).toBe(4);
    expect(sent).toEqual(["d1", "d2"]);
    stop();
  });
  test("what was sent before it was closed arrives all the same", async () => {
    const notes = new Notes();
    let over = false;
    let sent = 0;
    const documents = new Documents(calls(), wire((r) => r.service(Packages, {
      async *openPackage(_q, c) {
        yield openedAs("d1", 3, true);
        yield* snapshot({});
        await new Promise((done) => c.signal.addEventListener("abort", done));
        over = true;
      },
      sendCommand() {
        expect(over).toBe(false);
        return { number: BigInt(4 + sent++) };
      },
    })), () => "id");
    const stop = documents.open("a.weft", notes);
    await until(() => notes.snapshots.length === 1);
    for (const id of ["a", "b", "c"]) void documents.send("d1", { id, command: { kind: "rename", label: id } }, 3);
    stop();
    await until(() => over);
    expect(sent).toBe(3);
  });
  test("that may not be opened says why", async () => {
    const notes = new Notes();
    const documents = new Documents(calls(), wire((r) => r.service(Packages, {
      // eslint-disable-next-line require-yield
      async *openPackage() {
        throw new ConnectError("", Code.NotFound, undefined, [{ desc: ErrorSchema, value: create(ErrorSchema, { id: "auth.hidden", text: "There is nothing." }) }]);
      },
    })), () => "id");
    documents.open("a.weft", notes);
    await until(() => notes.all.length === 1);
    expect((notes.all[0] as Refused).problems[0]?.text).toBe("There is nothing.");
  });
});

const column = { name: "n", label: "", type: "integer", usage: "" };
const arrow = (...values: bigint[]) => tableToIPC(tableFromColumns({ n: columnFromArray(values, int64()) }), { format: "stream" }) ?? new Uint8Array();

describe("previews", () => {
  test("the latest request wins, also after a loss", async () => {
    const asked: [bigint, string][] = [];
    let opens = 0;
    const previews = new Previews(calls(), wire((r) => r.service(Data, {
      async *watchPreview(requests) {
        opens++;
        for await (const q of requests) {
          asked.push([q.request, q.port?.node ?? ""]);
          if (q.port?.node === "b" && opens === 1) throw lost();
          const data = arrow(BigInt(q.port?.node === "b" ? 2 : 1));
          yield { request: q.request, part: { case: "schema" as const, value: { columns: [column] } } };
          yield { request: q.request, part: { case: "arrow" as const, value: data.slice(0, 40) } };
          yield { request: q.request, part: { case: "arrow" as const, value: data.slice(40) } };
          yield { request: q.request, part: { case: "done" as const, value: { rows: 1n, exact: true, elapsedMs: 5n } } };
        }
      },
    })), asIs);
    const panel = previews.openPanel();
    const got: Preview[] = [];
    const listener = { rows: (p: Preview) => void got.push(p), failed: () => undefined };
    panel.show({ document: "d", workflow: "main", node: "a", output: 0 }, 10, listener);
    await until(() => got.length === 1);
    panel.show({ document: "d", workflow: "main", node: "b", output: 0 }, 10, listener);
    await until(() => got.length === 2);
    expect(got.map((p) => p.rows)).toEqual([[[1]], [[2]]]);
    expect(got[0]).toMatchObject({ exact: true, total: 1, elapsed: 5 });
    expect(asked).toEqual([[1n, "a"], [2n, "b"], [2n, "b"]]);
    panel.close();
  });
  test("a document that is not open yet is waited for", async () => {
    const asked: string[] = [];
    const previews = new Previews(calls(), wire((r) => r.service(Data, {
      async *watchPreview(requests) {
        for await (const q of requests) {
          asked.push(q.port?.document ?? "");
          if (q.port?.document === "d1") yield { request: q.request, part: { case: "failed" as const, value: { errors: [{ id: "document.not_open" }] } } };
          else yield { request: q.request, part: { case: "done" as const, value: { exact: true } } };
        }
      },
    })), { withOpen: (_id, work) => work("d1").catch(() => work("d2")) });
    const got: Preview[] = [];
    const panel = previews.openPanel();
    panel.show({ document: "d1", workflow: "main", node: "a", output: 0 }, 10, { rows: (p) => got.push(p), failed: () => { throw new Error("failed"); } });
    await until(() => got.length === 1);
    expect(asked).toEqual(["d1", "d2"]);
    panel.close();
  });
  test("a page of a result", async () => {
    const previews = new Previews(calls(), wire((r) => r.service(Data, {
      async *readPage(q) {
        const data = arrow(q.offset, q.offset + 1n);
        yield { arrow: data.slice(0, 100), total: 1_000_000n };
        yield { arrow: data.slice(100) };
      },
    })), asIs);
    expect(await previews.page("r", 700, 2, [column], never)).toEqual({ rows: [[700], [701]], total: 1_000_000 });
  });
});

describe("files", () => {
  test("an upload goes on where it was cut, and none of its pieces is larger than it may be", async () => {
    const got = new Uint8Array(700_000);
    let at = 0;
    let cuts = 0;
    const progress: number[] = [];
    const files = new Files(calls(), wire((r) => r.service(FilesService, {
      beginUpload: (q) => ({ upload: `u-${q.clientId}`, offset: 0n }),
      async appendUpload(pieces) {
        for await (const p of pieces) {
          expect(p.data.length).toBeLessThanOrEqual(256 << 10);
          expect(Number(p.offset)).toBeLessThanOrEqual(at);
          got.set(p.data, Number(p.offset));
          at = Number(p.offset) + p.data.length;
          if (++cuts === 2) throw lost();
        }
        return { offset: BigInt(at) };
      },
      getUpload: () => ({ offset: BigInt(at), size: 700_000n }),
      commitUpload: (q) => ({ file: { path: q.upload, size: BigInt(at) } }),
    })), () => "id");
    const data = new Uint8Array(700_000).map((_, i) => i % 251);
    const entry = await files.upload({ path: "user/a.bin", data: new Blob([data]), overwrite: false, onProgress: (n) => progress.push(n) }, never);
    expect(entry).toMatchObject({ path: "u-id", size: 700_000 });
    expect(Buffer.compare(got, data)).toBe(0);
    expect(progress.at(-1)).toBe(700_000);
  });
  test("a download goes on where it was cut, and is nothing that a browser would show", async () => {
    const asked: [bigint, string][] = [];
    const files = new Files(calls(), wire((r) => r.service(FilesService, {
      async *downloadFile(q) {
        asked.push([q.offset, q.fingerprint]);
        yield { part: { case: "file" as const, value: { path: q.path, size: 4n, fingerprint: "f" } } };
        yield { part: { case: "data" as const, value: new Uint8Array(asked.length === 1 ? [1, 2] : [3, 4]) } };
        if (asked.length === 1) throw lost();
      },
    })), () => "id");
    const blob = await files.download("user/a.html", () => undefined, never);
    expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([1, 2, 3, 4]);
    expect(blob.type).toBe("application/octet-stream");
    expect(asked).toEqual([[0n, ""], [2n, "f"]]);
  });
  test("a folder is read to its end", async () => {
    const files = new Files(calls(), wire((r) => r.service(FilesService, {
      listFiles: (q) => (q.after === "" ? { files: [{ path: "user/a" }, { path: "user/b" }], more: true } : { files: [{ path: `user/after-${q.after}` }], more: false }),
    })), () => "id");
    expect((await files.list("user", never)).files.map((f) => f.path)).toEqual(["user/a", "user/b", "user/after-b"]);
  });
});

describe("the catalogue", () => {
  test("fetches what it does not know, once", async () => {
    const kept = new Map<string, string>();
    const keep = { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) };
    const fetched: string[][] = [];
    let version = "v1";
    const transport = wire((r) => r.service(CatalogueService, {
      getCatalogue: (q) => (q.hash === version ? { hash: version } : { hash: version, entries: [{ kind: EntryKind.COMPONENT, name: "a", hash: "ha" }, { kind: EntryKind.COMPONENT, name: "b", hash: `hb-${version}` }, { kind: EntryKind.FUNCTION, name: "abs", hash: "hf" }] }),
      async *getEntries(q) {
        fetched.push(q.hashes);
        for (const hash of q.hashes) yield { hash, content: JSON.stringify({ name: hash }) };
      },
    }));
    const read = async () => {
      const got = await new Catalogue(calls(), transport, keep).read("en", never);
      return [...got.components, ...got.functions].map((c) => c.name);
    };
    expect(await read()).toEqual(["ha", "hb-v1", "hf"]);
    expect(await read()).toEqual(["ha", "hb-v1", "hf"]);
    version = "v2";
    expect(await read()).toEqual(["ha", "hb-v2", "hf"]);
    expect(fetched).toEqual([["ha", "hb-v1", "hf"], ["hb-v2"]]);
  });
});

describe("runs", () => {
  test("are followed from their last event", async () => {
    const after: bigint[] = [];
    const runs = new Runs(calls(), wire((r) => r.service(RunsService, {
      startRun: (q) => ({ run: `run of ${q.document}` }),
      async *watchRun(q) {
        after.push(q.after);
        if (after.length === 1) {
          yield { number: 4n, what: { case: "step" as const, value: { nodes: ["a"], state: RunState.RUNNING, percent: 40 } } };
          throw lost();
        }
        yield { number: 9n, what: { case: "run" as const, value: { run: q.run, state: RunState.DONE, results: [{ node: "a", path: "user/out.csv", rows: 3n }] } } };
      },
    })), asIs);
    const got: RunEvent[] = [];
    runs.start({ document: "d", workflow: "main", clientId: "c", targets: [] }, (e) => got.push(e));
    await until(() => got.length === 2);
    expect(after).toEqual([0n, 4n]);
    expect(got[1]).toMatchObject({ kind: "run", state: "done", results: [{ node: "a", path: "user/out.csv", rows: 3 }] });
  });
  test("one that can't begin has failed, with its reason", async () => {
    const runs = new Runs(calls(), wire((r) => r.service(RunsService, {
      startRun: () => {
        throw new ConnectError("", Code.ResourceExhausted, undefined, [{ desc: ErrorSchema, value: create(ErrorSchema, { id: "job.full", text: "Too many." }) }]);
      },
    })), asIs);
    const got: RunEvent[] = [];
    runs.start({ document: "d", workflow: "main", clientId: "c", targets: [] }, (e) => got.push(e));
    await until(() => got.length === 1);
    expect(got[0]).toMatchObject({ kind: "run", state: "failed", problems: [{ text: "Too many." }] });
  });
});
