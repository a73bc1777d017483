import { expect, test } from "vitest";
import type { Components, ComponentSpec } from "../graph/catalogue";
import { sniff } from "./sniff";

const spec = (name: string): ComponentSpec => ({ name, version: 1, title: name, summary: "", icon: "", inputs: [], outputs: [], settings: [] });
const components: Components = new Map(["input.text", "input.parquet"].map((n) => [n, spec(n)]));

const bytes = (...parts: (string | number[])[]) => parts.map((p) => new Uint8Array(typeof p === "string" ? [...p].map((c) => c.charCodeAt(0)) : p));
const wide = (text: string) => [...text].flatMap((c) => [c.charCodeAt(0) % 256, c.charCodeAt(0) >> 8]);
const wideBig = (text: string) => [...text].flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) % 256]);

test.each<[string, string, Uint8Array<ArrayBuffer>[], unknown]>([
  ["a CSV", "a.csv", bytes("a,b\n1,2\n"), null],
  ["a CSV in Latin-1", "a.csv", bytes("n;stadt\n1;K\xf6ln\n"), null],
  ["a CSV in UTF-16 with its mark", "a.csv", bytes([0xff, 0xfe], wide("a;b\n1;2\n")), null],
  ["a CSV in UTF-16 without", "a.csv", bytes(wide("name;n\napple;1\n")), null],
  ["Russian in UTF-16 with its mark", "a.csv", bytes([0xff, 0xfe], wide("город;н\nжуковка;1\n")), null],
  ["Russian in UTF-16 the other way round", "a.csv", bytes([0xfe, 0xff], wideBig("город;н\nжуковка;1\n")), null],
  ["Russian in UTF-16 without", "a.csv", bytes(wide("город;число\r\nжуковка;1\r\nтула;22\r\n")), null],
  ["noise with a mark of UTF-16", "a.csv", bytes([0xff, 0xfe], Array.from({ length: 400 }, (_, i) => (i % 2 ? 0 : (i * 7) % 31))), "binary"],
  ["a header alone", "a.csv", bytes("a,b"), null],
  ["a letter", "A.TSV", bytes("a"), null],
  ["nothing", "a.csv", [], "empty"],
  ["empty lines", "a.csv", bytes("\n\r\n \n"), "empty"],
  ["a picture", "a.csv", bytes("\x89PNG\r\n\x1a\n", [0, 0, 0, 13]), "image"],
  ["a photo", "a.txt", bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16]), "image"],
  ["a PDF", "a.csv", bytes("%PDF-1.7\nplain enough"), "pdf"],
  ["a workbook", "a.csv", bytes("PK\x03\x04 and so on"), "zip"],
  ["a packed file", "a.csv", bytes([0x1f, 0x8b, 8, 0]), "packed"],
  ["a program", "a.csv", bytes("\x7fELF", [2, 1, 1, 0, 0, 0, 7, 0, 0, 3, 0]), "binary"],
  ["zeros", "a.csv", bytes(new Array<number>(100).fill(0)), "binary"],
  ["noise", "a.csv", bytes(Array.from({ length: 500 }, (_, i) => (i * 7 + 1) % 32 || 1)), "binary"],
  ["Parquet", "a.parquet", bytes("PAR1 data PAR1"), null],
  ["Parquet that was cut", "a.parquet", bytes("PAR1 data"), "parquet"],
  ["a CSV named Parquet", "a.parquet", bytes("a,b\n"), "parquet"],
  ["Parquet named CSV", "a.csv", bytes("PAR1 data PAR1"), "binary"],
  ["another ending", "a.xlsx", bytes("PK\x03\x04"), "unknown"],
  ["no ending", "README", bytes("text"), "unknown"],
])("%s", async (_what, name, parts, want) => expect(await sniff(components, new File(parts, name))).toBe(want));
