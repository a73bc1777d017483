// Building a workflow: from a file on the canvas to rows.
import { axe } from "./harness/axe";
import { canvas, dropFiles, enter, home, node, write } from "./harness/studio";
import { expect, type Page, test, words } from "./harness/test";

const en = words("en");

/** A new, empty package. */
async function newPackage(page: Page, name: string) {
  await home(page);
  await page.getByRole("button", { name: en("files.new_package"), exact: true }).click();
  await page.getByRole("textbox", { name: en("files.package_name") }).fill(name);
  await page.keyboard.press("Enter");
  await expect(canvas(page)).toBeVisible();
}

const nodes = (page: Page) => canvas(page).getByRole("group").and(page.locator("[aria-roledescription=node]"));
const links = (page: Page) => canvas(page).getByRole("group", { name: /^Link from/ });

/** Adds a component by searching the palette. */
async function add(page: Page, title: string) {
  const search = page.getByRole("textbox", { name: en("palette.search") });
  await search.fill(title.toLowerCase());
  await page.getByRole("button", { name: title, exact: true }).press("Enter");
  await search.fill("");
}

const cell = (page: Page, text: string) => page.getByRole("gridcell", { name: text, exact: true });

test.beforeEach(async ({ page, components }) => {
  await enter(page, await components.serve());
  await newPackage(page, "mine");
});

