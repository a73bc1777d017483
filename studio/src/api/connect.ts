/** The websocket's subprotocol. */
export const subprotocol = "weft.v1";

/** Opens the websocket; rejects when it can't be opened, of which a browser says no more. */
export function openSocket(address: string, signal: AbortSignal): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, subprotocol);
    socket.binaryType = "arraybuffer";
    const failed = () => reject(new Error(`no connection to ${address}`));
    const abort = () => {
      socket.close();
      failed();
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.onerror = failed;
    socket.onclose = failed;
    socket.onopen = () => {
      signal.removeEventListener("abort", abort);
      socket.onerror = null;
      socket.onclose = null;
      resolve(socket);
    };
  });
}
