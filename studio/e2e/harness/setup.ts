import { existsSync, rmSync } from "node:fs";
import { authority, trusted, untrusted } from "./certificates";
import { made, weft } from "./places";

/** Before all tests: certificates that are valid for this run. */
export default function setup() {
  if (!existsSync(weft)) throw new Error(`${weft} is missing: make build writes it`);
  authority();
  trusted();
  untrusted();
  rmSync(`${made}/results`, { recursive: true, force: true });
}
