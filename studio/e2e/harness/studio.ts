import { expect, type Locator, type Page } from "@playwright/test";
import type { RunningServer } from "./components";
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

/** A file that is dropped: its text, or so many zeros. */
export type Dropped = { readonly name: string; readonly text: string } | { readonly name: string; readonly size: number };

/** Drops files on an element, as from the desktop. */
export async function dropFiles(on: Locator, files: readonly Dropped[], at = { x: 300, y: 300 }): Promise<void> {
  const dataTransfer = await on.page().evaluateHandle((list) => {
    const d = new DataTransfer();
    for (const f of list) d.items.add(new File(["text" in f ? f.text : new Uint8Array(f.size)], f.name));
    return d;
  }, files);
  const box = await on.boundingBox();
  const place = { clientX: (box?.x ?? 0) + at.x, clientY: (box?.y ?? 0) + at.y, dataTransfer };
  for (const type of ["dragenter", "dragover", "drop"]) await on.dispatchEvent(type, place);
}
