import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import type { LaunchOptions } from "@playwright/test";
import { authority } from "./certificates";

/** Names that stand for hosts of a network in the tests. */
export const hosts = ["weft.example", "server.example", "foreign.example"] as const;

/** Chromium as Debian has it; rules say where a name, or a name with a port, leads to. */
export function chromium(rules: readonly string[] = hosts.map((h) => `MAP ${h} 127.0.0.1`)): LaunchOptions {
  return {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-quic",
      `--host-resolver-rules=${rules.join(",")}`,
      // The tests' own authority is believed, and no other; the flag names it by its key.
      `--ignore-certificate-errors-spki-list=${authorityKey()}`,
    ],
  };
}

function authorityKey(): string {
  const key = createPublicKey(readFileSync(authority().cert));
  return createHash("sha256").update(key.export({ type: "spki", format: "der" })).digest("base64");
}
