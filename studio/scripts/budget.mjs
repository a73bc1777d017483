// Checks what a browser loads before it shows anything: the entry and all that
// it imports at once, gzipped. What loads on demand does not count.
import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";

const budget = { js: 210, css: 45 }; // KiB
// What loads on demand, by its source.
const later = { "src/api/decode.ts": 20, "src/grid/DataGrid.tsx": 230, "src/forms/FormulaEditor.tsx": 120, "src/screen/Screen.tsx": 120 }; // KiB
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const chunks = new Set();
const walk = (name) => {
  if (chunks.has(name)) return;
  chunks.add(name);
  for (const next of manifest[name].imports ?? []) walk(next);
};
walk("index.html");

const size = (file) => gzipSync(readFileSync(new URL(file, dist))).length / 1024;
const total = { js: 0, css: 0 };
for (const name of chunks) {
  total.js += size(manifest[name].file);
  for (const css of manifest[name].css ?? []) total.css += size(css);
}
const over = Object.keys(budget).filter((k) => total[k] > budget[k]);
for (const k of Object.keys(budget)) console.log(`first ${k} ${total[k].toFixed(0)} KiB of ${budget[k]}`);
for (const [name, most] of Object.entries(later)) {
  const kib = manifest[name] ? size(manifest[name].file) : Infinity;
  console.log(`${name} ${kib.toFixed(0)} KiB of ${most}`);
  if (kib > most) over.push(name);
}
if (Object.values(manifest).some((c) => c.src?.includes("fixtures/"))) {
  console.error("studio: fixtures are in the bundle");
  process.exit(1);
}
if (over.length > 0) {
  console.error(`studio: over the budget: ${over.join(", ")}`);
  process.exit(1);
}
// Nobody needs it any more: what is left is what web servers hand out.
rmSync(new URL(".vite/", dist), { recursive: true });
