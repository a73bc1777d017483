// Package doctor goes the way of a browser step by step: from the name of the
// host to the page, server.json, the websocket and its first frame. It stops
// where the way ends, and says what is wrong, and which key of which
// component's configuration to change.
//
// It must not know the Server and the web server, but over the wire: what it
// says is what a browser on this machine meets.
package doctor
