// Package address reads server.json and forms the address of the websocket
// from it and from the address of Studio's page.
//
// It does no input or output: Studio does the same in TypeScript, and both run the cases of
// testdata/address-vectors.json. It must not know who hands the file out, nor
// who connects.
package address
