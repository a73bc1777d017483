// Package web is the web server: it hands out Studio and server.json under
// /app/, ends TLS, and, when asked to, passes websockets on to the Server.
//
// It is as if on another host than the Server, which it knows by an address
// alone: it must not know the services, the documents nor who may see them,
// and of a websocket it sees the handshake and after that only bytes.
package web
