// Package rpc carries the services of proto/weft/v1: declared once,
// implemented once, and reached over gRPC on TCP and over the websocket of
// subprotocol weft.v1. It also has a client for each.
//
// A handler doesn't know which of the two called it: it finds who calls by
// CallerFrom, the language by Language, and its deadline in its context. Who
// may call what is decided here, by Rules and the Authenticator that the
// server is given; rights on a package or a file are for the handlers.
//
// The package must not know what the services do, nor how accounts are kept.
// DESIGN.md says why the frames are as they are.
package rpc
