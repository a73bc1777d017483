// The Server goes and comes back; the page notices by itself.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { canvas, cities, node, showAll, signInFirst, write } from "./harness/studio";
import { expect, freePort, lostConnection, type Page, test, words } from "./harness/test";

const en = words("en");

for (const proxy of [false, true]) {
  const way = proxy ? "through the proxy" : "direct";

  test(`a Server that starts late, ${way}`, async ({ page, components, consoles }) => {
    consoles.allow(lostConnection, /502 \(Bad Gateway\)/);
    const port = await freePort();
    const web = await components.web({ serverPort: port, proxy });
    await page.goto(web.url());
    await expect(page.getByRole("alert")).toContainText(en("boot.unreachable"));
    const server = await components.server({ port });
    await signInFirst(page, server);
  });

  for (const how of ["ends", "dies"] as const) {
    test(`a Server that ${how} under a page, ${way}`, async ({ page, components, consoles }) => {
      consoles.allow(lostConnection, /502 \(Bad Gateway\)/);
      const first = await components.server();
      const web = await components.web({ server: first, proxy });
      await page.goto(web.url());
      await signInFirst(page, first);
      if (how === "ends") await first.program.stop();
      else await first.program.kill();
      if (proxy) {
        const asked = Date.now();
        const answer = await page.request.get(web.url().replace("/app/", "/ws"));
        expect(answer.status()).toBe(502);
        expect(await answer.text()).toContain("The Server can't be reached from this web server");
        expect(Date.now() - asked).toBeLessThan(2000);
      }
      await expect(page.getByRole("status").filter({ hasText: en("conn.lost") })).toBeVisible();
      await components.server({ port: first.port, data: first.data });
      await expect(page.getByRole("status").filter({ hasText: en("conn.restarted") })).toBeVisible();
      await page.getByRole("link", { name: "user", exact: true }).click();
      await expect(page.getByText(en("home.empty"))).toBeVisible();
    });
  }
}

/** Files of Studio that do not come while the switch is on. */
async function withhold(page: Page, files: RegExp) {
  const state = { away: true, asked: 0 };
  await page.route(files, (route) => {
    state.asked++;
    return state.away ? route.fulfill({ status: 404 }) : route.continue();
  });
  return state;
}

test("a part of Studio that does not come is asked for again, and told where it stays away", async ({ page, components, consoles }) => {
  consoles.allow(/Failed to load resource/, /LoadError/, /Failed to fetch dynamically imported module/, /a part of Studio did not load/);
  const server = await components.server({ files: { "user/cities.weft": cities } });
  const web = await components.web({ server });

  // What speaks to the Server.
  const program = await withhold(page, /assets\/server-[^/]*\.js$/);
  await page.goto(web.url());
  await expect(page.getByRole("alert")).toContainText(en("load.title"));
  program.away = false;
  await signInFirst(page, server);

  const grid = await withhold(page, /assets\/DataGrid-[^/]*\.js$/);
  // The screen of a package, by itself.
  const screen = await withhold(page, /assets\/Screen-[^/]*\.js$/);
  await page.getByRole("link", { name: /cities/ }).click();
  await expect.poll(() => screen.asked).toBeGreaterThan(0);
  screen.away = false;
  await expect(canvas(page)).toBeVisible();

  // The table, once somebody asks for it again.
  await node(page, "Northern").click();
  const told = page.getByRole("alert").filter({ hasText: en("load.title") });
  await expect(told).toBeVisible();
  await expect(node(page, "Northern")).toBeVisible(); // the rest is there
  grid.away = false;
  await told.getByRole("button", { name: en("boot.again") }).click();
  await expect(page.getByRole("gridcell", { name: "Oslo" })).toBeVisible();

  // The page as a whole.
  await page.route(/assets\/Screen-[^/]*\.js$/, (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await expect(page.getByRole("alert")).toContainText(en("load.title"));
  await page.unrouteAll();
  await page.getByRole("button", { name: en("load.reload") }).click();
  await expect(node(page, "Northern")).toBeVisible();
});

test("weft serve is ended and started again while things are done: each arrives once", async ({ page, components, consoles }) => {
  consoles.allow(lostConnection, /ERR_CONNECTION_REFUSED/);
  const data = components.folder();
  const [web, server] = [await freePort(), await freePort()];
  const serve = () => components.run(["serve", "--no-browser", "--port", String(web), "--server-port", String(server), "--tcp-port", "0", "--data", data]);
  const first = serve();
  const [, address = ""] = await first.says(/^Studio: (\S+)$/m);
  const editor = page.waitForResponse(/FormulaEditor-[^/]*\.js$/); // it comes before anybody asks for it
  await page.goto(address);
  await expect(node(page, "Flights")).toBeVisible();
  await (await editor).finished();
  const asks = () => page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
  expect(await asks()).toBe(false);
  expect(await first.stop()).toBe(0);
  await expect(page.getByRole("status").filter({ hasText: en("conn.lost") })).toBeVisible();

  // A node, its setting, a link, a move and a deletion.
  await showAll(page, "The first twenty");
  await node(page, "The first twenty").click();
  const search = page.getByRole("textbox", { name: en("palette.search") });
  await search.fill("filter");
  await search.press("Enter");
  await expect(node(page, "Filter")).toBeVisible();
  await write(page.getByRole("textbox", { name: "Formula" }), "late > 1000");
  await showAll(page, "Filter");
  await node(page, "Report on all airports").click();
  await page.keyboard.press("Delete");
  await expect(node(page, "Report on all airports")).toBeHidden();
  await expect(page.getByText(/changes wait for the connection/)).toBeVisible();
  expect(await asks()).toBe(true);

  await serve().says(/^Studio: /m);
  await expect(page.getByRole("status").filter({ hasText: en("save.saved") })).toBeVisible();
  expect(await asks()).toBe(false);
  const file = readFileSync(join(data, "workspace/user/flights.weft"), "utf8");
  expect(file.split("formula: late > 1000").length).toBe(2);
  expect(file.match(/^ {6}filter\w*:$/gm)).toEqual(["      filter:"]);
  expect(file).not.toMatch(/^ {6}report:$/m);
  for (let i = 0; i < 3; i++) {
    await canvas(page).click({ position: { x: 8, y: 8 } });
    await page.keyboard.press("ControlOrMeta+z");
  }
  await expect(node(page, "Report on all airports")).toBeVisible();
  await expect(node(page, "Filter")).toBeHidden();
});

for (const how of ["ends", "dies"] as const) {
  test(`a web server that ${how} under a page which it connects`, async ({ page, components, consoles }) => {
    consoles.allow(lostConnection, /ERR_CONNECTION_REFUSED/);
    const server = await components.server();
    const web = await components.web({ server, proxy: true });
    await page.goto(web.url());
    await signInFirst(page, server);
    if (how === "ends") await web.program.stop();
    else await web.program.kill();
    await expect(page.getByRole("status").filter({ hasText: en("conn.lost") })).toBeVisible();
    await components.web({ server, proxy: true, port: web.port });
    await expect(page.getByRole("status").filter({ hasText: en("conn.back") })).toBeVisible();
    await page.getByRole("link", { name: "user", exact: true }).click();
    await expect(page.getByText(en("home.empty"))).toBeVisible();
  });
}
