// Pages of others get no websocket, whatever they try.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import type { RunningServer, RunningWeb } from "./harness/components";
import { signInFirst } from "./harness/studio";
import { expect, lostConnection, test as base } from "./harness/test";

/** A web server of somebody else, whose pages may do as they please. */
const test = base.extend<{ foreign: number }>({
  foreign: async ({}, use) => {
    const s: Server = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<title>Foreign</title>"));
    await new Promise<void>((done) => s.listen(0, "127.0.0.1", done));
    await use((s.address() as AddressInfo).port);
    await new Promise((done) => s.close(done));
  },
});

/** Tries to open a websocket; how it closed. */
function tryOpen(page: Page, url: string): Promise<string> {
  return page.evaluate((address) => new Promise<string>((done) => {
    const s = new WebSocket(address, "weft.v1");
    s.onopen = () => done("open");
    s.onclose = (e) => done(`closed ${e.code}`);
  }), url);
}

function refusal(server: RunningServer, status: number) {
  return server.program.line((l) => l.msg === "websocket refused" && l.status === status);
}

const ways: [string, boolean, (server: RunningServer, web: RunningWeb) => string][] = [
  ["direct", false, (server) => `ws://localhost:${server.port}/ws`],
  ["through the proxy", true, (_, web) => `ws://localhost:${web.port}/ws/`],
];
for (const [name, proxy, address] of ways) {
  test(`a foreign page in a browser that is signed in, ${name}`, async ({ context, page, components, consoles, foreign }) => {
    consoles.allow(lostConnection);
    const server = await components.server();
    const web = await components.web({ server, proxy });
    await page.goto(web.url());
    await signInFirst(page, server);
    const other = await context.newPage();
    await other.goto(`http://foreign.example:${foreign}/`);
    expect(await tryOpen(other, address(server, web))).toBe("closed 1006");
    expect((await refusal(server, 403)).origin).toBe(`http://foreign.example:${foreign}`);
    // The same page as a frame without an origin.
    expect(await other.evaluate((to) => new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.sandbox.add("allow-scripts");
      frame.srcdoc = `<script>const s = new WebSocket(${JSON.stringify(to)}, "weft.v1"); s.onopen = () => parent.postMessage("open", "*"); s.onclose = () => parent.postMessage("closed", "*");</script>`;
      window.addEventListener("message", (e) => done(e.data as string));
      document.body.append(frame);
    }), address(server, web))).toBe("closed");
    await server.program.line((l) => l.msg === "websocket refused" && l.origin === "null");
  });
}

test("a foreign name that leads to the Server", async ({ mapped, components, consoles, foreign }) => {
  consoles.allow(lostConnection);
  const server = await components.server();
  const page = await mapped([`MAP foreign.example:${foreign} 127.0.0.1:${foreign}`, `MAP foreign.example:${server.port} 127.0.0.1:${server.port}`]);
  await page.goto(`http://foreign.example:${foreign}/`);
  expect(await tryOpen(page, `ws://foreign.example:${server.port}/ws`)).toBe("closed 1006");
  expect((await refusal(server, 421)).host).toBe(`foreign.example:${server.port}`);
});

test("a foreign name that leads to the proxy", async ({ mapped, components, consoles }) => {
  consoles.allow(lostConnection, /426 \(Upgrade Required\)/);
  const server = await components.server();
  const web = await components.web({ server, proxy: true });
  const page = await mapped([`MAP foreign.example 127.0.0.1:${web.port}`]);
  await page.goto("http://foreign.example/app/");
  expect((await refusal(server, 403)).origin).toBe("http://foreign.example");
  await expect(page.getByRole("alert")).toContainText("http://foreign.example");
});
