// From end to end without a mouse, in both themes. Wherever the keyboard is,
// it is seen: each step ends with a ring, or a caret, on what has it.
import { readFileSync } from "node:fs";
import { canvas, card, node, signIn, changeFirst } from "./harness/studio";
import { seenFocus, tabTo } from "./harness/keys";
import { expect, type Page, test, words } from "./harness/test";

const en = words("en");

const flights = `weft: 1
label: Cities of the north
workflows:
  main:
    nodes:
      cities:
        component: input.table
        label: Cities
        settings:
          columns:
            - {name: city, type: string}
            - {name: latitude, type: real}
          rows:
${Array.from({ length: 300 }, (_, i) => `            - [City ${i + 1}, ${i % 90}.5]`).join("\n")}
`;

const links = (page: Page) => canvas(page).getByRole("group", { name: /^Link from/ });
const rows = (page: Page) => page.getByRole("gridcell");
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();

/** Types into the list of commands and takes the first that is found. */
async function command(page: Page, name: string) {
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("combobox", { name: en("cmd.search") })).toBeFocused();
  await page.keyboard.insertText(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test("from signing in to the result, and back to the start", async ({ page, components }) => {
      test.slow(); // it is the whole way
      const server = await components.server({ files: { "user/north.weft": flights } });
      await page.goto((await components.web({ server })).url());

      // The forms take the keyboard by themselves; what the helpers fill in is typed as well.
      await expect(page.getByLabel(en("signin.name"), { exact: true })).toBeFocused();
      await page.keyboard.type("user");
      await page.keyboard.press("Tab");
      await page.keyboard.type("wrong");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("alert")).toBeVisible();
      await page.keyboard.type(server.password("user")); // what was wrong is marked, to be written over
      await page.keyboard.press("Enter");
      await changeFirst(page, server.password("user"));

      // The package, by its label.
      await tabTo(page, card(page, "north"));
      await expect(card(page, "north")).toContainText("Cities of the north");
      await seenFocus(page);
      await page.keyboard.press("Enter");
      await expect(node(page, "Cities")).toBeVisible();

      // From part to part of the screen.
      for (let i = 0; i < 6 && !(await node(page, "Cities").evaluate((e) => e === document.activeElement)); i++) {
        await page.keyboard.press("F6");
        await seenFocus(page);
      }
      await expect(node(page, "Cities")).toBeFocused();

      // A node by the palette: it hangs on nothing, since nothing is selected.
      await page.keyboard.press("/");
      await expect(page.getByRole("textbox", { name: en("palette.search") })).toBeFocused();
      await page.keyboard.type("filter");
      await page.keyboard.press("Enter");
      await expect(node(page, "Filter")).toBeVisible();
      await page.keyboard.press("F6");
      await expect(node(page, "Filter")).toBeFocused();
      await seenFocus(page);
      await expect(links(page)).toHaveCount(0);

      // Two ports are linked, parted at the link, and linked again.
      const link = async () => {
        await page.keyboard.press("l");
        await expect(page.getByRole("combobox", { name: en("link.search") })).toBeFocused();
        await page.keyboard.insertText("cities filter");
        await page.keyboard.press("Enter");
        await expect(links(page)).toHaveCount(1);
        await expect(node(page, "Filter")).toBeFocused();
      };
      await link();
      await page.keyboard.press("Shift+Tab");
      await expect(links(page)).toBeFocused();
      await seenFocus(page);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Delete");
      await expect(links(page)).toHaveCount(0);
      await expect(node(page, "Filter")).toBeFocused();
      await link();

      // Moved, renamed.
      const box = async () => (await node(page, "Filter").boundingBox()) ?? { x: 0, y: 0 };
      const before = await box();
      await page.keyboard.press("ControlOrMeta+ArrowDown");
      await page.keyboard.press("ControlOrMeta+ArrowDown");
      await expect.poll(async () => (await box()).y - before.y).toBeGreaterThan(20);
      await page.keyboard.press("F2");
      await expect(canvas(page).getByRole("textbox")).toBeFocused();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type("North");
      await page.keyboard.press("Enter");
      await expect(node(page, "North")).toBeFocused();

      // Its settings.
      const formula = page.getByRole("textbox", { name: "Formula" });
      await page.keyboard.press("Shift+F6");
      await tabTo(page, formula);
      await page.keyboard.type("latitude > 60");
      await saved(page);
      await expect(rows(page).filter({ hasText: "City 61" })).toBeVisible();

      // Its rows: there are arrows in the table, and the page goes with them.
      await page.keyboard.press("Shift+F6");
      await expect(page.getByRole("tab", { name: en("panel.data") })).toBeFocused();
      await seenFocus(page);
      await tabTo(page, page.getByRole("grid"));
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await seenFocus(page);
      await page.keyboard.press("ControlOrMeta+End");
      await expect(rows(page).filter({ hasText: "City 270" })).toBeVisible();
      await page.keyboard.press("Delete"); // nobody means a node who is in a table
      await expect(node(page, "North")).toBeVisible();

      // Its statistics.
      await tabTo(page, page.getByRole("tab", { name: en("panel.data") }), "Shift+Tab");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await expect(page.getByRole("tab", { name: en("panel.statistics") })).toBeFocused();
      await expect(page.getByRole("tabpanel", { name: en("panel.statistics") })).toContainText(en("stats.distinct"));
      await seenFocus(page);

      // Copied, pasted, deleted, taken back and done again.
      await tabTo(page, node(page, "North"), "Shift+F6");
      await page.keyboard.press("ControlOrMeta+c");
      await page.keyboard.press("ControlOrMeta+v");
      await expect(node(page, "North")).toHaveCount(2);
      await expect(page.locator(":focus")).toHaveAttribute("aria-label", "North");
      await seenFocus(page);
      await page.keyboard.press("Delete");
      await expect(node(page, "North")).toHaveCount(1);
      await seenFocus(page);
      await page.keyboard.press("ControlOrMeta+z");
      await expect(node(page, "North")).toHaveCount(2);
      await page.keyboard.press("ControlOrMeta+Shift+z");
      await expect(node(page, "North")).toHaveCount(1);

      // A file, the run, the download.
      await seenFocus(page);
      await command(page, "go to north");
      await expect(node(page, "North")).toBeFocused();
      await command(page, "add text file output");
      await expect(page.locator(":focus")).toHaveAttribute("aria-roledescription", "node");
      await page.keyboard.press("Shift+F6");
      await tabTo(page, page.getByRole("combobox", { name: "File", exact: true }));
      await page.keyboard.type("north.csv");
      await page.keyboard.press("Enter");
      await page.keyboard.press("F9");
      const run = page.getByRole("tabpanel", { name: en("panel.run") });
      await expect(run).toContainText(en("run.done"));
      const get = run.getByRole("button", { name: /north\.csv/ });
      await tabTo(page, get);
      await seenFocus(page);
      const begun = page.waitForEvent("download");
      await page.keyboard.press("Enter");
      expect(readFileSync(await (await begun).path(), "utf8")).toContain("City 61");

      // Back to the start.
      await command(page, en("cmd.home"));
      await expect(page.getByRole("heading", { name: en("home.title") })).toBeVisible();
    });
  });
}

test("menus and dialogs give the keyboard back", async ({ page, components }) => {
  const server = await components.server({ files: { "user/north.weft": flights } });
  await page.goto((await components.web({ server })).url());
  await signIn(page, "user", server.password("user"));
  await changeFirst(page, server.password("user"));
  const create = page.getByRole("button", { name: en("files.new_package"), exact: true });
  await tabTo(page, create);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(create).toBeFocused();
  await tabTo(page, card(page, "north"));
  await page.keyboard.press("Enter");
  const menu = page.getByRole("button", { name: en("app.menu"), exact: true });
  await tabTo(page, menu);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await seenFocus(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await expect(menu).toBeFocused();
  await command(page, "go to cities");
  await expect(node(page, "Cities")).toBeFocused();
  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog", { name: en("cmd.keys") })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(node(page, "Cities")).toBeFocused();
  await expect(node(page, "Cities")).toHaveClass(/selected/); // Escape meant the dialog alone
});
