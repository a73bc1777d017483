import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { localStore } from "./app/view";
import { browserWorld } from "./app/world";
import { pickLanguage, startI18n } from "./i18n/i18n";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
const kept = localStore()?.getItem("weft.language");
const language = pickLanguage(kept ? [kept] : navigator.languages);
void startI18n(language).then((i18n) => createRoot(root).render(<App world={browserWorld(new URL(window.location.href))} i18n={i18n} />));
