// Whole numbers of 64 bits pass through Studio to the digit.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { enter, home, node, open } from "./harness/studio";
import { expect, test, words } from "./harness/test";

const en = words("en");

const text = `weft: 1
workflows:
  main:
    nodes:
      ids:
        component: input.table
        label: Ids
        settings:
          columns:
            - {name: id, type: integer}
            - {name: n, type: integer}
          rows:
            - [9007199254740993, 1]
            - [-9223372036854775808, 2]
`;

test("a number beyond 2^53 is shown, kept beside an edit, copied and typed to the digit", async ({ page, components }) => {
  const serve = await components.serve();
  const file = join(serve.data, "workspace/user/ids.weft");
  writeFileSync(file, text);
  await enter(page, serve);
  await home(page);
  await open(page, "ids");
  await node(page, "Ids").click();
  const cell = (name: string) => page.getByRole("region", { name: en("settings.title") }).getByRole("textbox", { name, exact: true });
  await expect(cell("id 1")).toHaveValue("9007199254740993");
  await expect(page.getByRole("gridcell", { name: "9,007,199,254,740,993" })).toBeVisible();
  const saved = page.getByRole("status").filter({ hasText: en("save.saved") });

  // Another cell of the same setting is edited.
  await cell("n 1").fill("7");
  await expect.poll(() => readFileSync(file, "utf8")).toContain("[9007199254740993, 7]");

  // The node is copied.
  await node(page, "Ids").click();
  await page.keyboard.press("ControlOrMeta+d");
  await expect(node(page, "Ids")).toHaveCount(2);
  await expect.poll(() => readFileSync(file, "utf8").split("[9007199254740993, 7]").length).toBe(3);

  // One is typed.
  await node(page, "Ids").first().click();
  await cell("id 2").fill("9223372036854775807");
  await expect.poll(() => readFileSync(file, "utf8")).toContain("[9223372036854775807, 2]");
  expect(readFileSync(file, "utf8")).toContain("[-9223372036854775808, 2]"); // the copy's
  await expect(saved).toBeVisible();
});
