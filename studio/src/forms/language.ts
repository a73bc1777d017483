import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

// The formula language, as far as colours need it.

const words = new Set("and or not case when then else end is null between in like true false distinct from as".split(" "));

export const formulaLanguage = StreamLanguage.define<null>({
  token(s) {
    if (s.eatSpace()) return null;
    if (s.match(/^--.*/)) return "comment";
    if (s.match(/^'([^']|'')*'?/)) return "string";
    if (s.match(/^\[[^\]]*\]?/)) return "propertyName";
    if (s.match(/^\$[\p{L}_][\p{L}\p{N}_]*/u)) return "atom";
    if (s.match(/^\d+(\.\d+)?(e[+-]?\d+)?/i)) return "number";
    const word = s.match(/^[\p{L}_][\p{L}\p{N}_]*/u);
    if (word && word !== true) {
      if (words.has(word[0].toLowerCase())) return "keyword";
      return s.match(/^\s*\(/, false) ? "macroName" : "variableName";
    }
    s.next();
    return "operator";
  },
});

export const formulaColors = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.keyword, color: "var(--w-f-columns)", fontWeight: "600" },
  { tag: tags.string, color: "var(--w-done)" },
  { tag: tags.number, color: "var(--w-f-tables)" },
  { tag: tags.atom, color: "var(--w-stale)", fontWeight: "600" },
  { tag: tags.propertyName, color: "var(--w-f-input)" },
  { tag: tags.variableName, color: "var(--w-f-input)" },
  { tag: tags.macroName, color: "var(--w-f-rows)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--w-ink-3)", fontStyle: "italic" },
  { tag: tags.operator, color: "var(--w-ink-2)" },
]));
