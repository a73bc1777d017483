import { subprotocol } from "./protocol";

/** Opens a websocket and closes it again; rejects when it can't be opened, of which a browser says no more. */
export function probe(address: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, subprotocol);
    const end = (how: () => void) => {
      signal.removeEventListener("abort", failed);
      socket.onopen = socket.onerror = socket.onclose = null;
      socket.close();
      how();
    };
    const failed = () => end(() => reject(new Error(`no connection to ${address}`)));
    socket.onopen = () => end(resolve);
    socket.onerror = socket.onclose = failed;
    signal.addEventListener("abort", failed);
    if (signal.aborted) failed();
  });
}
