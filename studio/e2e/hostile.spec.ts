// What strangers write is shown as text, wherever it stands.
import { node, open, signInFirst } from "./harness/studio";
import { expect, test, words } from "./harness/test";

const en = words("en");

const markup = "<img src=x onerror=\"document.title='run'\">";
const link = "javascript:document.title='run'";
const sheet = "=HYPERLINK(\"http://foreign.example/\",\"pay\")";
const bidi = "\u202egpj.exe";
const hidden = "ad\u200bmin";
const escapes = "\u001b[2J\u001b]0;run\u0007";

const quoted = (s: string) => `"${s.replaceAll("\"", "\"\"")}"`;
const csv = `name,${quoted(markup)}\n${[markup, link, sheet, bidi, hidden, escapes].map((v) => `${quoted(v)},1`).join("\n")}\n`;

const packageText = `weft: 1
label: ${JSON.stringify(markup)}
workflows:
  main:
    nodes:
      evil:
        component: input.text
        label: ${JSON.stringify(`${markup} ${bidi.slice(1)}`)}
        note: ${JSON.stringify(markup)}
        settings: {path: evil.csv, encoding: utf-8}
      wrong:
        component: rows.filter
        label: Wrong
        input: evil
        settings:
          formula: ${JSON.stringify(`[${markup}] > 'x' and nothing`)}
`;

test("cells, columns, labels, notes and messages with markup", async ({ page, components }) => {
  const server = await components.server({ files: { "user/evil.weft": packageText, "user/evil.csv": csv } });
  await page.goto((await components.web({ server })).url());
  await signInFirst(page, server);
  await open(page, "evil");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(markup);

  await node(page, `${markup} ${bidi.slice(1)}`).click();
  const grid = page.getByRole("grid");
  await expect(grid).toContainText(markup);
  for (const text of [link, sheet]) await expect(page.getByRole("gridcell", { name: text, exact: true })).toBeVisible();
  // Signs that turn the writing around or hide are shown as what they are.
  await expect(grid).not.toContainText("\u202e");
  await expect(page.getByRole("region", { name: en("settings.title") })).toContainText("Text file");
  for (const tab of ["panel.schema", "panel.statistics", "panel.messages"]) {
    await page.getByRole("tab", { name: new RegExp(en(tab)) }).click();
    await expect(page.getByRole("tabpanel", { name: new RegExp(en(tab)) })).toBeVisible();
  }
  await node(page, "Wrong").click();
  await page.getByRole("tab", { name: new RegExp(en("panel.messages")) }).click();
  await expect(page.getByRole("tabpanel")).toContainText("nothing");

  // Nothing of it became an element, a link or a script.
  await expect(page.locator("img[src=x], a[href^=javascript], a[href*='foreign.example']")).toHaveCount(0);
  await expect(page).not.toHaveTitle("run");
});
