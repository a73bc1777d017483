import { en } from "./en";
import { ru } from "./ru";

export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

/** All texts by language. Both hold the same ids; a test compares them. */
export const catalogues: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, ru };

type Bare<K extends string> = K extends `${infer B}_${"one" | "few" | "many" | "other"}` ? B : K;
/** Id of a text. */
export type TextID = Bare<keyof typeof en>;
