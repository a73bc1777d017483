/** The websocket's subprotocol. */
export const subprotocol = "weft.v1";
