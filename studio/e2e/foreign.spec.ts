// Other web servers in the place of weft web, and before it, by the files that
// docs/admin holds.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { apache, caddy, type Foreign, haproxy, nginx, readable } from "./harness/others";
import { signInFirst } from "./harness/studio";
import { type Components, expect, lostConnection, test, words } from "./harness/test";

const en = words("en");

/** Studio's files as an administrator has them. */
async function exported(components: Components, serverJSON: string): Promise<string> {
  const dir = readable(components.folder());
  expect(await components.run(["studio", "export", dir]).finished()).toBe(0);
  writeFileSync(join(dir, "server.json"), serverJSON);
  return dir;
}

async function throughIt(page: Page, server: Awaited<ReturnType<Components["server"]>>) {
  const opened = page.waitForEvent("websocket");
  const answer = await page.goto("https://weft.example/app");
  expect(answer?.headers()["content-security-policy"]).toContain("script-src 'self';");
  expect((await opened).url()).toBe("wss://weft.example/ws/");
  await signInFirst(page, server);
  await expect(page.getByRole("link", { name: "user", exact: true })).toBeVisible();
}

const toIt = (f: Foreign) => [`MAP weft.example:443 127.0.0.1:${f.port}`];

for (const [name, start, file] of [["nginx", nginx, "nginx.conf"], ["Apache", apache, "apache.conf"], ["Caddy", caddy, "Caddyfile"]] as const) {
  test(`${name} in the place of weft web`, async ({ components, mapped }) => {
    const server = await components.server();
    const foreign = await start(components, { file, studio: await exported(components, `{"wsproxy": true}`), behind: { 8080: server.port } });
    const page = await mapped(toIt(foreign));
    await throughIt(page, server);
  });

  test(`${name} in the place of weft web, and the Server down`, async ({ components, mapped, consoles }) => {
    consoles.allow(lostConnection, /status of 50[23]/);
    const server = await components.server();
    await server.program.stop();
    const foreign = await start(components, { file, studio: await exported(components, `{"wsproxy": true}`), behind: { 8080: server.port } });
    const page = await mapped(toIt(foreign));
    await page.goto("https://weft.example/app/");
    await expect(page.getByRole("alert")).toContainText(en("boot.found_server_down"));
    await components.server({ port: server.port, data: server.data });
    await signInFirst(page, server);
  });
}

for (const [name, start, file] of [["nginx", nginx, "nginx-before.conf"], ["HAProxy", haproxy, "haproxy.cfg"]] as const) {
  test(`${name} before weft web`, async ({ components, mapped }) => {
    const server = await components.server();
    const web = await components.web({ server, proxy: true, flags: ["--limits-trusted-proxies", "127.0.0.1"] });
    const foreign = await start(components, { file, behind: { 8000: web.port } });
    const page = await mapped(toIt(foreign));
    await throughIt(page, server);
  });
}
