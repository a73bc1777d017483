import type { Components } from "../graph/catalogue";
import { sourceOf } from "./add";

/** Why a file can't be read in a workflow, as far as its beginning and its end tell. */
export type Unreadable = "unknown" | "empty" | "image" | "pdf" | "zip" | "packed" | "binary" | "parquet";

/** How much of a file is looked at, in bytes. */
const most = 8192;

/** Looks at a file before it is sent; null: nothing speaks against it. */
export async function sniff(components: Components, file: File): Promise<Unreadable | null> {
  const spec = sourceOf(components, file.name);
  if (!spec) return "unknown";
  if (file.size === 0) return "empty";
  const head = new Uint8Array(await file.slice(0, most).arrayBuffer());
  if (spec.name === "input.parquet") {
    const tail = new Uint8Array(await file.slice(-4).arrayBuffer());
    return begins(head, "PAR1") && begins(tail, "PAR1") ? null : "parquet";
  }
  if (file.size <= most && /^\s*$/.test(new TextDecoder().decode(head))) return "empty";
  return known(head) ?? (isText(head) ? null : "binary");
}

const marks: readonly (readonly [string, Unreadable])[] = [
  ["\x89PNG", "image"], ["\xff\xd8\xff", "image"], ["GIF8", "image"], ["%PDF-", "pdf"], ["PK\x03\x04", "zip"], ["\xd0\xcf\x11\xe0", "zip"],
  ["\x1f\x8b", "packed"], ["BZh", "packed"], ["\xfd7zXZ", "packed"], ["7z\xbc\xaf", "packed"], ["\x28\xb5\x2f\xfd", "packed"], ["PAR1", "binary"], ["SQLite format 3", "binary"],
];

function known(head: Uint8Array): Unreadable | undefined {
  return marks.find(([mark]) => begins(head, mark))?.[1];
}

/** Whether bytes begin with a text of Latin-1. */
function begins(bytes: Uint8Array, mark: string): boolean {
  return [...mark].every((c, i) => bytes[i] === c.charCodeAt(0));
}

/** Text has hardly any control characters, and no zeros. */
function isText(head: Uint8Array): boolean {
  const low = lowByte(head);
  const units = low === null ? head : Uint16Array.from({ length: head.length >> 1 }, (_, i) => (head[2 * i + low] ?? 0) + 256 * (head[2 * i + 1 - low] ?? 0));
  const odd = units.filter((u) => u < 9 || (u > 13 && u < 32 && u !== 26 && u !== 27)).length;
  return !units.includes(0) && odd <= units.length / 100;
}

/** In UTF-16, which byte of a pair is the low one: by the mark at the beginning, or since the other one is zero often and this one never. */
function lowByte(head: Uint8Array): 0 | 1 | null {
  if (begins(head, "\xff\xfe")) return 0;
  if (begins(head, "\xfe\xff")) return 1;
  const zeros = [0, 1].map((at) => head.filter((b, i) => b === 0 && i % 2 === at).length);
  const [even = 0, other = 0] = zeros;
  if (Math.min(even, other) > 0 || Math.max(even, other) <= head.length / 8) return null;
  return other > 0 ? 0 : 1;
}
