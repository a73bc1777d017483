// Package server implements the services of proto/weft/v1: one file a service,
// which turns what comes over the wire into calls of the packages that do the
// work, and their answers into messages. Who may do what is asked here, of
// auth, at every call.
//
// It holds no logic of documents, previews, runs or published services, and
// doesn't know whether a call came over TCP or over a websocket.
package server
