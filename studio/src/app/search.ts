/** Things whose words hold all that is looked for, the best first: those whose first word begins with it. */
export function rank<T>(all: readonly T[], words: string, textsOf: (x: T) => readonly string[]): T[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return [...all];
  const scored = all.flatMap((x) => {
    const texts = textsOf(x).map((s) => s.toLowerCase());
    const scores = parts.map((p) => score(texts, p));
    return scores.some((s) => s === 0) ? [] : [{ x, score: scores.reduce((a, b) => a + b, 0) }];
  });
  return scored.sort((a, b) => b.score - a.score).map((s) => s.x);
}

/** 0: nowhere. The first text counts most, and the beginning of a word more than its middle. */
function score(texts: readonly string[], part: string): number {
  let best = 0;
  texts.forEach((text, i) => {
    const at = text.indexOf(part);
    if (at < 0) return;
    const start = at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? "");
    best = Math.max(best, (at === 0 ? 4 : start ? 3 : 1) * (i === 0 ? 4 : 2) - (i > 0 ? 1 : 0));
  });
  return best;
}
