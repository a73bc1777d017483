package document

import (
	"github.com/weftworks/weft/internal/pack"
)

// size bounds how large the package's file would be. It is measured anew only
// when the bound is no longer good enough, since that costs as much as writing
// the file.
type size struct {
	known bool
	bound int // the size is at most this
}

// grow notes what an event puts in.
func (s *size) grow(c Change) { s.bound += c.whole * pack.MaxGrowth }

// fits says why the package as it is now would make a file that nobody could
// open again; nil: it would not.
func (d *Document) fits() error {
	limit := d.hub.options.MaxBytes
	if d.size.known && d.size.bound <= limit {
		return nil
	}
	n, err := pack.SizeOf(d.doc.Package())
	if err == nil && n > limit {
		err = pack.TooLarge()
	}
	if err != nil {
		d.size = size{}
		return err
	}
	d.size = size{known: true, bound: n}
	return nil
}
