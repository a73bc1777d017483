package document

import "github.com/weftworks/weft/internal/pack"

// Change is one event as those who watch are told.
type Change struct {
	Number  int64
	Account string // whose step it is; pack.Outside: nobody's
	Name    string
	Client  string // the client's id of the command
	Action  pack.Action
	Of      int64 // the event that is undone, or the undo that is redone
	Patches []pack.Patch
	Reload  bool // the patches would be too large: the whole is to be read anew
	size    int
	whole   int // size as it was before the patches were found too large
}

// MaxPatches bounds the patches of an event, in bytes.
const MaxPatches = 256 << 10

func newChange(e pack.Event, before, after *pack.Outline) Change {
	c := Change{
		Number: e.Seq, Account: e.Person, Name: e.Name, Client: e.Client, Action: e.Action, Of: e.Of,
		Patches: pack.Patches(before, after), size: 200,
	}
	for _, p := range c.Patches {
		c.size += len(p.JSON) + len(p.Before) + 40
		for _, step := range p.Path {
			c.size += len(step) + 10
		}
	}
	if c.whole = c.size; c.size > MaxPatches {
		c.Patches, c.Reload, c.size = nil, true, 200
	}
	return c
}

// The latest events are kept for those who lag or come back. Whoever needs
// older ones reads the whole.
const (
	maxRing      = 4096
	maxRingBytes = 4 << 20
)

// ring is the latest events, by number without gaps.
type ring struct {
	list  []Change
	bytes int
}

func (r *ring) add(c Change) {
	r.list = append(r.list, c)
	r.bytes += c.size
	if n := len(r.list); n > 1 && r.list[n-2].Number != c.Number-1 {
		*r = ring{list: []Change{c}, bytes: c.size}
	}
	if r.bytes <= maxRingBytes && len(r.list) <= maxRing {
		return
	}
	drop := 0 // some more than needed, so that it is not done each time
	for r.bytes > maxRingBytes*3/4 || len(r.list)-drop > maxRing*3/4 {
		r.bytes -= r.list[drop].size
		drop++
	}
	// A copy, since readers have parts of the old one.
	r.list = append(make([]Change, 0, maxRing), r.list[drop:]...)
}

// after returns the events after a number up to the last one; false when they
// are no longer known.
func (r *ring) after(number, last int64) ([]Change, bool) {
	n := last - number
	if n < 0 || n > int64(len(r.list)) {
		return nil, false
	}
	list := r.list[len(r.list)-int(n):]
	return list[:len(list):len(list)], true
}
