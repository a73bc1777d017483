import { type Browser, expect, type Page } from "@playwright/test";
import type { Components, RunningServer, RunningWeb } from "./components";
import { changeFirst, open, signIn, signInFirst } from "./studio";
import type { Consoles } from "./test";
import { words } from "./words";

const en = words("en");

/** Another person, with all rights on the user's folder. */
export async function another(components: Components, server: RunningServer, name: string): Promise<string> {
  const added = components.run(["admin", "user", "add", name, "--data", server.data]);
  expect(await added.finished()).toBe(0);
  expect(await components.run(["admin", "grant", "/user", name, "all", "--data", server.data]).finished()).toBe(0);
  const first = /^[a-z0-9]{5}(-[a-z0-9]{5})+$/m.exec(added.text)?.[0];
  if (!first) throw new Error(`no password in:\n${added.text}`);
  return first;
}

/** A browser of its own for that person. */
export async function join(browser: Browser, consoles: Consoles, web: RunningWeb, name: string, first: string): Promise<Page> {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1440, height: 900 } });
  context.on("page", (p) => consoles.watch(p));
  const page = await context.newPage();
  await page.goto(web.url());
  await signIn(page, name, first);
  await changeFirst(page, first);
  await page.getByRole("navigation").getByRole("link", { name: en("files.all") }).click();
  await page.getByRole("link", { name: "user", exact: true }).click();
  return page;
}

interface Place {
  readonly browser: Browser;
  readonly components: Components;
  readonly consoles: Consoles;
  readonly server: RunningServer;
}

/** The user and ann with the package of cities open, he by one web server and she by hers. Returns her page. */
export async function both(page: Page, { browser, components, consoles, server }: Place, web: RunningWeb, hers = web): Promise<Page> {
  await page.goto(web.url());
  await signInFirst(page, server);
  const ann = await join(browser, consoles, hers, "ann", await another(components, server, "ann"));
  await open(page, "cities");
  await open(ann, "cities");
  return ann;
}
