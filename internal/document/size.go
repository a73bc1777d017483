package document

import (
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
)

// size bounds how large the package's file would be. It is measured anew only
// when the bound is no longer good enough, since that costs as much as writing
// the file.
type size struct {
	known bool
	bound int // the size is at most this
}

// grow notes what an event puts in: its patches, and the comments that its
// record alone has.
func (s *size) grow(c Change, r journal.Record) {
	s.bound += (c.whole + len(r.Payload)) * pack.MaxGrowth
}

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
