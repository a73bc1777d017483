// The workspace: files come in by drop and by button, and go out again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { dropFiles, enter, home } from "./harness/studio";
import { expect, test, words } from "./harness/test";

const en = words("en");

test.beforeEach(async ({ page, components }) => {
  await enter(page, await components.serve());
  await home(page);
});

const transfers = (page: Page): Locator => page.getByRole("region", { name: en("transfer.title") });

async function download(page: Page, name: string): Promise<string> {
  await page.getByRole("button", { name: en("files.actions", { name }) }).click();
  const begun = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: en("files.download") }).click();
  return readFileSync(await (await begun).path(), "utf8");
}

test("files that are dropped are uploaded, and come back as they were", async ({ page }) => {
  const text = "name;n\nÄpfel;1\n";
  await dropFiles(page.getByRole("main"), [{ name: "fruit.csv", text }, { name: "empty.csv", text: "" }]);
  await expect(transfers(page).getByRole("listitem").filter({ hasText: "Uploaded" })).toHaveCount(2);
  await expect(page.getByRole("row", { name: /fruit\.csv/ })).toBeVisible();
  expect(await download(page, "fruit.csv")).toBe(text);
  expect(await download(page, "empty.csv")).toBe("");
});

test("a big file shows its progress, and may be cancelled", async ({ page }) => {
  const main = page.getByRole("main");
  await dropFiles(main, [{ name: "big.bin", size: 300e6 }]);
  const line = transfers(page).getByRole("listitem").filter({ hasText: "big.bin" });
  await expect(line.getByRole("progressbar")).toBeVisible();
  await line.getByRole("button", { name: /Cancel/ }).click();
  await expect(line).toBeHidden();
  await dropFiles(main, [{ name: "small.bin", size: 3e6 }]);
  await expect(transfers(page).getByRole("listitem").filter({ hasText: "small.bin" })).toContainText("Uploaded");
  await expect(page.getByRole("row", { name: /big\.bin/ })).toBeHidden();
  expect(await download(page, "small.bin")).toBe("\0".repeat(3e6));
});

test("a file that is there is replaced only when asked for", async ({ page }) => {
  const main = page.getByRole("main");
  await dropFiles(main, [{ name: "a.csv", text: "x\n1\n" }]);
  await expect(page.getByRole("row", { name: /a\.csv/ })).toBeVisible();
  await dropFiles(main, [{ name: "a.csv", text: "x\n2\n" }]);
  await expect(transfers(page)).toContainText(en("transfer.exists"));
  expect(await download(page, "a.csv")).toBe("x\n1\n");
  await transfers(page).getByRole("button", { name: en("transfer.replace") }).click();
  await expect(transfers(page)).not.toContainText(en("transfer.exists"));
  expect(await download(page, "a.csv")).toBe("x\n2\n");
});

test("files are chosen by a button, renamed and deleted", async ({ page }) => {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: en("files.upload") }).click();
  await (await chooser).setFiles({ name: "first.csv", mimeType: "text/csv", buffer: Buffer.from("x\n1\n") });
  await page.getByRole("button", { name: en("files.actions", { name: "first.csv" }) }).click();
  await page.getByRole("menuitem", { name: en("files.rename") }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: en("files.new_name") }).fill("second.csv");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row", { name: /second\.csv/ })).toBeVisible();
  await page.getByRole("button", { name: en("files.actions", { name: "second.csv" }) }).click();
  await page.getByRole("menuitem", { name: en("files.delete") }).click();
  await page.getByRole("dialog").getByRole("button", { name: en("files.delete") }).click();
  await expect(page.getByRole("row", { name: /second\.csv/ })).toBeHidden();
});

// What people name a file is text, not markup.
test("names with markup and with tricks of writing are shown as text", async ({ page }) => {
  const names = ["<img src=x onerror=document.title='run'>.csv", "=HYPERLINK(\"javascript:document.title='run'\").csv"];
  await dropFiles(page.getByRole("main"), names.map((name) => ({ name, text: "x\n1\n" })));
  const told = transfers(page).getByRole("listitem");
  await expect(told).toHaveCount(2);
  await expect(told.first()).toContainText("<img src=x");
  await expect(page.locator("img[src=x]")).toHaveCount(0);
  await expect(page).not.toHaveTitle("run");
});

test("what is uploaded lies in the workspace on the disk", async ({ page, components }) => {
  const serve = await components.serve();
  await enter(page, serve);
  await home(page);
  await dropFiles(page.getByRole("main"), [{ name: "there.csv", text: "x\n1\n" }]);
  await expect(page.getByRole("row", { name: /there\.csv/ })).toBeVisible();
  expect(readFileSync(join(serve.data, "workspace/user/there.csv"), "utf8")).toBe("x\n1\n");
});
