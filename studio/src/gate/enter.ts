import { type Problem, Refused } from "../api/backend";
import type { Door } from "../api/door";

/**
 * Goes in with what the page has: the token of the address, which can be used
 * once, else the session that this tab keeps. Returns why the token was no
 * good. Rejects when the Server can't be reached.
 */
export async function enter(door: Door, token: string): Promise<readonly Problem[]> {
  let notes: readonly Problem[] = [];
  if (token !== "") {
    try {
      await door.signIn({ kind: "oneTimeToken", token });
      return [];
    } catch (err) {
      if (!(err instanceof Refused)) throw err;
      if (err.problems.some((p) => p.id === "studio.lost")) throw err;
      notes = err.problems;
    }
  }
  // Whoever is in needs no reason why a second token was not taken.
  return (await door.takeUp()) ? [] : notes;
}

const fragment = /^#token=([^&]+)(?:&to=(\/[^&]*))?$/;

/**
 * Takes the token out of the page's address, so that no history keeps it, and
 * leaves what the address leads to; empty: there is none.
 */
export function takeToken(location: Pick<Location, "hash" | "pathname" | "search">, history: Pick<History, "replaceState">): string {
  const [, found, to = "/"] = fragment.exec(location.hash) ?? [];
  if (found === undefined) return "";
  history.replaceState(null, "", `${location.pathname}${location.search}#${to}`);
  try {
    return decodeURIComponent(found);
  } catch {
    return "";
  }
}
