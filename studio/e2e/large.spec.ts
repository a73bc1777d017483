// A table of a million rows: any page of it, and its figures; a run that is
// cancelled.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { canvas, node, open, seen, signInFirst } from "./harness/studio";
import { expect, test, words } from "./harness/test";

const en = words("en");
const rows = 1_000_000;

/** The v of a row: no order, no pattern within a page. */
const value = (i: number) => (i * 7919) % 1_000_003;

/** A million numbers, a fifth of which has no name. */
function million(): string {
  const lines = ["i,v,name"];
  for (let i = 0; i < rows; i++) lines.push(`${i},${value(i)},${i % 5 === 0 ? "" : `n${i % 7}`}`);
  return `${lines.join("\n")}\n`;
}

const numbers = `weft: 1
workflows:
  main:
    nodes:
      numbers:
        component: input.text
        label: Numbers
        settings:
          path: numbers.csv
          columns:
            - {name: i, type: integer}
            - {name: v, type: integer}
            - {name: name, type: string}
      some:
        component: rows.filter
        label: Some
        input: numbers
        settings:
          formula: v < 500000
`;

/** What the rows in view are numbered, and their first two cells. */
function inView(page: Page): Promise<[number, string, string][]> {
  return page.getByRole("region", { name: en("panel.data") }).evaluate((grid) => {
    const text = (row: string, col: string) => grid.querySelector(`[row-index="${row}"] [col-id="${col}"]`)?.textContent ?? "";
    const at = new Set([...grid.querySelectorAll("[row-index]")].map((r) => r.getAttribute("row-index") ?? ""));
    return [...at].map((r): [number, string, string] => [Number(r), text(r, "c0"), text(r, "c1")]).filter(([, i]) => i !== "");
  });
}

/** Scrolls to a share of the table. */
async function scroll(page: Page, share: number) {
  await page.getByRole("region", { name: en("panel.data") }).evaluate((grid, s) => {
    const long = [...grid.querySelectorAll("*")].reduce((a, b) => (b.scrollHeight - b.clientHeight > a.scrollHeight - a.clientHeight ? b : a), grid as Element);
    long.scrollTop = s * (long.scrollHeight - long.clientHeight);
  }, share);
}

test("any page of a million rows, and the statistics of its columns", async ({ page, components }) => {
  test.slow(); // two million rows are computed
  const server = await components.server({ files: { "user/numbers.csv": million(), "user/numbers.weft": numbers } });
  const web = await components.web({ server });
  await page.goto(web.url());
  await signInFirst(page, server);
  await open(page, "numbers");
  const below = page.getByRole("region", { name: en("panel.tabs"), exact: true });
  const said = (n: number) => (n < 10_000 ? String(n) : n.toLocaleString("en-US")); // four digits stand together

  for (const [name, kept] of [["Numbers", () => true], ["Some", (i: number) => value(i) < 500_000]] as const) {
    const list: number[] = [];
    for (let i = 0; i < rows; i++) if (kept(i)) list.push(i);
    await node(page, name).click();
    await page.getByRole("tab", { name: en("panel.data") }).click();
    await page.getByRole("button", { name: en("panel.all_rows") }).click();
    await expect(below).toContainText(`${said(list.length)} rows`);
    for (const share of [0, 0.123, 0.5, 0.77, 1]) {
      await scroll(page, share);
      const about = share * (list.length - 1);
      await expect.poll(async () => {
        const found = await inView(page);
        const near = found.some(([r]) => Math.abs(r - about) < 30);
        return near && found.every(([r, i, v]) => i === said(list[r] ?? -1) && v === said(value(list[r] ?? -1)));
      }, { message: `${name}, ${share}` }).toBe(true);
    }
    // The same by our own reckoning.
    await page.getByRole("tab", { name: en("panel.statistics") }).click();
    const values = list.map(value);
    const card = (column: string) => page.getByRole("region", { name: en("panel.statistics") }).getByRole("listitem").filter({ has: page.getByRole("heading", { name: column, exact: true }) });
    const fact = (column: string, what: string) => card(column).locator("div", { has: page.getByText(what, { exact: true }) }).locator("dd");
    await expect(fact("v", en("stats.min"))).toHaveText(String(values.reduce((a, b) => Math.min(a, b))));
    await expect(fact("v", en("stats.max"))).toHaveText(String(values.reduce((a, b) => Math.max(a, b))));
    await expect(fact("v", en("stats.mean"))).toHaveText((values.reduce((a, b) => a + b) / values.length).toLocaleString("en-US", { maximumFractionDigits: 2 }));
    await expect(fact("name", en("stats.distinct"))).toHaveText("7");
    const none = list.filter((i) => i % 5 === 0).length / list.length;
    await expect(card("name")).toContainText(`${en("stats.nulls")}: ${(100 * none).toLocaleString("en-US", { maximumFractionDigits: 1 })}%`);
  }
});

