// Takes screenshots of the fixture page (npm run fixture first) and looks for
// what axe finds. Usage: npm run shots -- DIR
import { createServer } from "node:http";
import { mkdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const dir = process.argv[2] ?? "shots";
mkdirSync(dir, { recursive: true });
const files = new URL("../dist-fixture/", import.meta.url).pathname;
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
// Under /app/ and with the web server's policy, as in the product.
const nonce = "bm9uY2Ugb2Ygc2hvdHM";
const policy = `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'`;
const server = createServer((req, res) => {
  const path = new URL(req.url ?? "/", "http://x").pathname.replace(/^\/app\//, "");
  try {
    const data = extname(path) === ".html" ? readFileSync(join(files, path), "utf8").replaceAll("__WEFT_NONCE__", nonce) : readFileSync(join(files, path));
    res.writeHead(200, { "content-security-policy": policy, "content-type": types[extname(path)] ?? "application/octet-stream" }).end(data);
  } catch {
    res.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}/app/fixture.html`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const open = "#/open/user/flights.weft";
const select = (label) => async (page) => { await page.locator(".react-flow__node-card", { hasText: label }).first().click(); await page.waitForTimeout(900); };

const shots = [
  ["screen", open, select("By airport")],
  ["filter", open, select("Late by min_delay")],
  ["join", open, select("With the airport")],
  ["run", open, async (page) => { await select("Hours lost")(page); await page.keyboard.press("F9"); await page.waitForTimeout(1500); }],
  ["written", open, async (page) => { await page.keyboard.press("F9"); await page.waitForTimeout(4200); }],
  ["done", open, async (page) => { await page.keyboard.press("F9"); await page.waitForTimeout(4200); await select("Flights")(page); await page.getByRole("tab").nth(2).click(); await page.waitForTimeout(600); }],
  ["messages", open, async (page) => { await select("Carriers")(page); await page.getByRole("tab").nth(4).click(); await page.waitForTimeout(300); }],
  ["commands", open, async (page) => { await page.keyboard.press("Control+k"); await page.waitForTimeout(300); }],
  ["menu", open, async (page) => { await select("Airports")(page); await page.locator("header button").first().click(); await page.waitForTimeout(300); }],
  ["alldata", open, async (page) => { await select("By airport")(page); await page.getByRole("button", { name: /all rows|все строки/i }).click(); await page.waitForTimeout(4500); }],
  ["home", "#/", async () => undefined],
  ["homemenu", "#/folder/user/data", async (page) => { await page.locator("tbody button").first().click(); await page.waitForTimeout(300); }],
  ["create", "#/", async (page) => { await page.getByRole("button", { name: /new package|новый пакет/i }).click(); await page.waitForTimeout(400); }],
  ["delete", "#/folder/user/data", async (page) => { await page.locator("tbody button").first().click(); await page.getByRole("menuitem").last().click(); await page.waitForTimeout(400); }],
  ["upload", "#/", async (page) => { await page.locator("input[type=file]").setInputFiles({ name: "sales.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") }); await page.waitForTimeout(700); }],
  ["account", "#/", async (page) => { await page.locator("header button").last().click(); await page.waitForTimeout(300); }],
  ["sessions", "#/", async (page) => { await page.locator("header button").last().click(); await page.getByRole("menuitem").nth(1).click(); await page.waitForTimeout(500); }],
  ["signin", "#/", async (page) => { const i = page.locator("input"); await i.nth(0).fill("user"); await i.nth(1).fill("flood"); await page.keyboard.press("Enter"); await page.waitForTimeout(400); }, { door: "out" }],
  ["password", "#/", async () => undefined, { door: "change" }],
  ["replaced", open, async () => undefined, { door: "replaced" }],
  ["refused", "#/", async () => undefined, { server: "{\"wsport\": 8080}", page: "https://weft.example/app/" }],
  ["down", "#/", async () => undefined, { down: "1" }],
  ["proxyoff", "#/", async () => undefined, { down: "1", ask: "404", server: "{\"wsproxy\": true}" }],
];
let found = 0;
const only = process.argv[3]?.split(",");
for (const [lang, scheme] of [["en", "light"], ["ru", "dark"], ["en", "dark"], ["ru", "light"]]) {
  for (const [name, hash, act, more] of shots) {
    if (only && !only.includes(name)) continue;
    if ((lang === "en") !== (scheme === "light") && name !== "screen") continue;
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const problems = [];
    page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") problems.push(m.text().slice(0, 400)); });
    page.on("pageerror", (e) => problems.push(String(e.stack).slice(0, 600)));
    await page.goto(`${base}?${new URLSearchParams({ lang, scheme, ...more })}${hash}`);
    await page.waitForTimeout(1500);
    try {
      await act(page);
    } catch (err) {
      problems.push(String(err).slice(0, 400));
    }
    await page.screenshot({ path: join(dir, `${name}-${lang}-${scheme}.png`) });
    await page.evaluate(axe).catch((err) => problems.push(String(err)));
    const result = await page.evaluate(() => window.axe.run());
    for (const v of result.violations) problems.push(`axe ${v.id}: ${v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + " | " + (n.any[0]?.message ?? "").slice(0, 160)).join("\n      ")}`);
    found += problems.length;
    console.log(`${name}-${lang}-${scheme}: ${problems.length === 0 ? "clean" : ""}`);
    for (const p of problems) console.log(`    ${p}`);
    await page.close();
  }
}
await browser.close();
server.close();
process.exitCode = found === 0 ? 0 : 1;
