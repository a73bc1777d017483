import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { trusted } from "./certificates";
import { type Components, freePort } from "./components";
import { admin } from "./places";
import { Program } from "./program";

/** What a configuration of docs/admin is changed to, as an administrator would. */
export interface Site {
  /** A file of docs/admin. */
  readonly file: string;
  /** The folder of Studio's files. */
  readonly studio?: string;
  /** Port of the Server, or of weft web, by the port that the file names. */
  readonly behind: Readonly<Record<number, number>>;
}

/** A foreign web server at work, and its port for https. */
export interface Foreign {
  readonly program: Program;
  readonly port: number;
}

async function configured(site: Site): Promise<{ text: string; plain: number; port: number }> {
  const plain = await freePort();
  const port = await freePort();
  const { cert, key } = trusted();
  let text = readFileSync(join(admin, site.file), "utf8")
    .replaceAll("weft.example.org", "weft.example")
    .replaceAll("/etc/weft/tls/weft.pem", cert).replaceAll("/etc/weft/tls/weft.key", key)
    .replaceAll("/var/www/weft", site.studio ?? "/nonexistent")
    .replaceAll("listen 80;", `listen 127.0.0.1:${plain};`).replaceAll("listen 443 ", `listen 127.0.0.1:${port} `)
    .replaceAll("*:80>", `127.0.0.1:${plain}>`).replaceAll("*:443>", `127.0.0.1:${port}>`)
    .replaceAll("bind :80", `bind 127.0.0.1:${plain}`).replaceAll("bind :443", `bind 127.0.0.1:${port}`);
  for (const [from, to] of Object.entries(site.behind)) text = text.replaceAll(`127.0.0.1:${from}`, `127.0.0.1:${to}`);
  return { text, plain, port };
}

/** nginx with a file of docs/admin. */
export async function nginx(components: Components, site: Site): Promise<Foreign> {
  const dir = readable(components.folder());
  const { text, port } = await configured(site);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((p) => `${p}_temp_path ${dir}/${p};`).join(" ");
  writeFileSync(join(dir, "site.conf"), text);
  writeFileSync(join(dir, "nginx.conf"), `daemon off; pid ${dir}/pid; error_log stderr; events {}
http { access_log off; include /etc/nginx/mime.types; default_type application/octet-stream; ${paths} include ${dir}/site.conf; }\n`);
  return listening(components.also(Program.start("nginx", ["-p", dir, "-c", join(dir, "nginx.conf")])), port);
}

const modules = ["mpm_event", "authz_core", "alias", "dir", "mime", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl"];

/** Apache httpd with a file of docs/admin. */
export async function apache(components: Components, site: Site): Promise<Foreign> {
  const dir = readable(components.folder());
  const { text, plain, port } = await configured(site);
  const load = modules.map((m) => `LoadModule ${m}_module /usr/lib/apache2/modules/mod_${m}.so`).join("\n");
  writeFileSync(join(dir, "apache.conf"), `ServerRoot ${dir}\nServerName weft.example\nPidFile ${dir}/pid\nMutex file:${dir}\nErrorLog ${dir}/error.log\nDefaultRuntimeDir ${dir}
${load}\nTypesConfig /etc/mime.types\nUser www-data\nGroup www-data\nListen 127.0.0.1:${plain}\nListen 127.0.0.1:${port}\n${text}\n`);
  return listening(components.also(Program.start("apache2", ["-f", join(dir, "apache.conf"), "-DFOREGROUND"])), port);
}

/** HAProxy with a file of docs/admin. */
export async function haproxy(components: Components, site: Site): Promise<Foreign> {
  const dir = readable(components.folder());
  const { text, port } = await configured(site);
  const { cert, key } = trusted();
  const both = join(dir, "both.pem");
  writeFileSync(both, readFileSync(cert, "utf8") + readFileSync(key, "utf8"));
  writeFileSync(join(dir, "haproxy.cfg"), text.replaceAll("/etc/weft/tls/weft-with-key.pem", both));
  return listening(components.also(Program.start("haproxy", ["-f", join(dir, "haproxy.cfg")], {}, 128 + 15)), port);
}

/** Caddy with a file of docs/admin; its nonces are put into the folder of Studio's files as the page says. */
export async function caddy(components: Components, site: Site): Promise<Foreign> {
  const dir = readable(components.folder());
  const { text, plain, port } = await configured(site);
  const index = join(site.studio ?? "", "index.html");
  writeFileSync(index, readFileSync(index, "utf8").replaceAll("__WEFT_NONCE__", `{{placeholder "http.request.uuid"}}`));
  writeFileSync(join(dir, "Caddyfile"), `{
	admin off
	http_port ${plain}
	https_port ${port}
	default_bind 127.0.0.1
	skip_install_trust
}
${text}`);
  const home = { HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir };
  return listening(components.also(Program.start("caddy", ["run", "--config", join(dir, "Caddyfile"), "--adapter", "caddyfile"], home)), port);
}

/** A folder that the accounts of web servers may look into. */
export function readable(dir: string): string {
  if (!existsSync(dir)) mkdirSync(dir);
  chmodSync(dir, 0o755);
  return dir;
}

/** These programs do not say when they listen, so they are asked. */
async function listening(program: Program, port: number): Promise<Foreign> {
  while (program.running) {
    const there = await new Promise<boolean>((done) => {
      const s = connect(port, "127.0.0.1");
      s.on("connect", () => s.end(() => done(true)));
      s.on("error", () => done(false));
    });
    if (there) return { program, port };
    await pause(10);
  }
  throw new Error(`${program.name} ended:\n${program.log()}`);
}
