// Package assets holds what make build puts into the program: Studio as it was
// built, and the examples with their data. A program that was built without it
// has neither Studio nor data, and one small example.
//
// Only cmd/weft imports it, so that no other binary carries its weight.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed all:studio
var studio embed.FS

//go:embed all:examples
var examples embed.FS

//go:embed fallback
var fallback embed.FS

// Studio is Studio as it was built, index.html at its root; nil: this program
// was built without.
func Studio() fs.FS { return within(studio, "studio", "index.html") }

// Examples are packages with their data. Those that need fetched data are
// there only in a program that make build made.
func Examples() fs.FS {
	if full := within(examples, "examples", "flights.weft"); full != nil {
		return full
	}
	return within(fallback, "fallback", "start.weft")
}

// within is a folder of an embedded file system, if it has a file.
func within(f embed.FS, folder, file string) fs.FS {
	sub, err := fs.Sub(f, folder)
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(sub, file); err != nil {
		return nil
	}
	return sub
}
