// Somebody who may look, but not change or run: what they may not do is not
// offered, or is shut with its reason.
import type { Components, RunningServer } from "./harness/components";
import { canvas, changeFirst, cities, node, open, signIn } from "./harness/studio";
import { expect, type Page, test, words } from "./harness/test";

const en = words("en");

async function comeIn(page: Page, components: Components, server: RunningServer, role: string, rights: string) {
  const added = components.run(["admin", "user", "add", "vera", "--role", role, "--data", server.data]);
  expect(await added.finished()).toBe(0);
  expect(await components.run(["admin", "grant", "/user", "vera", rights, "--data", server.data]).finished()).toBe(0);
  const first = /^[a-z0-9]{5}(-[a-z0-9]{5})+$/m.exec(added.text)?.[0] ?? "";
  await page.goto((await components.web({ server })).url());
  await signIn(page, "vera", first);
  await changeFirst(page, first);
  const all = page.getByRole("navigation").getByRole("link", { name: en("files.all") });
  const folder = page.getByRole("link", { name: "user", exact: true });
  await all.click();
  await folder.click();
}

for (const [role, rights] of [["viewer", "read"], ["user", "read"]] as const) {
  test(`a ${role} with the right to ${rights}`, async ({ page, components }) => {
    const server = await components.server({ files: { "user/cities.weft": cities, "user/a.csv": "x\n1\n" } });
    await comeIn(page, components, server, role, rights);
    await expect(page.getByText(en("files.read_only"))).toBeVisible();
    await expect(page.getByRole("button", { name: en("files.upload") })).toHaveCount(0);
    await expect(page.getByRole("button", { name: en("files.new_package") })).toHaveCount(0);
    await page.getByRole("button", { name: en("files.actions", { name: "a.csv" }) }).click();
    await expect(page.getByRole("menuitem")).toHaveText([en("files.download")]);
    await page.keyboard.press("Escape");

    await open(page, "cities");
    await expect(page.getByText(en("package.read_only_short"), { exact: true })).toBeVisible();
    await expect(page.getByText(en("palette.read_only"))).toBeVisible();
    await expect(page.getByRole("button", { name: "Filter", exact: true })).toBeDisabled();
    await node(page, "Northern").click();
    await expect(page.getByRole("gridcell", { name: "Oslo" })).toBeVisible();
    await expect(page.getByText(en("package.look_only"))).toBeVisible();
    const formula = page.getByRole("textbox", { name: "Formula" });
    await formula.click();
    await page.keyboard.type("x");
    await expect(formula).toHaveText("latitude > $north");

    const run = page.getByRole("button", { name: en("cmd.run"), exact: true });
    await expect(run).toBeDisabled();
    await run.locator("..").hover();
    await expect(page.getByRole("tooltip", { name: en("run.denied") })).toBeVisible();
    await page.getByRole("tab", { name: en("panel.run") }).click();
    await expect(page.getByRole("tabpanel")).toContainText(en("run.denied"));
    await canvas(page).locator(".react-flow__pane").click({ position: { x: 8, y: 8 } });
    await node(page, "Northern").click();
    for (const key of ["Delete", "ControlOrMeta+x", "F9", "F2", "l", "ControlOrMeta+d"]) await page.keyboard.press(key);
    await expect(node(page, "Northern")).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
}

test("a designer who may look and run", async ({ page, components }) => {
  const server = await components.server({ files: { "user/cities.weft": cities } });
  await comeIn(page, components, server, "user", "read,run");
  await open(page, "cities");
  await node(page, "Northern").click();
  await expect(page.getByText(en("package.read_only"))).toBeVisible();
  await page.getByRole("button", { name: en("cmd.run"), exact: true }).click();
  await expect(page.getByRole("tabpanel", { name: en("panel.run") })).toContainText(en("run.done"));
});
