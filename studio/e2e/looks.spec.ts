// Each view in both languages and themes, looked at by axe.
import { axe } from "./harness/axe";
import { tabTo } from "./harness/keys";
import type { Locator } from "@playwright/test";
import { canvas, card, changeFirst, dropFiles, enter, home, node, showAll, signIn } from "./harness/studio";
import { expect, type Page, test, words } from "./harness/test";

/** Looks when something is there, and puts it away as a person does. */
function looker(page: Page) {
  return async (name: string, there: Locator) => {
    await expect(there.first()).toBeVisible();
    // What is half faded in has half its contrast.
    await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== "running" || a.effect?.getComputedTiming().iterations === Infinity));
    expect(await axe(page), name).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog").or(page.getByRole("menu"))).toHaveCount(0);
  };
}

/** Two nodes, of which one has something wrong. */
const broken = `weft: 1
label: Broken
workflows:
  main:
    nodes:
      cities:
        component: input.table
        label: Cities
        settings:
          columns: [{name: city, type: string}]
          rows: [[Berlin]]
      wrong:
        component: rows.filter
        label: Wrong
        input: cities
        settings: {formula: nope > 1}
`;

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

      test("the start page's menus and dialogs", async ({ page, components }) => {
        test.slow(); // axe looks at a page many times
        const t = words(lang);
        const server = await components.server({ files: { "user/a.csv": "x\n1\n", "user/b.weft": broken } });
        await page.goto((await components.web({ server })).url());
        await signIn(page, "user", server.password("user"), lang);
        await changeFirst(page, server.password("user"), lang);
        const look = looker(page);
        const menu = (name: string) => page.getByRole("button", { name: t("files.actions", { name }) }).click();
        await menu("a.csv");
        await look("a file's menu", page.getByRole("menu"));
        await menu("a.csv");
        await page.getByRole("menuitem", { name: t("files.delete") }).click();
        await look("deletion", page.getByRole("dialog"));
        await page.getByRole("button", { name: t("files.new_package"), exact: true }).click();
        await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
        await page.keyboard.press("Enter");
        await look("a name that is missing", page.getByRole("dialog").getByText(t("files.name_empty")));
        const account = page.getByRole("button", { name: t("account.menu", { name: "user" }) });
        await account.click();
        await look("the account's menu", page.getByRole("menu"));
        for (const id of ["password.change", "sessions.title"]) {
          await account.click();
          await page.getByRole("menuitem", { name: t(id) }).click();
          await look(id, page.getByRole("dialog", { name: t(id) }));
        }
        await dropFiles(page.getByRole("main"), [{ name: "a.csv", text: "x\n" }, { name: "c.csv", text: "x\n" }]);
        await look("transfers", page.getByText(t("transfer.exists")));
        await page.getByRole("searchbox").fill("nothing is called so");
        await look("nothing found", page.getByText(t("files.none")));
      });

      test("a package's menus, lists and dialogs", async ({ page, components }) => {
        test.slow(); // axe looks at a big page many times
        const t = words(lang);
        const server = await components.server({ files: { "user/b.weft": broken } });
        await page.goto((await components.web({ server })).url());
        await signIn(page, "user", server.password("user"), lang);
        await changeFirst(page, server.password("user"), lang);
        await card(page, "b").click();
        const look = looker(page);
        const board = page.getByRole("region", { name: t("canvas.title"), exact: true });
        const wrong = board.getByRole("group", { name: "Wrong", exact: true });
        await wrong.click();
        await page.getByRole("tab", { name: new RegExp(t("panel.messages")) }).click();
        await look("messages", page.getByRole("tabpanel").getByText(/nope/));
        await page.getByRole("button", { name: t("app.menu"), exact: true }).click();
        await look("the menu", page.getByRole("menu"));
        await wrong.click();
        await page.keyboard.press("l");
        await look("links", page.getByRole("dialog"));
        await wrong.click();
        await page.keyboard.press("Shift+?");
        await look("keys", page.getByRole("dialog", { name: t("cmd.keys") }));
        await wrong.click();
        await page.keyboard.press("F2");
        await look("renaming", board.getByRole("textbox"));
        await wrong.click();
        await page.getByRole("region", { name: t("settings.title") }).locator(".cm-content").click();
        await page.keyboard.press("ControlOrMeta+a");
        await page.keyboard.type("ci");
        await look("completion", page.getByRole("option", { name: /^city/ }));
        await page.getByRole("button", { name: new RegExp(t("settings.help", { label: "" })) }).first().click();
        await look("help", page.getByRole("dialog"));
        await page.keyboard.press("F9");
        await look("a run that failed", page.getByText(t("run.failed")));
      });

      test("a package that may only be looked at, and one that is not there", async ({ page, components }) => {
        const t = words(lang);
        const server = await components.server({ files: { "user/b.weft": broken } });
        const added = components.run(["admin", "user", "add", "vera", "--role", "viewer", "--data", server.data]);
        expect(await added.finished()).toBe(0);
        expect(await components.run(["admin", "grant", "/user", "vera", "read", "--data", server.data]).finished()).toBe(0);
        const first = /^[a-z0-9]{5}(-[a-z0-9]{5})+$/m.exec(added.text)?.[0] ?? "";
        await page.goto((await components.web({ server })).url());
        await signIn(page, "vera", first, lang);
        await changeFirst(page, first, lang);
        const look = looker(page);
        await page.goto(`${page.url().replace(/#.*/, "")}#/folder/user`);
        await look("a folder", page.getByText(t("files.read_only")));
        await card(page, "b").click();
        await page.getByRole("group", { name: "Wrong", exact: true }).click();
        await look("a package", page.getByText(t("package.look_only")));
        await page.goto(`${page.url().replace(/#.*/, "")}#/open/user/none.weft`);
        await look("none", page.getByRole("alert"));
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
