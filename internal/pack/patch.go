package pack

import (
	"bytes"
	"slices"
	"strconv"
)

// PatchOp is what a patch does at its place.
type PatchOp uint8

// The operations of patches.
const (
	PatchSet    PatchOp = iota // the value at the place is JSON; a key of a map that is not there is added before Before
	PatchRemove                // the key or item goes
	PatchInsert                // a new item of a list is put before the position
)

// Patch changes one place of an outline.
type Patch struct {
	Path   []string // keys of maps, and positions in lists from 0
	Op     PatchOp
	JSON   []byte // of PatchSet and PatchInsert
	Before string // empty: at the end
}

// Patches returns what makes outline b out of a, in order: carried out on the
// JSON of a they give the JSON of b, to the byte. What both share costs nothing.
func Patches(a, b *Outline) []Patch {
	d := &differ{}
	d.outlines(nil, a, b)
	return d.out
}

type differ struct{ out []Patch }

func (d *differ) add(op PatchOp, path []string, json []byte, before string) {
	d.out = append(d.out, Patch{Path: slices.Clone(path), Op: op, JSON: json, Before: before})
}

func under(path []string, key string) []string { return append(path[:len(path):len(path)], key) }

func (d *differ) outlines(path []string, a, b *Outline) {
	switch {
	case a == b:
	case a.nested && b.nested:
		d.keys(path, keyed{
			len(a.kids), len(b.kids),
			func(i int) string { return a.kids[i].key },
			func(i int) string { return b.kids[i].key },
			func(i, j int) {
				if a.kids[i] != b.kids[j] {
					d.outlines(under(path, a.kids[i].key), a.kids[i], b.kids[j])
				}
			},
			func(j int) []byte { return b.kids[j].JSON() },
			b.JSON,
		})
	case !a.nested && !b.nested && bytes.Equal(a.json, b.json):
	default:
		// Both were spelled by appendJSON, which parseJSON reads.
		v, _ := parseJSON(a.JSON())
		w, _ := parseJSON(b.JSON())
		d.values(path, &v, &w)
	}
}

func spelled(v *Value) []byte { return appendJSON(nil, v) }

func (d *differ) values(path []string, v, w *Value) {
	switch {
	case v.Kind == MapValue && w.Kind == MapValue:
		d.keys(path, keyed{
			len(v.Map), len(w.Map),
			func(i int) string { return v.Map[i].Key },
			func(i int) string { return w.Map[i].Key },
			func(i, j int) { d.values(under(path, v.Map[i].Key), &v.Map[i].Value, &w.Map[j].Value) },
			func(j int) []byte { return spelled(&w.Map[j].Value) },
			func() []byte { return spelled(w) },
		})
	case v.Kind == ListValue && w.Kind == ListValue:
		d.lists(path, v.List, w.List)
	default:
		if now := spelled(w); !bytes.Equal(spelled(v), now) {
			d.add(PatchSet, path, now, "")
		}
	}
}

// lists compares lists: what they have in common at both ends stays, the
// items between are changed in pairs, and the rest comes or goes.
func (d *differ) lists(path []string, a, b []Value) {
	same := func(v, w *Value) bool { return bytes.Equal(spelled(v), spelled(w)) }
	from := 0
	for from < min(len(a), len(b)) && same(&a[from], &b[from]) {
		from++
	}
	end := 0
	for end < min(len(a), len(b))-from && same(&a[len(a)-1-end], &b[len(b)-1-end]) {
		end++
	}
	a, b = a[from:len(a)-end], b[from:len(b)-end]
	both := min(len(a), len(b))
	at := func(i int) []string { return under(path, strconv.Itoa(from+i)) }
	for i := range both {
		d.values(at(i), &a[i], &b[i])
	}
	for i := len(a) - 1; i >= both; i-- {
		d.add(PatchRemove, at(i), nil, "")
	}
	for i := both; i < len(b); i++ {
		d.add(PatchInsert, at(i), spelled(&b[i]), "")
	}
}
