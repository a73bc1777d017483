import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The binary that is tested, as `make build` writes it. */
export const weft = process.env.WEFT ?? join(root, "bin/weft");

/** Where the harness keeps what it makes: certificates, and what failed tests left to look at. */
export const made = join(root, "bin/e2e");

/** The data of the examples. */
export const examples = join(root, "examples");

/** The pages for administrators, and the configurations beside them. */
export const admin = join(root, "docs/admin");
