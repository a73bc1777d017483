// The README's picture: the example in Studio, by the real program.
// node scripts/picture.mjs PROGRAM FILE; CHROMIUM names another browser.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [program, file] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), "weft-picture-"));
const ports = ["--port", "--server-port", "--tcp-port"].flatMap((flag) => [flag, "0"]);
const weft = spawn(program, ["serve", "--no-browser", "--data", data, ...ports], { stdio: ["ignore", "pipe", "inherit"] });
const ended = new Promise((done) => weft.on("exit", done));
try {
  const address = await new Promise((found, failed) => {
    let text = "";
    weft.stdout.on("data", (part) => {
      text += part;
      const [, page] = /Studio: (\S+)/.exec(text) ?? [];
      if (page) found(page);
    });
    weft.on("exit", () => failed(new Error("weft serve has ended")));
  });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1360, height: 780 }, colorScheme: "light", locale: "en-US" });
  await page.goto(address);
  await page.getByText("With the airport of", { exact: false }).first().click();
  await page.getByRole("grid").getByRole("gridcell").nth(1).waitFor();
  await page.getByText("Exact", { exact: true }).waitFor();
  await page.mouse.move(700, 400);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== "running"));
  await page.screenshot({ path: file });
  await browser.close();
} finally {
  weft.kill("SIGINT");
  await ended;
  rmSync(data, { recursive: true, force: true });
}
