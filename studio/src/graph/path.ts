// Paths of settings, spelled as the Server does: measures[1].column, and
// ["a key"] for keys that are no plain words.

export type Step = string | number;
export type SettingPath = readonly Step[];

const plain = /^[\p{L}_][\p{L}\p{N}_]*$/u;

export function spellPath(path: SettingPath): string {
  let out = "";
  for (const step of path) {
    if (typeof step === "number") out += `[${step}]`;
    else if (!plain.test(step)) out += `[${JSON.stringify(step)}]`;
    else out += out === "" ? step : `.${step}`;
  }
  return out;
}

/** Reads what spellPath wrote; null for what is no path. */
export function readPath(s: string): SettingPath | null {
  const steps: Step[] = [];
  let rest = s;
  while (rest !== "") {
    const bracket = /^\[(0|[1-9]\d*|"(?:[^"\\]|\\.)*")\]/.exec(rest);
    if (bracket?.[1] !== undefined) {
      try {
        steps.push(JSON.parse(bracket[1]) as Step);
      } catch {
        return null;
      }
      rest = rest.slice(bracket[0].length);
      continue;
    }
    if (steps.length > 0) {
      if (!rest.startsWith(".")) return null;
      rest = rest.slice(1);
    }
    const word = /^[^.[]*/.exec(rest)?.[0] ?? "";
    if (!plain.test(word)) return null;
    steps.push(word);
    rest = rest.slice(word.length);
  }
  return steps;
}

/** The path as keys of the tree. */
export function treePath(path: SettingPath): string[] {
  return path.map(String);
}
