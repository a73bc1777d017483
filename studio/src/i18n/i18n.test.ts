import { describe, expect, test } from "vitest";
import { catalogues } from "./catalogues";
import { format } from "./format";
import { pickLanguage, startI18n } from "./i18n";

const plural = /_(one|few|many|other)$/;
const bare = (m: Readonly<Record<string, string>>) => new Set(Object.keys(m).map((k) => k.replace(plural, "")));
const params = (s: string) => [...s.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort().join();

describe("texts", () => {
  test("both languages hold the same ids", () => {
    expect([...bare(catalogues.ru)].sort()).toEqual([...bare(catalogues.en)].sort());
  });
  test("both languages speak of the same parameters", () => {
    for (const [id, text] of Object.entries(catalogues.ru)) {
      const other = catalogues.en[id] ?? catalogues.en[`${id.replace(plural, "")}_other`] ?? "";
      expect(`${id}: ${params(text)}`).toBe(`${id}: ${params(other)}`);
    }
  });
  test("Russian is Russian", () => {
    for (const [id, text] of Object.entries(catalogues.ru)) {
      if (!["app.name", "cmd.group.app", "settings.id"].includes(id) && !/^\{\{[^}]+\}\}[^\p{L}]*(\{\{|$)|^\{\{/u.test(text)) expect(text).toMatch(/[а-яё]/i);
    }
  });
  test("plurals", async () => {
    const i = await startI18n("ru");
    const say = (count: number) => i.t("settings.many", { count });
    expect([1, 3, 5, 21].map(say)).toEqual(["Выделен 1 узел", "Выделено 3 узла", "Выделено 5 узлов", "Выделен 21 узел"]);
  });
});

describe("language of the browser", () => {
  test.each([
    [["ru-RU", "en"], "ru"],
    [["de", "en-GB", "ru"], "en"],
    [["de"], "en"],
    [[], "en"],
  ])("%j is %s", (wanted, want) => {
    expect(pickLanguage(wanted)).toBe(want);
  });
});

describe("format", () => {
  const nb = (s: string) => s.replace(/[\u00a0\u202f]/g, " ");
  test("English", () => {
    const f = format("en");
    expect([f.count(3000000), f.number(0.1234567), f.size(1234), f.size(0), f.duration(850), f.duration(2400)].map(nb)).toEqual([
      "3,000,000", "0.123457", "1.2 kB", "0 B", "850 ms", "2.4 sec",
    ]);
  });
  test("days of this year have their time, others their year", () => {
    const now = new Date();
    expect(format("en").day(new Date(now.getFullYear(), 4, 7, 15, 4))).toMatch(/^May 7, 3:04.PM$/);
    expect(format("en").day(new Date(2001, 4, 7, 15, 4))).toBe("May 7, 2001");
  });
  test("Russian", () => {
    const f = format("ru");
    expect([f.count(3000000), f.number(1.5), f.size(502e6)].map(nb)).toEqual(["3 000 000", "1,5", "502 МБ"]);
  });
});
