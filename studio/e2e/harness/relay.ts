import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** A network between a browser and a Server, that can be lost. */
export class Relay {
  private readonly open = new Set<Socket>();
  private up = true;

  private constructor(private readonly server: Server, readonly port: number) {}

  static async to(port: number): Promise<Relay> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const relay = new Relay(server, (server.address() as AddressInfo).port);
    server.on("connection", (s) => relay.pass(s, port));
    return relay;
  }

  private pass(near: Socket, port: number) {
    const far = connect(port, "127.0.0.1");
    for (const s of [near, far]) {
      this.open.add(s);
      s.on("error", () => s.destroy());
      s.on("close", () => {
        this.open.delete(s);
        near.destroy();
        far.destroy();
      });
    }
    if (!this.up) {
      near.destroy();
      return;
    }
    near.pipe(far);
    far.pipe(near);
  }

  /** Loses what is open, and takes nothing new. */
  lose() {
    this.up = false;
    for (const s of this.open) s.destroy();
  }

  /** Takes connections again. */
  restore() {
    this.up = true;
  }

  async close(): Promise<void> {
    this.lose();
    await new Promise((done) => this.server.close(done));
  }
}
