// Who comes in, and who does not.
import { enter, password, signIn, signInFirst } from "./harness/studio";
import type { Program } from "./harness/program";
import type { RunningServer } from "./harness/components";
import { type Components, expect, test, words } from "./harness/test";

const en = words("en");

test("a wrong password is told, and the right one taken", async ({ page, components }) => {
  const server = await components.server();
  await page.goto((await components.web({ server })).url());
  await signIn(page, "user", "not the password");
  await expect(page.getByRole("alert")).toContainText("password");
  await signIn(page, "nobody", "not the password");
  await expect(page.getByRole("alert")).toContainText("password");
  await signInFirst(page, server);
});

test("a bad new password is told at its place", async ({ page, components }) => {
  const server = await components.server();
  await page.goto((await components.web({ server })).url());
  const first = server.password("user");
  await signIn(page, "user", first);
  const form = page.getByRole("form", { name: en("password.change") });
  const fill = async (old: string, fresh: string, again: string) => {
    await form.getByLabel(en("password.old"), { exact: true }).fill(old);
    await form.getByLabel(en("password.new"), { exact: true }).fill(fresh);
    await form.getByLabel(en("password.again"), { exact: true }).fill(again);
    await form.getByRole("button", { name: en("password.change") }).click();
  };
  await fill(first, "one of them", "another one");
  await expect(form).toContainText(en("password.differ"));
  await fill(first, "password1", "password1");
  await expect(form.getByRole("alert")).toBeVisible();
  await fill("not the first one", password, password);
  await expect(form.getByRole("alert")).toBeVisible();
});

test("a session outlives a reload, and ends with signing out", async ({ page, components }) => {
  const server = await components.server();
  const web = await components.web({ server });
  await page.goto(web.url());
  await signInFirst(page, server);
  await page.reload();
  await expect(page.getByRole("heading", { name: en("home.title") })).toBeVisible();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: en("account.sign_out") }).click();
  await expect(page.getByRole("form", { name: en("signin.title") })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("form", { name: en("signin.title") })).toBeVisible();
  await signIn(page, "user", password);
  await expect(page.getByRole("heading", { name: en("home.title") })).toBeVisible();
});

test("the address of weft serve signs in once", async ({ page, browser, components }) => {
  const serve = await components.serve();
  await enter(page, serve);
  expect(page.url()).not.toContain("token");
  const other = await browser.newPage();
  await other.goto(serve.address);
  await expect(other.getByRole("form", { name: en("signin.title") })).toBeVisible();
  await expect(other.getByRole("alert")).toBeVisible();
  await other.close();
});

test("weft open leads a browser to what runs", async ({ page, components }) => {
  const { data } = await components.serve();
  const open = components.run(["open", "--print", "--data", data]);
  const [address] = await open.says(/http:\S+/);
  await page.goto(address);
  await expect(page.getByRole("button", { name: /^Account user/ })).toBeVisible();
});

// Whatever ends a session elsewhere, the page says what it was.
for (const [how, why, end] of [
  ["disabled", /administrator disabled your account/, (c, s) => c.run(["admin", "user", "disable", "user", "--data", s.data])],
  ["given another password", /administrator gave your account another password/, (c, s) => c.run(["admin", "user", "passwd", "user", "--data", s.data])],
] as [string, RegExp, (c: Components, s: RunningServer) => Program][]) {
  test(`a person who is ${how} is out, with the page open, and told why`, async ({ page, components }) => {
    const server = await components.server();
    await page.goto((await components.web({ server })).url());
    await signInFirst(page, server);
    expect(await end(components, server).finished()).toBe(0);
    await page.getByRole("searchbox").fill("a"); // the next thing that is asked of the Server
    const form = page.getByRole("form", { name: en("signin.title") });
    await expect(form.getByRole("alert")).toHaveText(why);
    await page.reload();
    await expect(form).toBeVisible();
  });
}

test("a session that is ended from another, or by a changed password, says so", async ({ page, browser, components, consoles }) => {
  const server = await components.server();
  const web = await components.web({ server });
  await page.goto(web.url());
  await signInFirst(page, server);
  const context = await browser.newContext({ locale: "en-US" });
  context.on("page", (p) => consoles.watch(p));
  const other = await context.newPage();
  await other.goto(web.url());
  await signIn(other, "user", password);
  await expect(other.getByRole("heading", { name: en("home.title") })).toBeVisible();
  const alert = page.getByRole("form", { name: en("signin.title") }).getByRole("alert");

  await other.getByRole("button", { name: /^Account/ }).click();
  await other.getByRole("menuitem", { name: en("sessions.title") }).click();
  await other.getByRole("dialog").getByRole("button", { name: new RegExp(en("sessions.end")) }).click();
  await expect(alert).toContainText("ended elsewhere");
  await signIn(page, "user", password);
  await expect(page.getByRole("heading", { name: en("home.title") })).toBeVisible();

  await other.keyboard.press("Escape");
  await other.getByRole("button", { name: /^Account/ }).click();
  await other.getByRole("menuitem", { name: en("password.change") }).click();
  const form = other.getByRole("form", { name: en("password.change") });
  await form.getByLabel(en("password.old"), { exact: true }).fill(password);
  for (const field of ["password.new", "password.again"]) await form.getByLabel(en(field), { exact: true }).fill("another horse battery");
  await form.getByRole("button", { name: en("password.change") }).click();
  await expect(alert).toContainText("password of your account was changed elsewhere");
  await context.close();
});
