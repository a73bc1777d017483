// The websocket's address, from server.json and the page's own address. The
// rules are those of the Server's side; address-vectors.json is run by both.

export interface ServerJson {
  readonly host: string | null;
  readonly wsport: number | null;
  readonly wssport: number | null;
  readonly wsproxy: boolean;
  readonly path: string;
  readonly secure: boolean;
}

/** Why there is no address. The id names the message that people read. */
export interface Refusal {
  readonly id: RefusalID;
  readonly params: Readonly<Record<string, string>>;
  /** The key of server.json to change; empty when it is the file as a whole. */
  readonly key: string;
}

export type RefusalID =
  | "address.not_json"
  | "address.not_object"
  | "address.unknown_key"
  | "address.bad_host"
  | "address.bad_port"
  | "address.bad_boolean"
  | "address.bad_path"
  | "address.unencrypted_from_encrypted_page";

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const defaults: ServerJson = { host: null, wsport: null, wssport: null, wsproxy: false, path: "ws/", secure: false };

function refuse<T>(id: RefusalID, key = "", value?: unknown): Result<T> {
  const shown = value === undefined ? "" : JSON.stringify(value);
  return { ok: false, refusal: { id, key, params: { key, value: shown } } };
}

/** Reads server.json, strictly: the whole file is checked before any of it is used. */
export function readServerJson(text: string): Result<ServerJson> {
  let v: unknown;
  try {
    v = JSON.parse(text);
  } catch {
    return refuse("address.not_json");
  }
  if (typeof v !== "object" || v === null || Array.isArray(v)) return refuse("address.not_object");
  const found: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(v)) {
    const bad = check(key, value);
    if (bad) return refuse(bad, key, value);
    found[key] = value;
  }
  return { ok: true, value: found as unknown as ServerJson };
}

/** What is wrong with a key; null when nothing is. */
function check(key: string, value: unknown): RefusalID | null {
  switch (key) {
    case "host":
      return value === null || (typeof value === "string" && asciiHost(value) !== null) ? null : "address.bad_host";
    case "wsport":
    case "wssport":
      return value === null || isPort(value) ? null : "address.bad_port";
    case "wsproxy":
    case "secure":
      return typeof value === "boolean" ? null : "address.bad_boolean";
    case "path":
      return typeof value === "string" && isPath(value) ? null : "address.bad_path";
    default:
      return "address.unknown_key";
  }
}

function isPort(v: unknown): boolean {
  return typeof v === "number" && Number.isInteger(v) && v >= 1 && v <= 65535;
}

function isPath(s: string): boolean {
  const parts = s.replace(/^\//, "").split("/");
  return /^[A-Za-z0-9._~/-]+$/.test(s) && parts[0] !== "" && parts.every((p, i) => p !== "." && p !== ".." && (p !== "" || i === parts.length - 1));
}

/** A host as it stands in an address: names in ASCII, IPv6 in brackets; null for what is no host. */
function asciiHost(host: string): string | null {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  if (/^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(bare)) return parsedHost(`[${bare}]`);
  if (bare !== host || bare === "" || /[\s/\\?#@:%[\]]/u.test(bare)) return null;
  return parsedHost(bare);
}

function parsedHost(host: string): string | null {
  try {
    return new URL(`http://${host}`).hostname || null;
  } catch {
    return null;
  }
}

/** The address of the websocket, with its port; or why there is none. */
export function websocketAddress(page: URL, s: ServerJson): Result<string> {
  const encryptedPage = page.protocol === "https:";
  if (s.wsproxy) return { ok: true, value: proxyAddress(page, s, encryptedPage) };
  const host = s.host === null ? page.hostname : asciiHost(s.host);
  if (host === null) return refuse("address.bad_host", "host", s.host);
  const plain = !s.secure && !encryptedPage;
  if (plain && (s.wsport !== null || s.wssport === null)) return { ok: true, value: `ws://${host}:${s.wsport ?? 8080}/ws` };
  if (!s.secure && s.wsport !== null && s.wssport === null) {
    return refuse("address.unencrypted_from_encrypted_page", "wsport", s.wsport);
  }
  return { ok: true, value: `wss://${host}:${s.wssport ?? 8443}/ws` };
}

function proxyAddress(page: URL, s: ServerJson, encryptedPage: boolean): string {
  const path = s.path.replace(/^\//, "");
  if (encryptedPage) return `wss://${page.hostname}:${page.port || "443"}/${path}`;
  if (s.secure) return `wss://${page.hostname}:443/${path}`;
  return `ws://${page.hostname}:${page.port || "80"}/${path}`;
}

/** From the text of server.json straight to the address. */
export function addressFrom(page: URL, text: string): Result<string> {
  const read = readServerJson(text);
  return read.ok ? websocketAddress(page, read.value) : read;
}
