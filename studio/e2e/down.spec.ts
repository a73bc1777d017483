// The Server goes and comes back; the page notices by itself.
import { signInFirst } from "./harness/studio";
import { expect, freePort, lostConnection, test, words } from "./harness/test";

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