test.describe("in Russian", () => {
  test.use({ locale: "ru-RU" });
  test("a table without rows says so in the reader's language", async ({ page, components }) => {
    const ru = words("ru");
    const server = await components.server({ files: { "user/none.weft": numbers.replace("v < 500000", "v < 0"), "user/numbers.csv": "i,v,name\n1,2,a\n" } });
    const web = await components.web({ server });
    await page.goto(web.url());
    await signInFirst(page, server, "user", "ru");
    await page.getByRole("link", { name: /^none/ }).click();
    await page.getByRole("region", { name: ru("canvas.title"), exact: true }).getByRole("group", { name: "Some", exact: true }).click();
    const data = page.getByRole("region", { name: ru("panel.data") });
    await expect(data).toContainText(ru("grid.none"));
    await expect(data).not.toContainText("No Rows");
  });
});

/** More pairs than anybody waits for, with what they make at the end. */
const endless = `weft: 1
workflows:
  main:
    nodes:
      a: {component: input.text, settings: {path: few.csv, columns: [{name: x, type: integer}]}}
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
      c: {component: tables.join, inputs: {left: b, right: b}, settings: {kind: cross}}
      d: {component: tables.join, inputs: {left: c, right: a}, settings: {kind: cross}}
      e: {component: rows.filter, label: None of them, input: d, settings: {formula: x + x_2 < 0}}
      out: {component: output.text, input: e, settings: {path: out/none.csv}}
`;

test("a run shows how far it is, and is cancelled at once", async ({ page, components }) => {
  const few = `x\n${Array.from({ length: 100 }, (_, i) => i).join("\n")}\n`;
  const server = await components.server({ files: { "user/few.csv": few, "user/endless.weft": endless } });
  const web = await components.web({ server });
  await page.goto(web.url());
  await signInFirst(page, server);
  await open(page, "endless");
  const progress = await seen(page, "[role=progressbar]");
  await page.getByRole("button", { name: en("cmd.run"), exact: true }).click();
  const run = page.getByRole("tabpanel", { name: en("panel.run") });
  await expect(run).toContainText(en("run.running"));
  await expect(run.getByRole("progressbar")).toBeVisible();
  const asked = Date.now();
  await run.getByRole("button", { name: en("cmd.cancel") }).click();
  await expect(run).toContainText(en("run.cancelled"));
  expect(Date.now() - asked).toBeLessThan(5000);
  expect(await progress()).toBe(true);
  // Nothing is written or left, and another run goes.
  expect(existsSync(join(server.data, "workspace/user/out"))).toBe(false);
  await expect.poll(() => readdirSync(join(server.data, "runs/.work"))).toEqual([]);
  await canvas(page).click({ position: { x: 8, y: 8 } });
  await node(page, "a").click();
  await page.getByRole("button", { name: en("cmd.run"), exact: true }).click();
  await expect(run).toContainText(en("run.running"));
  await page.keyboard.press("Shift+F9");
  await expect(run).toContainText(en("run.cancelled"));
  expect(readFileSync(join(server.data, "workspace/user/few.csv"), "utf8")).toBe(few);
});
