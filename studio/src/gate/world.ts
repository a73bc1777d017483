import type { i18n } from "i18next";
import { LoadError } from "../api/load";
import { pause } from "../api/pause";
import { probe } from "../api/probe";
import type { TokenStore } from "../api/session";
import type { Entry, World } from "./boot";
import { enter } from "./enter";
import { freshID } from "../app/ids";
import { localStore } from "../app/view";

/** The world as a browser gives it. The token is that of the page's address; empty: none. */
export function browserWorld(page: URL, texts: i18n, token: string): World {
  let once = token;
  // What speaks to the Server loads while its address is looked for.
  const get = () => import("../api/server");
  let program: ReturnType<typeof get> | undefined = get();
  program.catch(() => (program = undefined)); // asked for again where it is wanted
  return {
    page,
    async fetchText(url, signal) {
      const answer = await fetch(url, { signal, cache: "no-store", credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    },
    async connect(address, signal): Promise<Entry> {
      const { Server } = await (program ?? get()).catch((err: unknown) => {
        throw new LoadError(err);
      });
      await probe(address, signal);
      const server = new Server({
        url: address, client: clientName(navigator.userAgent), language: () => (texts.language === "ru" ? "ru" : "en"), tokens: sessionTokens(),
        say: (id) => texts.t(id), keep: localStore(), newID: freshID,
      });
      const give = () => server.close();
      signal.addEventListener("abort", give, { once: true });
      const notes = await enter(server.door, once);
      once = "";
      texts.on("languageChanged", () => server.door.languageChanged());
      return { door: server.door, backend: server, notes };
    },
    async ask(url, signal) {
      return (await fetch(url, { signal, cache: "no-store", credentials: "omit" })).status;
    },
    pause,
  };
}

const key = "weft.session";

/** The session's token is the tab's: it goes with it, and no cookie ever has it. */
function sessionTokens(): TokenStore {
  let token: string | undefined; // where storage is closed to the page, for as long as the page lives
  return {
    load() {
      try {
        return window.sessionStorage.getItem(key) ?? token;
      } catch {
        return token;
      }
    },
    save(t) {
      token = t;
      try {
        if (t === undefined) window.sessionStorage.removeItem(key);
        else window.sessionStorage.setItem(key, t);
      } catch {
        // Closed to the page.
      }
    },
  };
}

/** What the list of sessions shows of this tab: browser and system, as far as the browser says so. */
export function clientName(agent: string): string {
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrom(e|ium)\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  const system = /Windows/.test(agent) ? "Windows" : /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Mac OS/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return ["Studio", browser, system].filter(Boolean).join(", ");
}
