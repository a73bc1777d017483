// Every row of the address table that leads to an address, each component a
// process of its own: Studio signs in over it and shows what the Server has.
import { trusted } from "./harness/certificates";
import type { RunningServer } from "./harness/components";
import { signInFirst } from "./harness/studio";
import { expect, test } from "./harness/test";

interface Row {
  readonly name: string;
  readonly page: "http" | "https";
  /** The Server's websocket is encrypted. */
  readonly encrypted: boolean;
  readonly proxy?: boolean;
  /** What the administrator's server.json says; the port of the Server is put in for N. Left out: the web server makes it. */
  readonly file?: string;
  /** The address that Studio opens; N is the Server's port. */
  readonly address: string;
}

const rows: Row[] = [
  { name: "http, both ports null", page: "http", encrypted: false, file: "{}", address: "ws://weft.example:8080/ws" },
  { name: "http, wsport", page: "http", encrypted: false, file: `{"wsport": N}`, address: "ws://weft.example:N/ws" },
  { name: "http, made by the web server", page: "http", encrypted: false, address: "ws://weft.example:N/ws" },
  { name: "http, wssport alone", page: "http", encrypted: true, file: `{"wssport": N}`, address: "wss://weft.example:N/ws" },
  { name: "http, secure", page: "http", encrypted: true, file: `{"secure": true}`, address: "wss://weft.example:8443/ws" },
  { name: "http, secure and wssport, made by the web server", page: "http", encrypted: true, address: "wss://weft.example:N/ws" },
  { name: "https, secure", page: "https", encrypted: true, file: `{"secure": true}`, address: "wss://weft.example:8443/ws" },
  { name: "https, secure and wssport, made by the web server", page: "https", encrypted: true, address: "wss://weft.example:N/ws" },
  { name: "https, both ports null", page: "https", encrypted: true, file: "{}", address: "wss://weft.example:8443/ws" },
  { name: "https, wssport", page: "https", encrypted: true, file: `{"wssport": N}`, address: "wss://weft.example:N/ws" },
  { name: "http, proxy", page: "http", encrypted: false, proxy: true, address: "ws://weft.example/ws/" },
  { name: "https, proxy", page: "https", encrypted: false, proxy: true, address: "wss://weft.example/ws/" },
  { name: "https, proxy to an encrypted Server", page: "https", encrypted: true, proxy: true, address: "wss://weft.example/ws/" },
  { name: "https, proxy, not secure, to an encrypted Server", page: "https", encrypted: true, proxy: true, file: `{"wsproxy": true}`, address: "wss://weft.example/ws/" },
];

/** Where the tests' names lead: the pages on their own ports, the Server on its own and on the defaults. */
function ways(server: RunningServer, web: number, page: "http" | "https"): string[] {
  return [
    `MAP weft.example:${page === "http" ? 80 : 443} 127.0.0.1:${web}`,
    `MAP weft.example:${server.encrypted ? 8443 : 8080} 127.0.0.1:${server.port}`,
    `MAP weft.example:${server.port} 127.0.0.1:${server.port}`,
  ];
}

for (const row of rows) {
  test(row.name, async ({ components, mapped }) => {
    const server = await components.server({ certificate: row.encrypted ? trusted() : undefined });
    const web = await components.web({
      server, proxy: row.proxy, certificate: row.page === "https" ? trusted() : undefined,
      serverJSON: row.file?.replace("N", String(server.port)),
    });
    const page = await mapped(ways(server, web.port, row.page));
    const asked = new Set<string>();
    page.on("request", (r) => asked.add(new URL(r.url()).origin));
    const opened = page.waitForEvent("websocket");
    await page.goto(`${row.page}://weft.example/app/`);
    const address = row.address.replace("N", String(server.port));
    expect((await opened).url()).toBe(address);
    await signInFirst(page, server);
    await expect(page.getByRole("link", { name: "user", exact: true })).toBeVisible();
    // By a real name and without encryption the browser gives no secure context.
    expect(await page.evaluate(() => window.isSecureContext)).toBe(row.page === "https");
    // But for the websocket Studio asks nobody but the web server.
    expect([...asked]).toEqual([`${row.page}://weft.example`]);
    expect(await page.context().cookies()).toEqual([]);
  });
}

// A page without encryption that is to connect through the web server, always
// encrypted: the port for it is https's own.
test("http, proxy, secure", async ({ components, mapped }) => {
  const server = await components.server();
  const file = `{"wsproxy": true, "secure": true}`;
  const plain = await components.web({ server, serverJSON: file });
  const encrypted = await components.web({ server, serverJSON: file, proxy: true, certificate: trusted() });
  const page = await mapped([`MAP weft.example:80 127.0.0.1:${plain.port}`, `MAP weft.example:443 127.0.0.1:${encrypted.port}`]);
  const opened = page.waitForEvent("websocket");
  await page.goto("http://weft.example/app/");
  expect((await opened).url()).toBe("wss://weft.example/ws/");
  await signInFirst(page, server);
});

test("a Server on a host of its own", async ({ components, mapped }) => {
  const server = await components.server({ flags: ["--websocket-origins", "http://weft.example"] });
  const web = await components.web({ server, flags: ["--server-host", "server.example"] });
  const page = await mapped([`MAP weft.example:80 127.0.0.1:${web.port}`, `MAP server.example:${server.port} 127.0.0.1:${server.port}`]);
  const opened = page.waitForEvent("websocket");
  await page.goto("http://weft.example/app/");
  expect((await opened).url()).toBe(`ws://server.example:${server.port}/ws`);
  await signInFirst(page, server);
});
