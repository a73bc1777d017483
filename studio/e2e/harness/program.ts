import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** One line of a program's log. */
export interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [key: string]: unknown;
}

/** A process under test. It logs JSON on standard error, which tells when it listens, and where. */
export class Program {
  readonly lines: Line[] = [];
  /** What it said that was no log. */
  text = "";
  private readonly waiting = new Set<() => void>();
  private ended: Promise<number>;

  /** @param ends its exit code when it is told to end */
  private constructor(readonly name: string, private readonly child: ChildProcess, readonly ends: number) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (l) => this.heard(l));
    }
    this.ended = once(child, "close").then(([code, signal]) => {
      this.wake();
      return (code as number | null) ?? 128 + (signal === "SIGKILL" ? 9 : 15);
    });
  }

  static start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, ends = 0): Program {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", HOME: process.env.HOME ?? "", TMPDIR: process.env.TMPDIR ?? "/tmp", ...env },
    });
    return new Program(`${command.slice(command.lastIndexOf("/") + 1)} ${args[0] ?? ""}`, child, ends);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  private heard(line: string) {
    if (line.startsWith("{")) this.lines.push(JSON.parse(line) as Line);
    else this.text += `${line}\n`;
    this.wake();
  }

  private wake() {
    for (const f of this.waiting) f();
  }

  /** The n-th line (from 0) that fits, as soon as it is there. Rejects when the program ends before. */
  async line(fits: (l: Line) => boolean, n = 0): Promise<Line> {
    for (;;) {
      const found = this.lines.filter(fits)[n];
      if (found) return found;
      if (!this.running) throw new Error(`${this.name} ended:\n${this.log()}`);
      await this.more();
    }
  }

  /** The text that it says, as soon as it fits. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found) return found;
      if (!this.running) throw new Error(`${this.name} ended:\n${this.log()}`);
      await this.more();
    }
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      const once = () => {
        this.waiting.delete(once);
        resolve();
      };
      this.waiting.add(once);
    });
  }

  log(): string {
    return this.text + this.lines.map((l) => JSON.stringify(l)).join("\n");
  }

  /** Its exit code, when it ends by itself. */
  finished(): Promise<number> {
    return this.ended;
  }

  /** Ends it in order, and returns its exit code; a second stop returns the same. */
  async stop(): Promise<number> {
    if (this.running) this.child.kill("SIGTERM");
    return this.ended;
  }

  /** Ends it at once, as a crash or the system would. */
  async kill(): Promise<void> {
    if (this.running) this.child.kill("SIGKILL");
    await this.ended;
  }
}
