import { createRoot } from "react-dom/client";
import { App } from "./App";
import { takeToken } from "./gate/enter";
import { localStore } from "./app/view";
import { browserWorld } from "./gate/world";
import { pickLanguage, startI18n } from "./i18n/i18n";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
const token = takeToken(window.location, window.history);
// An address with a token that is opened in this very tab changes its fragment only.
window.addEventListener("hashchange", () => {
  if (window.location.hash.startsWith("#token=")) window.location.reload();
});
const kept = localStore()?.getItem("weft.language");
const language = pickLanguage(kept ? [kept] : navigator.languages);
void startI18n(language).then((i18n) => createRoot(root).render(<App world={browserWorld(new URL(window.location.href), i18n, token)} i18n={i18n} />));
