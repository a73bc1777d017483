import { isList, isMap, type Json } from "./json";

// JSON as the Server spells it, to the digit: whole numbers are of 64 bits
// there, and JavaScript's own reading rounds what is beyond 2^53. Such numbers
// are bigint here; all others are numbers.

/** Reads a value. Throws SyntaxError for what is no JSON. */
export function parseJson(text: string): Json {
  // Hardly any package has so long a number, and the browser reads the others faster.
  return /\d{16}/.test(text) ? new Reader(text).whole() : (JSON.parse(text) as Json);
}

/** A whole number: bigint only where a number would lose digits. */
export function wholeNumber(v: bigint): number | bigint {
  return v >= BigInt(Number.MIN_SAFE_INTEGER) && v <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(v) : v;
}

/** Spells a value on one line, or with each item on a line of its own, further in by `step`. What is undefined in a map is left out. */
export function spellJson(v: Json, step = "", pad = ""): string {
  if (typeof v === "bigint") return String(v);
  if (isList(v)) return wrap("[", v.map((x) => spellJson(x, step, pad + step)), "]", step, pad);
  if (!isMap(v)) return spellScalar(v);
  const entries = Object.entries(v).filter(([, x]) => (x as Json | undefined) !== undefined);
  return wrap("{", entries.map(([k, x]) => `${JSON.stringify(k)}:${step && " "}${spellJson(x, step, pad + step)}`), "}", step, pad);
}

/** Whole numbers that were read are bigint beyond 2^53: a number is one of floating point there. */
function spellScalar(v: null | boolean | number | string): string {
  const text = JSON.stringify(v);
  return Number.isInteger(v) && !Number.isSafeInteger(v) && !text.includes("e") ? `${text}.0` : text;
}

function wrap(open: string, items: readonly string[], close: string, step: string, pad: string): string {
  if (step === "" || items.length === 0) return open + items.join(",") + close;
  return `${open}\n${items.map((i) => pad + step + i).join(",\n")}\n${pad}${close}`;
}

const space = /[ \t\n\r]*/y;
const scalar = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Goes through a text once. What single words may be is for JSON.parse to say. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): Json {
    const v = this.value();
    this.match(space);
    if (this.at < this.text.length) throw this.wrong();
    return v;
  }

  private value(): Json {
    if (this.takes("[")) {
      const list: Json[] = [];
      this.items("]", () => list.push(this.value()));
      return list;
    }
    if (!this.takes("{")) return this.scalar();
    const entries: [string, Json][] = [];
    this.items("}", () => {
      const key = this.scalar();
      if (typeof key !== "string" || !this.takes(":")) throw this.wrong();
      entries.push([key, this.value()]);
    });
    return Object.fromEntries(entries);
  }

  private items(end: string, one: () => void) {
    if (this.takes(end)) return;
    do one(); while (this.takes(","));
    if (!this.takes(end)) throw this.wrong();
  }

  private scalar(): Json {
    this.match(space);
    const word = this.match(scalar);
    if (word === "") throw this.wrong();
    return /^-?[1-9]\d*$/.test(word) ? wholeNumber(BigInt(word)) : (JSON.parse(word) as Json);
  }

  private takes(sign: string): boolean {
    this.match(space);
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private match(what: RegExp): string {
    what.lastIndex = this.at;
    const found = what.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private wrong(): SyntaxError {
    return new SyntaxError(`this is no JSON at ${this.at}`);
  }
}
