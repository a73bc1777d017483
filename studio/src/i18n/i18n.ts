import i18next, { type i18n } from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { useMemo } from "react";
import { catalogues, type Language, languages, type TextID } from "./catalogues";

/** Puts a text into the reader's language. */
export type Translate = (id: TextID, params?: Readonly<Record<string, string | number>>) => string;

/** The language of a browser that speaks some. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const w of wanted) {
    const found = languages.find((l) => w.toLowerCase().startsWith(l));
    if (found) return found;
  }
  return "en";
}

export async function startI18n(lng: Language): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance.use(initReactI18next).init({
    lng,
    fallbackLng: "en",
    keySeparator: false,
    nsSeparator: false,
    resources: { en: { translation: catalogues.en }, ru: { translation: catalogues.ru } },
    interpolation: { escapeValue: false },
  });
  return instance;
}

export function useText(): { t: Translate; language: Language; setLanguage: (l: Language) => void } {
  const { t, i18n } = useTranslation();
  const language = i18n.language === "ru" ? "ru" : "en";
  return useMemo(() => ({
    t: (id, params) => t(id, params ?? {}),
    language,
    setLanguage: (l) => void i18n.changeLanguage(l),
  }), [t, i18n, language]);
}
