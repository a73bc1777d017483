import type { Column, Connection, DocumentListener, Language, Port, RunEvent, RunRequest, Saving, ServiceProblem, Statistics, Stop, StudioBackend, UploadRequest } from "./backend";
import type { Pending } from "../graph/document";
import { Calls } from "./calls";
import { Catalogue } from "./catalogue";
import { Documents } from "./documents";
import { type Door, SessionDoor } from "./door";
import { Files } from "./files";
import { Previews } from "./previews";
import type { Say } from "./problems";
import { Runs } from "./runs";
import { Services } from "./services";
import { Session, type SessionOptions } from "./session";
import { createWebsocketTransport } from "./transport";

export interface ServerOptions extends SessionOptions {
  readonly say: Say;
  readonly keep: Pick<Storage, "getItem" | "setItem"> | null;
  /** Makes an id that nobody else makes. */
  readonly newID: () => string;
}

/** A Server behind its websocket: the way in, and what Studio asks of it. */
export class Server implements StudioBackend {
  readonly door: Door;
  private readonly session: Session;
  private readonly catalogues: Catalogue;
  private readonly store: Files;
  private readonly documents: Documents;
  private readonly data: Previews;
  private readonly runs: Runs;
  private readonly services: Services;

  constructor(o: ServerOptions) {
    this.session = new Session(o);
    const transport = createWebsocketTransport(this.session);
    const calls = new Calls(this.session, o.say, o.backoff);
    this.door = new SessionDoor(this.session, calls, transport);
    this.catalogues = new Catalogue(calls, transport, o.keep);
    this.store = new Files(calls, transport, o.newID);
    this.documents = new Documents(calls, transport, o.newID);
    this.data = new Previews(calls, transport, this.documents);
    this.runs = new Runs(calls, transport, this.documents);
    this.services = new Services(calls, transport);
  }

  close(): void {
    this.session.close();
  }

  watchConnection(listener: (c: Connection) => void): Stop {
    let lost = false;
    const tell = () => {
      switch (this.session.state) {
        case "connected":
          listener(lost && !this.session.welcome?.resumed ? "restarted" : "connected");
          lost = false;
          return;
        case "lost":
          lost = true;
          return listener("lost");
        default:
          return;
      }
    };
    tell();
    return this.session.watch(tell);
  }

  catalogue(language: Language, signal: AbortSignal) {
    return this.catalogues.read(language, signal);
  }

  files(folder: string, signal: AbortSignal) {
    return this.store.list(folder, signal);
  }

  findFiles(folder: string, enough: number, signal: AbortSignal) {
    return this.store.find(folder, enough, signal);
  }

  upload(u: UploadRequest, signal: AbortSignal) {
    return this.store.upload(u, signal);
  }

  download(path: string, onProgress: (got: number, size: number) => void, signal: AbortSignal) {
    return this.store.download(path, onProgress, signal);
  }

  renameFile(from: string, to: string) {
    return this.store.rename(from, to);
  }

  deleteFile(path: string, folder: boolean) {
    return this.store.remove(path, folder);
  }

  makeFolder(path: string) {
    return this.store.makeFolder(path);
  }

  createPackage(path: string, label: string) {
    return this.documents.create(path, label);
  }

  open(path: string, listener: DocumentListener) {
    return this.documents.open(path, listener);
  }

  refresh(document: string) {
    this.documents.refresh(document);
  }

  unsent() {
    return this.documents.unsent;
  }

  send(document: string, command: Pending, base: number) {
    return this.documents.send(document, command, base);
  }

  undo(document: string, clientId: string) {
    return this.documents.undo(document, clientId);
  }

  redo(document: string, clientId: string) {
    return this.documents.redo(document, clientId);
  }

  save(document: string, which: Saving) {
    return this.documents.save(document, which);
  }

  setPresence(document: string, workflow: string, nodes: readonly string[]) {
    this.documents.setPresence(document, workflow, nodes);
  }

  watchServices(listener: (all: readonly ServiceProblem[]) => void) {
    return this.services.watch(listener);
  }

  openPreview() {
    return this.data.openPanel();
  }

  watchStatistics(port: Port, listener: (s: Statistics) => void) {
    return this.data.watchStatistics(port, listener);
  }

  page(result: string, offset: number, limit: number, columns: readonly Column[], signal: AbortSignal) {
    return this.data.page(result, offset, limit, columns, signal);
  }

  startRun(r: RunRequest, listener: (e: RunEvent) => void) {
    return this.runs.start(r, listener);
  }

  joinRun(path: string, listener: (e: RunEvent) => void) {
    return this.runs.join(path, listener);
  }
}
