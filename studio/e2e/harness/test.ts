import { type ConsoleMessage, type Page, test as base } from "@playwright/test";
import { chromium } from "./browser";
import { Components } from "./components";

/** What the consoles of the pages may say; everything else that is an error fails the test. */
export class Consoles {
  readonly errors: string[] = [];
  private readonly allowed: RegExp[] = [];

  allow(...patterns: RegExp[]) {
    this.allowed.push(...patterns);
  }

  watch(page: Page) {
    page.on("console", (m) => this.heard(m));
    page.on("pageerror", (e) => this.errors.push(`${e.message}\n${e.stack ?? ""}`));
  }

  private heard(m: ConsoleMessage) {
    if (m.type() === "error") this.errors.push(`${m.text()} (${m.location().url})`);
  }

  unexpected(): string[] {
    return this.errors.filter((e) => !this.allowed.some((p) => p.test(e)));
  }
}

/** A websocket that could not be opened is told to the console by the browser itself. */
export const lostConnection = /WebSocket connection to '[^']*' failed/;

interface Fixtures {
  components: Components;
  consoles: Consoles;
  /** A page of a browser of its own, in which names and ports lead where rules say. */
  mapped: (rules: readonly string[]) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  components: async ({}, use, info) => {
    const c = new Components();
    await use(c);
    if (info.status !== info.expectedStatus) await info.attach("log", { body: c.log(), contentType: "text/plain" });
    await c.stop();
  },

  consoles: [async ({}, use) => {
    const c = new Consoles();
    await use(c);
    base.expect(c.unexpected(), "errors in the browser's console").toEqual([]);
  }, { auto: true }],

  // The components are named so that they end after the pages that use them.
  context: async ({ components: _, consoles, context }, use) => {
    context.on("page", (page) => consoles.watch(page));
    await use(context);
  },

  mapped: async ({ playwright, consoles, components: _, locale, colorScheme, viewport }, use) => {
    const open: { close(): Promise<void> }[] = [];
    await use(async (rules) => {
      const browser = await playwright.chromium.launch(chromium(rules));
      open.push(browser);
      const context = await browser.newContext({ locale, colorScheme, viewport });
      context.on("page", (page) => consoles.watch(page));
      return context.newPage();
    });
    for (const b of open) await b.close();
  },
});

export { expect } from "@playwright/test";
export type { Page } from "@playwright/test";
export { type Components, freePort } from "./components";
export { words } from "./words";
