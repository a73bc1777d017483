// The main job, as a new user does it: everything by `weft serve`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canvas, enter, home, node, open, seen, showAll, write } from "./harness/studio";
import { expect, test, words } from "./harness/test";

const en = words("en");

test("the example is opened, looked at, changed, run, and its result downloaded", async ({ page, components }) => {
  await enter(page, await components.serve());
  await showAll(page, "The first twenty");
  const cells = page.getByRole("grid").getByRole("gridcell");
  const first = page.getByRole("grid").getByRole("row").nth(1);

  // A click on any node shows its rows, without a run.
  const nodes: [string, string][] = [
    ["Flights", "5 columns"], ["Airports", "4 columns"], ["Late by min_delay or more", "5 columns"], ["With the airport of departure", "8 columns"],
    ["Hours lost", "10 columns"], ["By airport", "8 columns"], ["Rounded", "8 columns"], ["Most time lost first", "8 columns"], ["The first twenty", "20 rows × 8 columns"],
  ];
  const below = page.getByRole("region", { name: en("panel.tabs"), exact: true });
  for (const [label, size] of nodes) {
    await node(page, label).click();
    await expect(below).toContainText(size);
    await expect(cells.nth(1)).toHaveText(/\S/);
  }
  await expect(node(page, "The first twenty")).toContainText(en("state.ready"));

  // A changed setting changes the rows of every node downstream.
  await node(page, "The first twenty").click();
  await expect(first).toContainText("42,466");
  await node(page, "Late by min_delay or more").click();
  await write(page.getByRole("textbox", { name: "Formula" }), "delay >= 300");
  await expect(cells.first()).toBeVisible();
  await node(page, "The first twenty").click();
  await expect(first).not.toContainText("42,466");
  await expect(first).toContainText(/[A-Z]{3}/);
  await expect(page.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();

  // A run writes the result, which is downloaded.
  const progress = await seen(page, "[role=progressbar]");
  await page.getByRole("button", { name: en("cmd.run"), exact: true }).click();
  const run = page.getByRole("tabpanel", { name: en("panel.run") });
  await expect(run).toContainText(en("run.done"));
  expect(await progress()).toBe(true);
  const begun = page.waitForEvent("download");
  await run.getByRole("button", { name: /late-by-airport\.csv/ }).click();
  const text = readFileSync(await (await begun).path(), "utf8");
  expect(text.split("\n")[0]).toBe(`origin,Airport,City,State,Late,"Mean, min","Over 1 h, %",Hours lost`);
  expect(text.split("\n").length).toBeGreaterThan(100);
});

test("a package that is opened from the start page shows its beginning, a large one too", async ({ page, components }) => {
  const serve = await components.serve();
  const nodes = Array.from({ length: 400 }, (_, i) => `n${i + 1}: {component: rows.filter, input: n${i >> 1}, settings: {formula: a > 0}}`);
  const first = "n0: {component: input.table, label: The first, settings: {columns: [{name: a, type: integer}], rows: [[1]]}}";
  writeFileSync(join(serve.data, "workspace/user/large.weft"), `weft: 1\nworkflows:\n  main:\n    nodes:\n${[first, ...nodes].map((n) => `      ${n}\n`).join("")}`);
  await enter(page, serve);
  for (const [file, label] of [["flights", "Flights"], ["large", "The first"]] as const) {
    await home(page);
    await open(page, file);
    await expect.poll(async () => {
      const [card, room] = [await node(page, label).boundingBox(), await canvas(page).boundingBox()];
      return card && room && card.x - room.x > 20 && card.y - room.y > 20 && card.y + card.height < room.y + room.height;
    }).toBe(true);
  }
});
