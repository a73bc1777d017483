// What the page shows when there is no way to the Server.
import { expect, freePort, lostConnection, test, words } from "./harness/test";
import { trusted } from "./harness/certificates";

for (const lang of ["en", "ru"] as const) {
  test.describe(`in ${lang}`, () => {
    test.use({ locale: lang === "en" ? "en-US" : "ru-RU" });
    const t = words(lang);

    const refusals: [string, string, string][] = [
      ["no JSON", "wsport: 8080", t("address.not_json")],
      ["no object", "[]", t("address.not_object")],
      ["an unknown key", `{"wsprot": 1}`, t("address.unknown_key", { key: "wsprot" })],
      ["a host with a scheme", `{"host": "http://a"}`, t("address.bad_host", { key: "host", value: `"http://a"` })],
      ["a port as text", `{"wsport": "8080"}`, t("address.bad_port", { key: "wsport", value: `"8080"` })],
      ["a port out of range", `{"wssport": 65536}`, t("address.bad_port", { key: "wssport", value: "65536" })],
      ["a flag as text", `{"wsproxy": "yes"}`, t("address.bad_boolean", { key: "wsproxy", value: `"yes"` })],
      ["a path that leaves", `{"path": "../ws"}`, t("address.bad_path", { key: "path", value: `"../ws"` })],
    ];
    for (const [name, file, reason] of refusals) {
      test(`server.json with ${name}`, async ({ page, components }) => {
        const web = await components.web({ serverJSON: file });
        await page.goto(web.url());
        const notice = page.getByRole("alert");
        await expect(notice).toContainText(reason);
        await expect(notice).toContainText(t("boot.remedy", { file: `${web.url()}server.json` }));
      });
    }

    test("an encrypted page, and a Server without encryption", async ({ page, components }) => {
      const web = await components.web({ certificate: trusted(), serverPort: 8123 });
      await page.goto(web.url("weft.example"));
      await expect(page.getByRole("alert")).toContainText(t("address.unencrypted_from_encrypted_page", { key: "wsport", value: "8123" }));
    });

    test("the Server is down", async ({ page, components, consoles }) => {
      consoles.allow(lostConnection);
      const port = await freePort();
      const web = await components.web({ serverPort: port });
      await page.goto(web.url());
      const notice = page.getByRole("alert");
      await expect(notice).toContainText(`ws://localhost:${port}/ws`);
      await expect(notice).toContainText(new URL(web.url()).origin);
      await expect(notice).toContainText(t("boot.cause_down"));
      await expect(notice).toContainText(t("boot.cause_origin"));
      await expect(notice).toContainText(`weft doctor ${web.url()}`);
    });

    test("the proxy is off", async ({ page, components, consoles }) => {
      consoles.allow(lostConnection, /404 \(Not Found\)/);
      const web = await components.web({ serverJSON: `{"wsproxy": true}` });
      await page.goto(web.url());
      await expect(page.getByRole("alert")).toContainText(t("boot.found_proxy_off"));
    });

    test("the Server is down behind the proxy", async ({ page, components, consoles }) => {
      consoles.allow(lostConnection, /502 \(Bad Gateway\)/);
      const web = await components.web({ proxy: true, serverPort: await freePort() });
      await page.goto(web.url());
      await expect(page.getByRole("alert")).toContainText(t("boot.found_server_down"));
    });
  });
}
