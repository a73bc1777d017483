// The file of an open package is renamed, moved or deleted, by others and outside Weft.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { another, join as joined } from "./harness/people";
import { Relay } from "./harness/relay";
import { canvas, cities, node, open, rename, signInFirst } from "./harness/studio";
import { expect, lostConnection, test, words } from "./harness/test";

const en = words("en");

const note = (page: Page, title: string) => page.getByRole("main").getByRole("alert").filter({ hasText: en(title) });
const saved = (page: Page) => page.getByRole("status").filter({ hasText: en("save.saved") });

test("outside Weft: a renamed package goes on, a deleted one can be saved again", async ({ page, components }) => {
  const server = await components.server({ files: { "user/cities.weft": cities } });
  const at = (name: string) => join(server.data, "workspace", name);
  await page.goto((await components.web({ server })).url());
  await signInFirst(page, server);
  await open(page, "cities");
  await rename(page, "Northern", "The north");
  await expect(saved(page)).toBeVisible();

  mkdirSync(at("user/deep"));
  renameSync(at("user/cities.weft"), at("user/deep/towns.weft"));
  await expect(page.getByRole("status").filter({ hasText: en("package.moved", { from: "user/cities.weft", path: "user/deep/towns.weft" }) })).toBeVisible();
  await expect(page).toHaveURL(/#\/open\/user\/deep\/towns\.weft$/);
  await rename(page, "The north", "Up there");
  await expect.poll(() => readFileSync(at("user/deep/towns.weft"), "utf8")).toContain("Up there");
  expect(existsSync(at("user/cities.weft"))).toBe(false);
  await page.reload();
  await expect(node(page, "Up there")).toBeVisible();

  rmSync(at("user/deep"), { recursive: true });
  await expect(note(page, "save.gone")).toContainText("deleted outside Weft");
  await rename(page, "Up there", "Nothing is lost");
  await note(page, "save.gone").getByRole("button", { name: en("save.again") }).click();
  await expect(note(page, "save.gone")).toBeHidden();
  await expect(saved(page)).toBeVisible();
  expect(readFileSync(at("user/deep/towns.weft"), "utf8")).toContain("Nothing is lost");
});

test("by somebody else: a renamed package goes on, a deleted one can be saved again, also by who was away", async ({ page, browser, components, consoles }) => {
  test.slow(); // two people, and one who goes and comes back
  consoles.allow(lostConnection);
  const server = await components.server({ files: { "user/cities.weft": cities } });
  const at = (name: string) => join(server.data, "workspace", name);
  const relay = await Relay.to(server.port);
  const far = await components.web({ serverPort: relay.port });
  await page.goto(far.url());
  await signInFirst(page, server);
  const ann = await joined(browser, consoles, await components.web({ server }), "ann", await another(components, server, "ann"));
  await open(page, "cities");
  const menu = async (name: string, item: string) => {
    await ann.getByRole("button", { name: en("files.actions", { name }) }).click();
    await ann.getByRole("menuitem", { name: en(item) }).click();
  };
  const remove = async (name: string) => {
    await menu(name, "files.delete");
    await ann.getByRole("dialog").getByRole("button", { name: en("files.delete") }).click();
    await expect.poll(() => existsSync(at(`user/${name}`))).toBe(false);
  };

  await menu("cities.weft", "files.rename");
  await ann.getByRole("dialog").getByRole("textbox").fill("towns");
  await ann.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: en("package.moved", { from: "user/cities.weft", path: "user/towns.weft" }) })).toBeVisible();
  await rename(page, "Northern", "The north");
  await expect.poll(() => readFileSync(at("user/towns.weft"), "utf8")).toContain("The north");

  await remove("towns.weft");
  await expect(note(page, "save.gone")).toContainText("ann has deleted the package user/towns.weft");
  await rename(page, "The north", "Kept");
  await note(page, "save.gone").getByRole("button", { name: en("save.again") }).click();
  await expect(note(page, "save.gone")).toBeHidden();
  expect(readFileSync(at("user/towns.weft"), "utf8")).toContain("Kept");

  // Who was away when it was deleted has it still, with what was done meanwhile.
  relay.lose();
  await expect(page.getByRole("status").filter({ hasText: en("conn.lost") })).toBeVisible();
  await rename(page, "Kept", "Done alone");
  await ann.reload();
  await remove("towns.weft");
  relay.restore();
  const gone = page.getByRole("alert").filter({ hasText: en("package.gone", { path: "user/towns.weft" }) });
  await gone.getByRole("button", { name: en("save.again") }).click();
  await expect(canvas(page)).toBeVisible();
  await expect(node(page, "Done alone")).toBeVisible();
  await ann.context().close();
  await relay.close();
});
