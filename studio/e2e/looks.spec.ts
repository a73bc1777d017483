// Each view in both languages and themes, looked at by axe.
import { axe } from "./harness/axe";
import { tabTo } from "./harness/keys";
import { canvas, card, changeFirst, enter, home, node, showAll, signIn } from "./harness/studio";
import { expect, test, words } from "./harness/test";

for (const lang of ["en", "ru"] as const) {
  for (const scheme of ["light", "dark"] as const) {
    test.describe(`${lang}, ${scheme}`, () => {
      test.use({ locale: lang === "en" ? "en-US" : "ru-RU", colorScheme: scheme });

      test("a refusal", async ({ page, components }) => {
        await page.goto((await components.web({ serverJSON: "[]" })).url());
        await expect(page.getByRole("alert")).toBeVisible();
        expect(await axe(page)).toEqual([]);
      });

      test("sign-in, first password, workspace", async ({ page, components }) => {
        const server = await components.server({ files: { "user/a.csv": "x\n1\n", "user/b.weft": "weft: 1\nworkflows:\n  main:\n    nodes: {}\n" } });
        await page.goto((await components.web({ server })).url());
        await expect(page.locator("form")).toBeVisible();
        expect(await axe(page)).toEqual([]);
        await signIn(page, "user", server.password("user"), lang);
        await expect(page.locator("input[name=fresh]")).toBeVisible();
        expect(await axe(page)).toEqual([]);
        await changeFirst(page, server.password("user"), lang);
        await expect(page.getByRole("row", { name: /a\.csv/ })).toBeVisible();
        expect(await axe(page)).toEqual([]);
      });

      test("a package: nothing chosen, a node, its columns, statistics, a run, messages, commands", async ({ page, components }) => {
        test.slow(); // axe looks at a big page seven times
        const t = words(lang);
        await page.goto((await components.serve()).address);
        const board = page.getByRole("region", { name: t("canvas.title"), exact: true });
        await expect(board.getByRole("group", { name: "Flights", exact: true })).toBeVisible();
        expect(await axe(page), "nothing chosen").toEqual([]);
        await showAll(page, "The first twenty", lang);
        await board.getByRole("group", { name: "By airport", exact: true }).click();
        await expect(page.getByRole("gridcell").nth(2)).toHaveText(/\S/);
        expect(await axe(page), "a node").toEqual([]);
        for (const tab of ["panel.schema", "panel.statistics", "panel.messages"]) {
          await page.getByRole("tab", { name: new RegExp(t(tab)) }).click();
          expect(await axe(page), tab).toEqual([]);
        }
        await page.getByRole("button", { name: t("cmd.run"), exact: true }).click();
        await expect(page.getByRole("tabpanel", { name: t("panel.run") })).toContainText(t("run.done"));
        expect(await axe(page), "a run").toEqual([]);
        await page.keyboard.press("ControlOrMeta+k");
        await expect(page.getByRole("dialog")).toBeVisible();
        expect(await axe(page), "commands").toEqual([]);
      });
    });
  }
}

// The way of somebody who has no mouse: from the list to a node's rows and its
// settings.
test("by keyboard alone", async ({ page, components }) => {
  const t = words("en");
  await enter(page, await components.serve());
  await home(page);
  await tabTo(page, card(page, "flights"));
  await page.keyboard.press("Enter");
  await expect(canvas(page)).toBeVisible();
  await tabTo(page, node(page, "Flights"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("gridcell").nth(1)).toHaveText(/\S/);
  await page.keyboard.press("ArrowRight");
  const formula = page.getByRole("textbox", { name: "Formula" });
  await expect(formula).toHaveText("delay >= $min_delay");
  await tabTo(page, formula);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("delay >= 300");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("status").filter({ hasText: t("save.saved") })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").or(page.getByRole("dialog").getByRole("textbox")).fill(t("cmd.run"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tabpanel", { name: t("panel.run") })).toContainText(t("run.done"));
});
