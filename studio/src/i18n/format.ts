import type { Language } from "./catalogues";

// The one place where numbers, dates and sizes become text.

export interface Format {
  /** A whole number with its thousands apart. */
  count(n: number): string;
  /** A number with at most some digits behind the separator. */
  number(n: number, digits?: number): string;
  percent(share: number): string;
  /** Bytes, with the unit that fits. */
  size(bytes: number): string;
  when(d: Date): string;
  /** As short as it may be: the time of this year's days, days alone of others. */
  day(d: Date): string;
  /** Milliseconds, as a person says it. */
  duration(ms: number): string;
}

const made = new Map<Language, Format>();

export function format(language: Language): Format {
  let f = made.get(language);
  if (!f) made.set(language, (f = make(language)));
  return f;
}

function make(language: Language): Format {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const number = (n: number, digits = 6) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(n);
  const units = { en: ["B", "kB", "MB", "GB", "TB"], ru: ["Б", "кБ", "МБ", "ГБ", "ТБ"] }[language];
  const near = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
  const far = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const unit = (n: number, name: string, digits: number) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits }).format(n);
  return {
    count: (n) => whole.format(n),
    number,
    percent: (share) => percent.format(share),
    size: (bytes) => {
      const i = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
      return `${number(bytes / 1000 ** i, i === 0 ? 0 : 1)}\u00a0${units[i] ?? ""}`;
    },
    when: (d) => when.format(d),
    day: (d) => (d.getFullYear() === new Date().getFullYear() ? near : far).format(d),
    duration: (ms) => (ms < 1000 ? unit(Math.round(ms), "millisecond", 0) : ms < 60000 ? unit(ms / 1000, "second", 1) : unit(ms / 60000, "minute", 1)),
  };
}
