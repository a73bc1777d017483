// Ids of nodes, made from a label as the Server makes them: transliterated to
// a-z, 0-9 and _, with a number behind when they are taken.

const longest = 40;
const first = "а".charCodeAt(0);
const table =
  "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e iu ia".split(" ");
const others: Readonly<Record<string, string>> = {
  ё: "e", є: "e", і: "i", ї: "i", ґ: "g", ў: "u", ј: "j",
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i",
};

/** An id out of a label that is not taken. */
export function newID(label: string, taken: (id: string) => boolean): string {
  let base = transliterate(label) || "node";
  if (/^\d/.test(base)) base = `n${base}`;
  let id = base;
  for (let n = 2; taken(id); n++) id = `${base}_${n}`;
  return id;
}

function transliterate(label: string): string {
  let out = "";
  let gap = false;
  for (const c of label.toLowerCase().normalize("NFC")) {
    const s = latin(c);
    if (s === "") {
      gap ||= !/\p{Mn}/u.test(c) && c !== "ъ" && c !== "ь";
      continue;
    }
    if (gap && out !== "") out += "_";
    gap = false;
    out += s;
    if (out.length >= longest) break;
  }
  return out.replace(/_+$/, "");
}

function latin(c: string): string {
  const at = c.charCodeAt(0) - first;
  if (at >= 0 && at < table.length) return table[at] ?? "";
  const other = others[c];
  if (other !== undefined) return other;
  return c.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "");
}
