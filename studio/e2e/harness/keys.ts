import { expect, type Locator, type Page } from "@playwright/test";

/** A key, as often as it takes until the keyboard is there. */
export async function tabTo(page: Page, to: Locator, key = "Tab"): Promise<void> {
  const there = () => to.evaluate((e) => e === document.activeElement || (e.getAttribute("role") !== "group" && e.contains(document.activeElement)));
  for (let i = 0; i < 120; i++) {
    if (await there()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never gets there`);
}

/**
 * What has the keyboard shows it: it, or what is around or in it, looks
 * otherwise than when it has lost it. Fields have a caret besides.
 */
export async function seenFocus(page: Page): Promise<void> {
  await expect(async () => expect(await shown(page)).toBe("")).toPass();
}

/** Why the focus can't be seen; empty: it can. */
function shown(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const e = document.activeElement;
    if (!(e instanceof HTMLElement || e instanceof SVGElement) || e === document.body) return "nothing has the keyboard";
    const box = e.getBoundingClientRect();
    const inside = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
    if (!inside) return "it is outside of the window";
    const around = [e, ...e.querySelectorAll("*"), ...[e.parentElement, e.parentElement?.parentElement].filter((p) => p !== null && p !== undefined)].slice(0, 80);
    const look = () => around.map((x) => {
      const s = getComputedStyle(x);
      return [s.outlineStyle === "none" ? "" : `${s.outlineColor} ${s.outlineWidth}`, s.borderColor, s.boxShadow, s.backgroundColor, s.stroke, s.strokeWidth].join();
    }).join("|");
    const settled = () => new Promise((done) => setTimeout(done, 200)); // looks pass over, not at once
    await settled();
    const focused = look();
    e.blur();
    await settled();
    const left = look();
    e.focus({ preventScroll: true });
    return focused === left ? `no ring on ${e.outerHTML.slice(0, 120)}` : "";
  });
}
