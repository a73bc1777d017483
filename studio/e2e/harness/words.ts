import { catalogues, type Language } from "../../src/i18n/catalogues";

/** The texts of the screen, so that tests name what people see. */
export function words(lang: Language): (id: string, params?: Readonly<Record<string, string>>) => string {
  return (id, params = {}) => {
    const text = catalogues[lang][id];
    if (text === undefined) throw new Error(`there is no text ${id}`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => params[name] ?? "");
  };
}
