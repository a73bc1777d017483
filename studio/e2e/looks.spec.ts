// Each view in both languages and themes, looked at by axe.
import { axe } from "./harness/axe";
import { changeFirst, signIn } from "./harness/studio";
import { expect, test } from "./harness/test";

for (const lang of ["en", "ru"] as const) {
  for (const scheme of ["light", "dark"] as const) {
    test.describe(`${lang}, ${scheme}`, () => {
      test.use({ locale: lang === "en" ? "en-US" : "ru-RU", colorScheme: scheme });

      test("a refusal", async ({ page, components }) => {
        await page.goto((await components.web({ serverJSON: "[]" })).url());
        await expect(page.getByRole("alert")).toBeVisible();
        expect(await axe(page)).toEqual([]);
      });

      test("sign-in, first password, workspace", async ({ page, components }) => {
        const server = await components.server({ files: { "user/a.csv": "x\n1\n", "user/b.weft": "weft: 1\nworkflows:\n  main:\n    nodes: {}\n" } });
        await page.goto((await components.web({ server })).url());
        await expect(page.locator("form")).toBeVisible();
        expect(await axe(page)).toEqual([]);
        await signIn(page, "user", server.password("user"), lang);
        await expect(page.locator("input[name=fresh]")).toBeVisible();
        expect(await axe(page)).toEqual([]);
        await changeFirst(page, server.password("user"), lang);
        await expect(page.getByRole("row", { name: /a\.csv/ })).toBeVisible();
        expect(await axe(page)).toEqual([]);
      });
    });
  }
}
