import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The binary that is tested, as `make build` writes it. */
export const weft = process.env.WEFT ?? join(root, "bin/weft");

/** Where the harness keeps what it makes: certificates, and what failed tests left to look at. */
export const made = join(root, "bin/e2e");

/** The data of the examples. */
export const examples = join(root, "examples");

/** The first of these programs that is installed. */
export function installed(...paths: string[]): string | undefined {
  return paths.find((p) => existsSync(p));
}
