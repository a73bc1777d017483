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

/** Text has hardly any control characters, and zeros only as every second byte, in UTF-16. */
function isText(head: Uint8Array): boolean {
  const zeros = [0, 0];
  let odd = 0;
  head.forEach((b, i) => {
    if (b === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
    else if (b < 9 || (b > 13 && b < 32 && b !== 26 && b !== 27)) odd++;
  });
  const [even = 0, other = 0] = zeros;
  const wide = begins(head, "\xff\xfe") || begins(head, "\xfe\xff") || (Math.min(even, other) === 0 && Math.max(even, other) > head.length / 8);
  return (wide || even + other === 0) && odd <= head.length / 100;
}
