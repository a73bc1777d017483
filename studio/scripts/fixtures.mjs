// Writes the data of the fixture page anew, from the real program: the
// catalogue in both languages and the first rows of each node of the example.
// Needs bin/weft and the example's data (make build data).
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("../../", import.meta.url).pathname;
const out = new URL("../src/fixtures/", import.meta.url).pathname;
const weft = (...args) => JSON.parse(execFileSync(`${root}bin/weft`, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }));

const folders = `${root}internal/components/`;
const icons = new Map();
for (const folder of readdirSync(folders)) {
  let name;
  try {
    const source = readdirSync(folders + folder).filter((f) => f.endsWith(".go") && !f.endsWith("_test.go")).map((f) => readFileSync(`${folders}${folder}/${f}`, "utf8")).join("\n");
    name = /Name:\s+"([a-z_]+\.[a-z_]+)"/.exec(source)?.[1];
    if (name) icons.set(name, readFileSync(`${folders}${folder}/icon.svg`, "utf8").trim());
  } catch {
    // No component's folder.
  }
}

// What the list of the command line leaves out of a setting's schema.
const when = {
  "rows.sample": { rows: ["method", ["first", "every", "count"]], share: ["method", ["share"]], seed: ["method", ["share", "count"]], by: ["method", ["first", "every", "count"]] },
  "columns.group": { at: ["function", ["percentile"]], order: ["function", ["first", "last", "concat"]], separator: ["function", ["concat"]] },
  "tables.join": { nearest: ["kind", ["asof"]] },
};
const withWhen = (rules, f) => ({ ...f, ...(rules?.[f.key] && { when: { key: rules[f.key][0], in: rules[f.key][1] } }), ...(f.items && { items: f.items.map((i) => withWhen(rules, i)) }) });
for (const lang of ["en", "ru"]) {
  const list = weft("components", "--format", "json", "--lang", lang).map((c) => ({ ...c, icon: icons.get(c.name) ?? "", settings: c.settings.map((f) => withWhen(when[c.name], f)) }));
  writeFileSync(`${out}components.${lang}.json`, `${JSON.stringify(list)}\n`);
}

const typeOf = (values) => {
  const known = values.filter((v) => v !== null);
  if (known.every((v) => typeof v === "number")) return known.every(Number.isInteger) ? "integer" : "real";
  if (known.every((v) => typeof v === "boolean")) return "boolean";
  return known.every((v) => /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(v)) ? "timestamp" : "string";
};
const labels = { name: "Airport", city: "City", state: "State", flights: "Late flights", mean_delay: "Mean delay, min", long_share: "Later than an hour, %", hours_lost: "Hours lost" };
const previews = {};
for (const node of ["flights", "airports", "delayed", "located", "lost", "by_airport", "rounded", "worst", "top"]) {
  const rows = weft("preview", "examples/flights.weft", "--node", node, "--limit", "80", "--exact", "--format", "json");
  const names = Object.keys(rows[0]);
  previews[node] = { columns: names.map((n) => ({ name: n, label: labels[n] ?? "", type: typeOf(rows.map((r) => r[n])), usage: "" })), rows: rows.map((r) => names.map((n) => r[n])) };
}
writeFileSync(`${out}previews.json`, `${JSON.stringify(previews)}\n`);
