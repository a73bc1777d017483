// Two people in one package; a network that is lost and comes back.
import type { Page } from "@playwright/test";
import { both } from "./harness/people";
import { Relay } from "./harness/relay";
import { canvas, cities, node, rename, write } from "./harness/studio";
import { expect, lostConnection, test, words } from "./harness/test";

const en = words("en");

const formula = (page: Page) => page.getByRole("textbox", { name: "Formula" });

test("two people see each other's edits, and each undoes their own", async ({ page, browser, components, consoles }) => {
  const server = await components.server({ files: { "user/cities.weft": cities } });
  const web = await components.web({ server });
  const ann = await both(page, { browser, components, consoles, server }, web);
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
  const ann = await both(page, { browser, components, consoles, server }, far, near);
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

test("who writes in a field follows what others change, and is asked where both write at once", async ({ page, browser, components, consoles }) => {
  const server = await components.server({ files: { "user/cities.weft": `${cities}      few: {component: rows.sample, input: cities, settings: {rows: 1}}\n` } });
  const web = await components.web({ server });
  const ann = await both(page, { browser, components, consoles, server }, web);
  for (const p of [page, ann]) await node(p, "Northern").click();

  // Hers was given on, and she is still in the field.
  await write(formula(ann), "latitude > 41");
  await expect(formula(page)).toHaveText("latitude > 41");
  await write(formula(page), "latitude > 42");
  await expect(formula(ann)).toHaveText("latitude > 42");
  await expect(formula(ann)).toBeFocused();

  // What she writes can't be given on yet, or she is in the middle of a word.
  for (const p of [page, ann]) await node(p, "few").click();
  const rows = (p: Page) => p.getByRole("textbox", { name: "Rows", exact: true });
  const clash = ann.getByRole("alert").filter({ hasText: en("form.clash", { name: "user" }) });
  for (const [theirs, whose, both] of [["2", "form.keep_mine", "14"], ["3", "form.take_theirs", "3"]] as const) {
    await rows(ann).fill("14 or so");
    await rows(page).fill(theirs);
    await expect(clash).toContainText(theirs);
    await rows(ann).fill("14");
    await rows(ann).blur();
    await expect(rows(ann)).toHaveValue("14");
    await expect(rows(page)).toHaveValue(theirs); // nothing is written over before she has chosen
    await clash.getByRole("button", { name: en(whose) }).click();
    await expect(clash).toBeHidden();
    await expect(rows(ann)).toHaveValue(both);
    await expect(rows(page)).toHaveValue(both);
  }
  await ann.context().close();
});
