import { expect, type Locator, type Page } from "@playwright/test";
import type { RunningServe, RunningServer } from "./components";
import type { Language } from "../../src/i18n/catalogues";
import { words } from "./words";

/** The password that the tests' people choose. */
export const password = "correct horse battery";

/** Signs in by the first password, and changes it as is asked for. */
export async function signInFirst(page: Page, server: RunningServer, name = "user", lang: Language = "en"): Promise<void> {
  await signIn(page, name, server.password(name), lang);
  await changeFirst(page, server.password(name), lang);
}

/** Fills in the form of sign-in. */
export async function signIn(page: Page, name: string, secret: string, lang: Language = "en"): Promise<void> {
  const t = words(lang);
  const form = page.getByRole("form", { name: t("signin.title") });
  await form.getByLabel(t("signin.name"), { exact: true }).fill(name);
  await form.getByLabel(t("signin.password"), { exact: true }).fill(secret);
  await form.getByRole("button", { name: t("signin.go") }).click();
}

/** Changes the first password, once it is asked for. */
export async function changeFirst(page: Page, first: string, lang: Language = "en"): Promise<void> {
  const t = words(lang);
  const form = page.getByRole("form", { name: t("password.change") });
  await form.getByLabel(t("password.old"), { exact: true }).fill(first);
  await form.getByLabel(t("password.new"), { exact: true }).fill(password);
  await form.getByLabel(t("password.again"), { exact: true }).fill(password);
  await form.getByRole("button", { name: t("password.change") }).click();
  await expect(page.getByRole("heading", { name: t("home.title") })).toBeVisible();
}

/** A package that needs no file: three cities, and those north of a latitude. */
export const cities = `weft: 1
label: Cities
variables:
  north: {type: integer, default: 50}
workflows:
  main:
    nodes:
      cities:
        component: input.table
        settings:
          columns:
            - {name: city, type: string}
            - {name: latitude, type: real}
          rows:
            - [Berlin, 52.5]
            - [Rome, 41.9]
            - [Oslo, 59.9]
      northern:
        component: rows.filter
        label: Northern
        input: cities
        settings:
          formula: latitude > $north
`;

/** A file that is dropped: its text, its bytes, or so many zeros. */
export type Dropped = { readonly name: string; readonly text: string } | { readonly name: string; readonly bytes: readonly number[] } | { readonly name: string; readonly size: number };

/** Drops files on an element, as from the desktop. */
export async function dropFiles(on: Locator, files: readonly Dropped[], at = { x: 300, y: 300 }): Promise<void> {
  const dataTransfer = await on.page().evaluateHandle((list) => {
    const d = new DataTransfer();
    for (const f of list) d.items.add(new File(["text" in f ? f.text : "bytes" in f ? new Uint8Array(f.bytes) : new Uint8Array(f.size)], f.name));
    return d;
  }, files);
  const box = await on.boundingBox();
  const place = { clientX: (box?.x ?? 0) + at.x, clientY: (box?.y ?? 0) + at.y, dataTransfer };
  for (const type of ["dragenter", "dragover", "drop"]) await on.dispatchEvent(type, place);
}

/** A node on the canvas, by its label. */
export function node(page: Page, label: string): Locator {
  return canvas(page).getByRole("group", { name: label, exact: true });
}

/** The label of the node that is selected. */
export function label(page: Page): Locator {
  const en = words("en");
  return page.getByRole("region", { name: en("settings.title") }).getByRole("textbox", { name: en("settings.label"), exact: true }).first();
}

export async function rename(page: Page, from: string, to: string): Promise<void> {
  await node(page, from).click();
  await label(page).fill(to);
  await label(page).press("Enter");
  await expect(node(page, to)).toBeVisible();
}

/** Goes the way that the first start of weft serve leads: signed in, the example open. */
export async function enter(page: Page, serve: RunningServe): Promise<void> {
  await page.goto(serve.address);
  await expect(canvas(page)).toBeVisible();
}

/** Goes to the start page. */
export async function home(page: Page): Promise<void> {
  await page.getByRole("button", { name: words("en")("cmd.home"), exact: true }).click();
  await expect(page.getByRole("heading", { name: words("en")("home.title") })).toBeVisible();
}

/** Opens a package from the start page, by the name of its file. */
export async function open(page: Page, name: string): Promise<void> {
  await card(page, name).click();
  await expect(canvas(page)).toBeVisible();
}

/** The link that opens a package, by the name of its file without the ending. */
export function card(page: Page, name: string): Locator {
  return page.getByRole("link", { name: new RegExp(`(^|[\\s/])${name}\\.weft`) });
}

/** Where the nodes are. */
export function canvas(page: Page): Locator {
  return page.getByRole("region", { name: words("en")("canvas.title"), exact: true });
}

/** Has the canvas show all nodes, and waits until the one that is furthest off is there. */
export async function showAll(page: Page, furthest: string, lang: Language = "en"): Promise<void> {
  const t = words(lang);
  await page.getByRole("toolbar", { name: t("app.toolbar") }).getByRole("button", { name: t("cmd.fit") }).click();
  const last = page.getByRole("region", { name: t("canvas.title"), exact: true }).getByRole("group", { name: furthest, exact: true });
  await expect(last).toBeInViewport({ ratio: 1 });
}

/** Writes a text into an editor of formulas, in the place of what it has. */
export async function write(editor: Locator, text: string): Promise<void> {
  await editor.click();
  await editor.press("ControlOrMeta+a");
  await editor.page().keyboard.insertText(text);
}

/** Watches for what may come and go in a moment; the function tells whether it was there. */
export async function seen(page: Page, selector: string): Promise<() => Promise<boolean>> {
  const handle = await page.evaluateHandle((what) => {
    const out = { seen: document.querySelector(what) !== null };
    new MutationObserver(() => {
      out.seen ||= document.querySelector(what) !== null;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
    return out;
  }, selector);
  return () => handle.evaluate((out) => out.seen);
}
