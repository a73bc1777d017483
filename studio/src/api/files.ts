import { timestampDate } from "@bufbuild/protobuf/wkt";
import { type Client, createClient, type Transport } from "@connectrpc/connect";

import type { FileEntry, Folder, UploadRequest } from "./backend";
import type { Calls } from "./calls";
import { type FileInfo, Files as FilesService } from "./gen/weft/v1/files_pb";

/** Bytes of one piece of an upload: what the Server takes at most. */
const piece = 256 << 10;

/** The tree of folders on the Server. */
export class Files {
  private readonly client: Client<typeof FilesService>;

  constructor(
    private readonly calls: Calls,
    transport: Transport,
    private readonly newID: () => string,
  ) {
    this.client = createClient(FilesService, transport);
  }

  async list(folder: string, signal: AbortSignal): Promise<Folder> {
    const all: FileEntry[] = [];
    for (let after = ""; ; ) {
      const from = after;
      const { files, more, writable } = await this.calls.once(() => this.client.listFiles({ path: folder, after: from }, { signal }), signal);
      all.push(...files.map(entryOf));
      const last = files.at(-1);
      if (!more || !last) return { files: all, writable };
      after = last.path.slice(last.path.lastIndexOf("/") + 1);
    }
  }

  /** Files under a folder, the nearest first. */
  async find(folder: string, enough: number, signal: AbortSignal): Promise<readonly FileEntry[]> {
    const found: FileEntry[] = [];
    const todo = [folder];
    for (let next = todo.shift(); next !== undefined && found.length < enough; next = todo.shift()) {
      const { files } = await this.list(next, signal);
      found.push(...files);
      todo.push(...files.filter((e) => e.folder).map((e) => e.path));
    }
    return found.slice(0, enough);
  }

  /** Puts a file in its place as a whole. What arrived before a loss is not sent again. */
  async upload(u: UploadRequest, signal: AbortSignal): Promise<FileEntry> {
    const clientId = this.newID();
    const begun = await this.calls.once(() => this.client.beginUpload({ clientId, path: u.path, size: BigInt(u.data.size), overwrite: u.overwrite }, { signal }), signal);
    const { upload } = begun;
    try {
      await this.send(upload, u, Number(begun.offset), signal);
      const done = await this.calls.once(() => this.client.commitUpload({ upload }, { signal }), signal);
      if (!done.file) throw new Error("the Server did not describe the file");
      return entryOf(done.file);
    } catch (err) {
      // Whoever gave it up, nothing half-sent is left there.
      this.client.abortUpload({ upload }).catch(() => undefined);
      throw err;
    }
  }

  private async send(upload: string, u: UploadRequest, begun: number, signal: AbortSignal): Promise<void> {
    let at = begun;
    let first = true;
    while (at < u.data.size) {
      const { offset } = await this.calls.once(async () => {
        if (!first) at = Number((await this.client.getUpload({ upload }, { signal })).offset);
        first = false;
        return this.client.appendUpload(pieces(upload, u, at), { signal });
      }, signal);
      at = Number(offset);
    }
    u.onProgress(u.data.size);
  }

  /** The bytes of a file. After a loss it goes on where it was, provided that the file is still the same. */
  async download(path: string, onProgress: (got: number, size: number) => void, signal: AbortSignal): Promise<Blob> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let got = 0;
    let size = 0;
    let fingerprint = "";
    await this.calls.follow(() => this.client.downloadFile({ path, offset: BigInt(got), fingerprint }, { signal }), ({ part }) => {
      if (part.case === "file") {
        size = Number(part.value.size);
        fingerprint = part.value.fingerprint;
      } else if (part.case === "data") {
        parts.push(new Uint8Array(part.value));
        got += part.value.length;
      }
      onProgress(got, size);
    }, signal);
    // Never a type that a browser would render: the page's origin is worth more than a preview.
    return new Blob(parts, { type: "application/octet-stream" });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.calls.once(() => this.client.renameFile({ from, to }));
  }

  async remove(path: string, recursive: boolean): Promise<void> {
    await this.calls.once(() => this.client.deleteFile({ path, recursive }));
  }

  async makeFolder(path: string): Promise<void> {
    await this.calls.once(() => this.client.makeFolder({ path }));
  }
}

async function* pieces(upload: string, { data, onProgress }: UploadRequest, from: number) {
  for (let at = from; at < data.size; at += piece) {
    onProgress(at);
    yield { upload, offset: BigInt(at), data: new Uint8Array(await data.slice(at, at + piece).arrayBuffer()) };
  }
}

function entryOf(f: FileInfo): FileEntry {
  return { path: f.path, folder: f.folder, size: Number(f.size), modified: f.modified ? timestampDate(f.modified) : new Date(0), label: f.label };
}
