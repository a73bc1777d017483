// A package that declares services says in Studio why they are not published.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { axe } from "./harness/axe";
import { enter, home, node, open } from "./harness/studio";
import { expect, test, words } from "./harness/test";

const en = words("en");

/** Callers may choose a threshold, but not which file is read. */
const declaring = (variable: string) => `weft: 1
variables:
  file: {type: string, default: towns.csv}
  least: {type: integer, default: 5}
workflows:
  main:
    nodes:
      towns:
        component: input.text
        label: Towns
        settings:
          path: {var: file}
      large:
        component: rows.filter
        label: Large ones
        input: towns
        settings:
          formula: size > $least
services:
  towns:
    large: {variables: [${variable}], output: large}
    all: {output: towns}
`;

test("why a service is not published stands at the package, at its node and in the messages", async ({ page, components }) => {
  const serve = await components.serve();
  const file = join(serve.data, "workspace/user/towns.weft");
  writeFileSync(join(serve.data, "workspace/user/towns.csv"), "town,size\nOslo,7\nBergen,3\n");
  writeFileSync(file, declaring("file"));
  await enter(page, serve);
  await home(page);
  await open(page, "towns");
  const told = page.getByRole("banner").getByRole("button", { name: en("services.not_published") });
  await told.click();
  const messages = page.getByRole("tabpanel");
  await expect(messages).toContainText(en("services.one", { service: "towns/large" }));
  await expect(messages).toContainText("The variable file decides which file towns reads");
  await expect(node(page, "Towns").getByRole("img", { name: /not published/ })).toBeVisible();
  await expect(node(page, "Large ones").getByRole("img", { name: /not published/ })).toHaveCount(0);
  expect(await axe(page)).toEqual([]);
  await messages.getByRole("button", { name: "Towns" }).click();
  await expect(page.getByRole("textbox", { name: en("settings.label"), exact: true })).toHaveValue("Towns");

  writeFileSync(file, declaring("least"));
  await expect(told).toBeHidden();
  await expect(node(page, "Towns").getByRole("img", { name: /not published/ })).toHaveCount(0);
  await expect(page.getByText(en("panel.no_messages"))).toBeVisible();
});
