import { type Page, expect } from "@playwright/test";
import type { RunningServer } from "./components";
import { words } from "./words";

const en = words("en");

/** The password that the tests' people choose. */
export const password = "correct horse battery";

/** Signs in by the first password, and changes it as is asked for. */
export async function signInFirst(page: Page, server: RunningServer, name = "user"): Promise<void> {
  const first = server.password(name);
  await signIn(page, name, first);
  const form = page.getByRole("form", { name: en("password.change") });
  await form.getByLabel(en("password.old"), { exact: true }).fill(first);
  await form.getByLabel(en("password.new"), { exact: true }).fill(password);
  await form.getByLabel(en("password.again"), { exact: true }).fill(password);
  await form.getByRole("button", { name: en("password.change") }).click();
  await expect(page.getByRole("heading", { name: en("home.title") })).toBeVisible();
}

/** Fills in the form of sign-in. */
export async function signIn(page: Page, name: string, secret: string): Promise<void> {
  const form = page.getByRole("form", { name: en("signin.title") });
  await form.getByLabel(en("signin.name"), { exact: true }).fill(name);
  await form.getByLabel(en("signin.password"), { exact: true }).fill(secret);
  await form.getByRole("button", { name: en("signin.go") }).click();
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