test("a CSV is dropped on the canvas, filtered, renamed, copied, deleted, undone and redone", async ({ page }) => {
  await dropFiles(canvas(page).locator(".react-flow"), [{ name: "fruit.csv", text: "name,n\napple,1\npear,5\nplum,9\n" }]);
  const source = node(page, "fruit");
  await expect(source).toBeVisible();
  await source.click();
  await expect(cell(page, "pear")).toBeVisible();

  // By the palette; the new node hangs on the one that was selected.
  await add(page, "Filter");
  await expect(nodes(page)).toHaveCount(2);
  await expect(links(page)).toHaveCount(1);
  await write(page.getByRole("textbox", { name: "Formula" }), "n > 4");
  await expect(cell(page, "apple")).toBeHidden();
  await expect(cell(page, "plum")).toBeVisible();

  // Rename at the node's settings.
  const label = page.getByRole("region", { name: en("settings.title") }).getByRole("textbox", { name: en("settings.label") });
  await label.fill("Big ones");
  await label.press("Enter");
  await expect(node(page, "Big ones")).toBeVisible();

  // Copy and paste, delete, undo, redo.
  await node(page, "Big ones").click();
  await page.keyboard.press("ControlOrMeta+c");
  await page.keyboard.press("ControlOrMeta+v");
  await expect(nodes(page)).toHaveCount(3);
  await page.keyboard.press("Delete");
  await expect(nodes(page)).toHaveCount(2);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(nodes(page)).toHaveCount(3);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(nodes(page)).toHaveCount(2);
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(nodes(page)).toHaveCount(3);

  // It is all there after the page was loaded anew.
  await expect(page.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();
  await page.reload();
  await expect(nodes(page)).toHaveCount(3);
  await node(page, "Big ones").first().click();
  await expect(cell(page, "plum")).toBeVisible();
});

test("nodes are connected by dragging, and parted", async ({ page }) => {
  await dropFiles(canvas(page).locator(".react-flow"), [{ name: "a.csv", text: "x\n3\n1\n2\n" }], { x: 120, y: 150 });
  await expect(node(page, "a")).toBeVisible();
  await canvas(page).locator(".react-flow__pane").click({ position: { x: 40, y: 40 } });
  await page.getByRole("button", { name: "Sort", exact: true }).dragTo(canvas(page).locator(".react-flow__pane"), { targetPosition: { x: 500, y: 300 } });
  await expect(nodes(page)).toHaveCount(2);
  await expect(links(page)).toHaveCount(0);
  await node(page, "a").locator(".react-flow__handle.source").first().dragTo(node(page, "Sort").locator(".react-flow__handle.target").first());
  await expect(links(page)).toHaveCount(1);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(links(page)).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+Shift+z");

  // A link is selected by a click, and parted as nodes are deleted.
  await expect(links(page)).toHaveCount(1);
  const port = await node(page, "a").locator(".react-flow__handle.source").first().boundingBox();
  const end = await node(page, "Sort").locator(".react-flow__handle.target").first().boundingBox();
  if (!port || !end) throw new Error("no ports");
  await page.mouse.click((port.x + end.x) / 2 + 5, (port.y + end.y) / 2 + 5); // the middle of the curve
  await page.keyboard.press("Delete");
  await expect(links(page)).toHaveCount(0);
  await expect(nodes(page)).toHaveCount(2);
});

test("what is wrong is told at the node and at the setting, and hides nothing else", async ({ page }) => {
  await dropFiles(canvas(page).locator(".react-flow"), [{ name: "a.csv", text: "x\n1\n" }]);
  await node(page, "a").click();
  await add(page, "Filter");
  await write(page.getByRole("textbox", { name: "Formula" }), "y > 1");
  const settings = page.getByRole("region", { name: en("settings.title") });
  await expect(settings).toContainText("There is no column y");
  await node(page, "a").click();
  await expect(cell(page, "1").first()).toBeVisible();
  await page.getByRole("tab", { name: new RegExp(en("panel.messages")) }).click();
  await expect(page.getByRole("tabpanel")).toContainText("There is no column y");
});

test("the search of the palette is used by keys alone", async ({ page }) => {
  await page.keyboard.press("/");
  const search = page.getByRole("textbox", { name: en("palette.search") });
  await expect(search).toBeFocused();
  await search.fill("so");
  await page.keyboard.press("Enter");
  await expect(nodes(page)).toHaveCount(1);
  await expect(node(page, "Sort")).toBeVisible();
  await expect(search).toBeFocused();

  // The arrows choose another one.
  await search.fill("rows");
  const found = page.getByRole("region", { name: en("files.parts") }).getByRole("listitem").getByRole("button");
  await page.keyboard.press("ArrowDown");
  await expect(found.first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(found.nth(1)).toBeFocused();
  const title = (await found.nth(1).textContent()) ?? "";
  await page.keyboard.press("Enter");
  await expect(nodes(page)).toHaveCount(2);
  await expect(node(page, title)).toBeVisible();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(search).toBeFocused();

  // Nothing that fits adds nothing.
  await search.fill("no such thing");
  await page.keyboard.press("Enter");
  await expect(nodes(page)).toHaveCount(2);
});

test("the list of what a formula can be completed by has no violation, and shows more by arrows and wheel", async ({ page }) => {
  await dropFiles(canvas(page).locator(".react-flow"), [{ name: "fruit.csv", text: "name,n\napple,1\n" }]);
  await node(page, "fruit").click();
  await add(page, "Filter");
  const formula = page.getByRole("textbox", { name: "Formula" });
  await formula.click();
  await page.keyboard.press("ControlOrMeta+Space");
  const list = page.getByRole("listbox", { name: "Completions" });
  await expect(list).toBeVisible();
  expect(await axe(page)).toEqual([]);
  const first = await list.getByRole("option").first().textContent();
  for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowDown");
  await expect(list.getByRole("option").first()).not.toHaveText(first ?? "");
  await list.hover();
  const chosen = await list.locator("[aria-selected]").textContent();
  await page.mouse.wheel(0, 100);
  await expect(list.locator("[aria-selected]")).not.toHaveText(chosen ?? "");
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press("Escape");
});

test("files of the wrong kind are told where they were dropped, and nothing is made of them", async ({ page }) => {
  await dropFiles(canvas(page).locator(".react-flow"), [
    { name: "logo.csv", bytes: [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13] },
    { name: "empty.csv", text: "" },
    { name: "zeros.txt", size: 100 },
    { name: "book.xlsx", bytes: [0x50, 0x4b, 3, 4] },
    { name: "cut.parquet", text: "PAR1 and no end" },
    { name: "good.csv", text: "x\n1\n" },
  ]);
  const told = page.getByRole("main").getByRole("alert").filter({ hasText: en("drop.title") });
  for (const [name, why] of [["logo.csv", "drop.image"], ["empty.csv", "drop.empty"], ["zeros.txt", "drop.binary"], ["book.xlsx", "drop.unknown"], ["cut.parquet", "drop.parquet"]] as const) {
    await expect(told).toContainText(en(why, { name }));
  }
  await expect(node(page, "good")).toBeVisible();
  await expect(nodes(page)).toHaveCount(1);
  await expect(page.getByRole("region", { name: en("transfer.title") }).getByRole("listitem")).toHaveCount(1);
  expect(await axe(page)).toEqual([]);
  await told.getByRole("button", { name: en("common.close") }).click();
  await expect(told).toBeHidden();
  await home(page);
  await expect(page.getByRole("row", { name: /good\.csv/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /logo\.csv|empty\.csv|zeros|book|cut/ })).toHaveCount(0);
});
