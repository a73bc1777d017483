import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { authority, type Certificate } from "./certificates";
import { Program } from "./program";
import { weft } from "./places";

export interface ServerOptions {
  /** Encrypted, with this certificate. */
  readonly certificate?: Certificate;
  /** Its port; 0 or left out: a free one. */
  readonly port?: number;
  /** The folder of a Server that ran before. */
  readonly data?: string;
  /** Files that lie in the workspace at the start, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Further flags. */
  readonly flags?: readonly string[];
}

export interface WebOptions {
  readonly certificate?: Certificate;
  readonly server?: RunningServer;
  /** Port of the Server where none runs. */
  readonly serverPort?: number;
  readonly proxy?: boolean;
  /** A server.json of the administrator. */
  readonly serverJSON?: string;
  readonly port?: number;
  readonly flags?: readonly string[];
}

/** A Server, and how to sign in. */
export interface RunningServer {
  readonly program: Program;
  readonly port: number;
  readonly data: string;
  readonly encrypted: boolean;
  /** The first password of an account. */
  password(name: string): string;
}

/** A web server, and the address of Studio on it. */
export interface RunningWeb {
  readonly program: Program;
  readonly port: number;
  /** Of a host; the first port is meant. */
  url(host?: string): string;
}

/** `weft serve`, and the address that signs in. */
export interface RunningServe {
  readonly program: Program;
  readonly data: string;
  readonly address: string;
}

/** Starts Weft's components, each a process of its own, and ends them. */
export class Components {
  private readonly programs: Program[] = [];
  private readonly folders: string[] = [];

  folder(): string {
    const dir = mkdtempSync(join(tmpdir(), "weft-e2e-"));
    this.folders.push(dir);
    return dir;
  }

  file(name: string, text: string): string {
    const path = join(this.folder(), name);
    writeFileSync(path, text);
    return path;
  }

  run(args: readonly string[]): Program {
    return this.also(Program.start(weft, args));
  }

  /** Takes another program in, to end it with the rest. */
  also(p: Program): Program {
    this.programs.push(p);
    return p;
  }

  async server(o: ServerOptions = {}): Promise<RunningServer> {
    const data = o.data ?? this.folder();
    for (const [path, text] of Object.entries(o.files ?? {})) {
      const file = join(data, "workspace", path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode: 0o600 });
    }
    const listen = `127.0.0.1:${o.port ?? 0}`;
    const flags = [
      "--data-folder", data, "--listen-tcp", "", "--log-format", "json",
      "--websocket-host-names", "weft.example,server.example", "--websocket-trusted-proxies", "127.0.0.1,::1",
      "--listen-ws", listen, "--listen-wss", listen,
    ];
    if (o.certificate) flags.push("--tls-cert-file", o.certificate.cert, "--tls-key-file", o.certificate.key);
    const program = this.run(["server", ...flags, ...(o.flags ?? [])]);
    const line = await program.line((l) => l.msg === "listening for websockets");
    const password = (name: string) => {
      const found = new RegExp(`^\\s*${name}\\s+(\\S+)`, "m").exec(readFileSync(join(data, "first-passwords.txt"), "utf8"));
      if (!found?.[1]) throw new Error(`no first password of ${name}`);
      return found[1];
    };
    return { program, data, port: portOf(String(line.address)), encrypted: o.certificate !== undefined, password };
  }

  async web(o: WebOptions = {}): Promise<RunningWeb> {
    const listen = `127.0.0.1:${o.port ?? 0}`;
    const flags = ["--listen-http", listen, "--listen-https", listen, "--log-format", "json"];
    const port = o.server?.port ?? o.serverPort;
    if (port) flags.push("--server-port", String(port));
    if (o.server?.encrypted) flags.push("--server-tls", "--server-ca-file", authority().cert);
    if (o.proxy) flags.push("--proxy-enabled");
    if (o.serverJSON !== undefined) flags.push("--studio-server-json", this.file("server.json", o.serverJSON));
    if (o.certificate) flags.push("--tls-cert-file", o.certificate.cert, "--tls-key-file", o.certificate.key, "--listen-http", "127.0.0.1:0");
    const program = this.run(["web", ...flags, ...(o.flags ?? [])]);
    const encrypted = o.certificate !== undefined;
    const line = await program.line((l) => l.msg === "listening" && l.tls === encrypted);
    const own = portOf(String(line.address));
    return { program, port: own, url: (host = "localhost") => `${encrypted ? "https" : "http"}://${host}:${own}/app/` };
  }

  /** Everything in one process; the address signs in once. */
  async serve(data = this.folder()): Promise<RunningServe> {
    const program = this.run(["serve", "--no-browser", "--port", "0", "--server-port", "0", "--tcp-port", "0", "--data", data]);
    const [, address] = await program.says(/^Studio: (\S+)$/m);
    return { program, data, address: address ?? "" };
  }

  /** Ends all; throws when one of them did not end well. */
  async stop(): Promise<void> {
    const bad: string[] = [];
    for (const p of this.programs.reverse()) {
      const killed = !p.running;
      const code = await p.stop();
      if (code !== p.ends && !killed) bad.push(`${p.name} ended with ${code}:\n${p.log()}`);
    }
    for (const dir of this.folders) rmSync(dir, { recursive: true, force: true });
    if (bad.length > 0) throw new Error(bad.join("\n"));
  }

  /** What all of them said, for whoever looks at a failed test. */
  log(): string {
    return this.programs.map((p) => `--- ${p.name}\n${p.log()}`).join("\n");
  }
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const s = createServer();
  await new Promise<void>((done) => s.listen(0, "127.0.0.1", done));
  const a = s.address();
  await new Promise((done) => s.close(done));
  return typeof a === "object" && a ? a.port : 0;
}
