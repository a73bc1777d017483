import { Refused } from "../api/backend";
import { openSocket, subprotocol } from "../api/connect";
import type { World } from "./boot";

/** The world as a browser gives it. */
export function browserWorld(page: URL): World {
  return {
    page,
    async fetchText(url, signal) {
      const answer = await fetch(url, { signal, cache: "no-store", credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    },
    async connect(address, signal) {
      const socket = await openSocket(address, signal);
      socket.close();
      const text = `${address}: ${subprotocol}`;
      throw new Refused([{ id: "studio.no_service", kind: "unavailable", text, place: { workflow: "", node: "", setting: "" } }]);
    },
    pause: (ms, signal) => new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(new Error("aborted"));
      }, { once: true });
    }),
  };
}
