// Two people in one package; a network that is lost and comes back.
import type { Browser, Page } from "@playwright/test";
import { Relay } from "./harness/relay";
import type { Components, RunningServer, RunningWeb } from "./harness/components";
import { canvas, cities, node, open, signIn, signInFirst, changeFirst, write } from "./harness/studio";
import { type Consoles, expect, lostConnection, test, words } from "./harness/test";

const en = words("en");

/** Another person, with all rights on the user's folder. */
async function another(components: Components, server: RunningServer, name: string): Promise<string> {
  const added = components.run(["admin", "user", "add", name, "--data", server.data]);
  expect(await added.finished()).toBe(0);
  expect(await components.run(["admin", "grant", "/user", name, "all", "--data", server.data]).finished()).toBe(0);
  const first = /^[a-z0-9]{5}(-[a-z0-9]{5})+$/m.exec(added.text)?.[0];
  if (!first) throw new Error(`no password in:\n${added.text}`);
  return first;
}

/** A browser of its own for that person. */
async function join(browser: Browser, consoles: Consoles, web: RunningWeb, name: string, first: string): Promise<Page> {
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

const formula = (page: Page) => page.getByRole("textbox", { name: "Formula" });

async function rename(page: Page, from: string, to: string) {
  await node(page, from).click();
  const label = page.getByRole("textbox", { name: en("settings.label"), exact: true }).first();
  await label.fill(to);
  await label.press("Enter");
}

test("two people see each other's edits, and each undoes their own", async ({ page, browser, components, consoles }) => {
  const server = await components.server({ files: { "user/cities.weft": cities } });
  const web = await components.web({ server });
  await page.goto(web.url());
  await signInFirst(page, server);
  const ann = await join(browser, consoles, web, "ann", await another(components, server, "ann"));
  await open(page, "cities");
  await open(ann, "cities");
  await expect(page.getByRole("list", { name: en("presence.title") })).toContainText("ann");
  await expect(ann.getByRole("list", { name: en("presence.title") })).toContainText("user");

  await rename(ann, "Northern", "The north");
  await expect(node(page, "The north")).toBeVisible();
  await node(page, "The north").click();
  await write(formula(page), "latitude > 55");
  await expect(page.getByRole("gridcell", { name: "Berlin" })).toBeHidden();
  await node(ann, "The north").click();
  await expect(formula(ann)).toHaveText("latitude > 55");
  await expect(ann.getByRole("gridcell", { name: "Oslo" })).toBeVisible();

  // Each takes back what they did, whatever came after it.
  await canvas(ann).click({ position: { x: 8, y: 8 } });
  await ann.keyboard.press("ControlOrMeta+z");
  await expect(node(page, "Northern")).toBeVisible();
  await node(page, "Northern").click();
  await expect(formula(page)).toHaveText("latitude > 55");
  await canvas(page).click({ position: { x: 8, y: 8 } });
  await page.keyboard.press("ControlOrMeta+z");
  await node(ann, "Northern").click();
  await expect(formula(ann)).toHaveText("latitude > $north");

  // What somebody else has changed since is not taken back.
  await node(page, "Northern").click();
  await write(formula(page), "latitude > 60");
  await canvas(page).click({ position: { x: 8, y: 8 } }); // an editor that somebody writes in is not written over
  await expect(formula(ann)).toHaveText("latitude > 60");
  await write(formula(ann), "latitude > 61");
  await canvas(ann).click({ position: { x: 8, y: 8 } });
  await node(page, "Northern").click();
  await expect(formula(page)).toHaveText("latitude > 61");
  await canvas(page).click({ position: { x: 8, y: 8 } });
  await page.keyboard.press("ControlOrMeta+z");
  const told = page.getByRole("main").getByRole("alert").filter({ hasText: en("refused.title") });
  await expect(told).toContainText(/ann has changed .* since, so this step stays/);
  await told.getByRole("button", { name: en("common.close") }).click();
  await expect(told).toBeHidden();
  await node(page, "Northern").click();
  await expect(formula(page)).toHaveText("latitude > 61");
  await ann.context().close();
});

test("edits that are made without a connection arrive once, when it is back", async ({ page, browser, components, consoles }) => {
  consoles.allow(lostConnection);
  const server = await components.server({ files: { "user/cities.weft": cities } });
  const relay = await Relay.to(server.port);
  const far = await components.web({ serverPort: relay.port });
  const near = await components.web({ server });
  await page.goto(far.url());
  await signInFirst(page, server);
  const ann = await join(browser, consoles, near, "ann", await another(components, server, "ann"));
  await open(page, "cities");
  await open(ann, "cities");
  relay.lose();
  await expect(page.getByRole("status").filter({ hasText: en("conn.lost") })).toBeVisible();
  await rename(page, "Northern", "Made alone");
  await rename(ann, "cities", "Towns");
  await expect(node(page, "Made alone")).toBeVisible();
  relay.restore();
  await expect(node(ann, "Made alone")).toBeVisible();
  await expect(node(page, "Towns")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();
  await canvas(page).click({ position: { x: 8, y: 8 } });
  await page.keyboard.press("ControlOrMeta+z");
  await expect(node(ann, "Northern")).toBeVisible();
  await ann.context().close();
  await relay.close();
});
