// What one person does on the canvas, another sees; the Server may die meanwhile.
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import type { Page } from "@playwright/test";
import { both } from "./harness/people";
import { canvas, cities, label, node, rename, showAll } from "./harness/studio";
import { expect, lostConnection, test, words } from "./harness/test";

const en = words("en");

/** What stands on a canvas: nodes by label with their places, and links. */
function drawn(page: Page): Promise<string[]> {
  return canvas(page).evaluate((region) => {
    const nodes = [...region.querySelectorAll<HTMLElement>("[aria-roledescription=node]")].map((n) => `${n.ariaLabel} ${n.style.transform}`);
    const links = [...region.querySelectorAll("[aria-label^='Link from']")].map((l) => l.getAttribute("aria-label") ?? "");
    return [...nodes, ...links].sort();
  });
}

const nodes = (page: Page) => canvas(page).locator("[aria-roledescription=node]");
const links = (page: Page) => canvas(page).getByRole("group", { name: /^Link from/ });

async function clear(page: Page) {
  await canvas(page).click({ position: { x: 8, y: 8 } });
}

test("whatever one does on the canvas, the other sees", async ({ page, browser, components, consoles }) => {
  const server = await components.server({ files: { "user/cities.weft": cities } });
  const web = await components.web({ server });
  const ann = await both(page, { browser, components, consoles, server }, web);
  await expect(nodes(ann)).toHaveCount(2);
  await showAll(page, "Northern");
  await showAll(ann, "Northern");
  /** Both see the same, and another picture than before. */
  let last: string[] = [];
  const same = async (what: string) => {
    await expect.poll(() => drawn(page), { message: `${what}: something changes` }).not.toEqual(last);
    await expect.poll(async () => JSON.stringify(await drawn(ann)) === JSON.stringify(await drawn(page)), { message: `${what}: the other sees it` }).toBe(true);
    last = await drawn(page);
  };
  await same("open");

  // Add: by the palette, onto the canvas.
  await clear(page);
  await page.getByRole("button", { name: "Sort", exact: true }).dragTo(canvas(page).locator(".react-flow__pane"), { targetPosition: { x: 420, y: 330 } });
  await expect(nodes(ann)).toHaveCount(3);
  await expect(links(ann)).toHaveCount(1);
  await same("add");

  // Connect.
  await node(page, "Northern").locator(".react-flow__handle.source").first().dragTo(node(page, "Sort").locator(".react-flow__handle.target").first());
  await expect(links(ann)).toHaveCount(2);
  await same("connect");

  // Move, by the other one.
  const box = await node(ann, "Sort").boundingBox();
  if (!box) throw new Error("no box");
  await ann.mouse.move(box.x + 60, box.y + 12);
  await ann.mouse.down();
  await ann.mouse.move(box.x + 130, box.y + 12, { steps: 8 }); // aside, so that it never comes to lie over another
  await ann.mouse.up();
  await same("move");

  // Rename.
  await rename(page, "Sort", "In order");
  await expect(node(ann, "In order")).toBeVisible();
  await same("rename");

  // Copy and paste two of them, with the link between.
  await node(page, "Northern").click();
  await node(page, "In order").click({ modifiers: ["ControlOrMeta"] });
  await page.keyboard.press("ControlOrMeta+c");
  await page.keyboard.press("ControlOrMeta+v");
  await expect(nodes(ann)).toHaveCount(5);
  await same("paste");
  await expect(links(ann)).toHaveCount(4); // a copy reads what its original reads

  // Delete: what was pasted is selected.
  await page.keyboard.press("Delete");
  await expect(nodes(ann)).toHaveCount(3);
  await same("delete");

  // Undo and redo; what the other one did is hers to undo.
  await page.keyboard.press("ControlOrMeta+z");
  await expect(nodes(ann)).toHaveCount(5);
  await same("undo");
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(nodes(ann)).toHaveCount(3);
  await same("redo");
  const moved = last;
  await clear(ann);
  await ann.keyboard.press("ControlOrMeta+z");
  await same("undo of the move");
  expect(last.filter((x) => !moved.includes(x)).map((x) => x.split(" translate")[0])).toEqual(["In order"]);
  for (let i = 0; i < 5; i++) await page.keyboard.press("ControlOrMeta+z"); // the deletion, the copy, the label, the link, the node
  await expect(nodes(ann)).toHaveCount(2);
  await same("undo of everything");
  await expect(page.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();
  await ann.context().close();
});

for (const proxy of [false, true]) {
  test(`the Server is killed in the middle of edits, ${proxy ? "through the proxy" : "direct"}`, async ({ page, browser, components, consoles }) => {
    consoles.allow(lostConnection, /502 \(Bad Gateway\)/);
    const server = await components.server({ files: { "user/cities.weft": cities } });
    const web = await components.web({ server, proxy });
    const ann = await both(page, { browser, components, consoles, server }, web);
    await rename(page, "Northern", "Edit 0");
    await expect(node(ann, "Edit 0")).toBeVisible();
    let killed: Promise<void> | undefined;
    for (let i = 1; i <= 12; i++) {
      await label(page).fill(`Edit ${i}`);
      await label(page).press("Enter");
      if (i === 5) killed = server.program.kill(); // whatever is on its way then
    }
    await killed;
    await rename(ann, "cities", "Towns");
    await expect(node(page, "Edit 12")).toBeVisible();
    const again = await components.server({ port: server.port, data: server.data });
    for (const p of [page, ann]) {
      await expect(node(p, "Edit 12")).toBeVisible();
      await expect(node(p, "Towns")).toBeVisible();
      await expect(p.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();
    }
    await clear(page);
    await page.keyboard.press("ControlOrMeta+z");
    await expect(node(ann, "Edit 11")).toBeVisible();
    for (let i = 0; i < 11; i++) await page.keyboard.press("ControlOrMeta+z"); // no step is missing or there twice
    await expect(node(ann, "Edit 0")).toBeVisible();
    await page.keyboard.press("ControlOrMeta+z");
    await expect(node(ann, "Northern")).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();
    await again.program.stop();
    const file = readFileSync(path(server.data, "workspace/user/cities.weft"), "utf8");
    expect(file).toContain("label: Towns");
    expect(file).toContain("label: Northern");
    await ann.context().close();
  });
}
