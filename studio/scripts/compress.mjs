// Puts a Brotli and a gzip form beside each file that web servers can then
// hand out as it is. The page itself changes with each request and stays plain.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const assets = new URL("../dist/assets/", import.meta.url);
for (const name of readdirSync(assets).filter((n) => /\.(js|css)$/.test(n))) {
  const data = readFileSync(new URL(name, assets));
  writeFileSync(new URL(`${name}.br`, assets), brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
  writeFileSync(new URL(`${name}.gz`, assets), gzipSync(data, { level: 9 }));
}
