package document

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/weftworks/weft/internal/pack"
)

// reader keeps a copy by what a document tells.
type reader struct {
	tree   pack.Value
	number int64
	wholes int
}

func (r *reader) read(d *Document) error {
	s, changes, known := d.Since(r.number)
	for _, c := range changes {
		known = known && !c.Reload
	}
	if !known {
		tree, err := pack.ParseJSON(s.Outline.JSON())
		r.tree, r.number = tree, s.Number
		r.wholes++
		return err
	}
	for _, c := range changes {
		if c.Number != r.number+1 {
			return fmt.Errorf("event %d comes at %d", c.Number, r.number)
		}
		if err := pack.ApplyPatches(&r.tree, c.Patches); err != nil {
			return err
		}
		r.number = c.Number
	}
	return nil
}

// random makes a command that mostly fits.
func random(r *rand.Rand, account string, i int) pack.Command {
	node := func() string { return string(rune('a' + r.IntN(6))) }
	switch r.IntN(9) {
	case 0:
		return pack.AddNode{Workflow: "main", Node: pack.Node{ID: node(), Component: "x"}, Before: node()}
	case 1:
		return pack.RemoveNodes{Workflow: "main", Nodes: []string{node()}}
	case 2:
		return pack.Connect{Workflow: "main", Node: node(), Port: []string{"", "left"}[r.IntN(2)], From: pack.Ref{Node: node()}}
	case 3:
		return pack.MoveNodes{Workflow: "main", Places: []pack.Placement{{Node: node(), At: pack.Point{X: r.IntN(99)}}}}
	case 4:
		return pack.Paste{Workflow: "main", Nodes: []pack.Node{{ID: node(), Component: "y"}}}
	case 5:
		return pack.SetSetting{Workflow: "main", Node: node(), Path: pack.Path{{Key: node()}}, Value: pack.List(pack.Int(int64(i))), Unset: r.IntN(3) == 0}
	default:
		return pack.Rename{Workflow: "main", Node: node(), Label: fmt.Sprint(account, i)}
	}
}

// TestCopiesConverge lets several people edit, undo, and repeat what they
// think was lost, while readers fall behind and the Server is killed.
func TestCopiesConverge(t *testing.T) {
	const people, rounds, commands = 5, 4, 60
	f := newFixture(t, slow())
	acked := map[string]int64{} // by account and client's id
	readers := make([]*reader, people)
	for i := range readers {
		readers[i] = &reader{number: -1}
	}
	var mu sync.Mutex
	for round := range rounds {
		d := f.open()
		var all sync.WaitGroup
		for who := range people {
			all.Go(func() {
				r := rand.New(rand.NewPCG(uint64(round), uint64(who)))
				account := fmt.Sprint(who)
				for i := range commands {
					q := Request{Account: account, Client: fmt.Sprint(round, " ", i), Command: random(r, account, i)}
					act := []func(context.Context, Request) (Answer, error){d.Do, d.Do, d.Do, d.Undo, d.Redo}[r.IntN(5)]
					for range 1 + r.IntN(2) { // the answer was lost
						a, err := act(context.Background(), q)
						if err != nil {
							break
						}
						mu.Lock()
						if was, ok := acked[account+q.Client]; ok && was != a.Number {
							t.Errorf("%s %s was answered %d and %d", account, q.Client, was, a.Number)
						}
						acked[account+q.Client] = a.Number
						mu.Unlock()
					}
					if r.IntN(4) == 0 {
						if err := readers[who].read(d); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		all.Wait()
		agree(t, d, readers, acked)
		d.Release()
		f.crash(slow(), d)
	}
}

// agree compares all copies with the package, and the events with what was
// acknowledged.
func agree(t *testing.T, d *Document, readers []*reader, acked map[string]int64) {
	t.Helper()
	p, number := d.Current()
	want := string(pack.NewOutline(p).JSON())
	if got := string(d.State().Outline.JSON()); got != want {
		t.Fatalf("%s is shown, %s is there", got, want)
	}
	for i, r := range readers {
		if err := r.read(d); err != nil {
			t.Fatal(err)
		}
		whole, err := pack.ParseJSON([]byte(want))
		if err != nil || r.number != number || fmt.Sprint(r.tree) != fmt.Sprint(whole) {
			t.Errorf("reader %d has at %d\n%v, at %d is\n%v", i, r.number, r.tree, number, whole)
		}
		if r.wholes != 1 {
			t.Errorf("reader %d read the whole %d times", i, r.wholes)
		}
	}
	_, changes, known := d.Since(0)
	if !known || len(changes) != len(acked) {
		t.Errorf("%d were acknowledged, %d events are there", len(acked), len(changes))
	}
	for _, c := range changes {
		if acked[c.Account+c.Client] != c.Number {
			t.Errorf("event %d is %q of %s, which was answered %d", c.Number, c.Client, c.Account, acked[c.Account+c.Client])
		}
	}
}

// TestRing keeps the latest events, and never a gap.
func TestRing(t *testing.T) {
	var r ring
	for n := int64(1); n <= 3*maxRing; n++ {
		r.add(Change{Number: n, size: 10})
	}
	if list, ok := r.after(3*maxRing-maxRing/2, 3*maxRing); !ok || len(list) != maxRing/2 || list[0].Number != 3*maxRing-maxRing/2+1 {
		t.Error(len(list), ok)
	}
	if _, ok := r.after(1, 3*maxRing); ok {
		t.Error("an event is known after", maxRing, "others")
	}
	r.add(Change{Number: 4 * maxRing, size: maxRingBytes / 2})
	r.add(Change{Number: 4*maxRing + 1, size: maxRingBytes / 3})
	if list, ok := r.after(4*maxRing-1, 4*maxRing+1); !ok || len(list) != 2 {
		t.Error(list, ok)
	}
	if _, ok := r.after(4*maxRing-2, 4*maxRing+1); ok {
		t.Error("a gap is told")
	}
	r.add(Change{Number: 4*maxRing + 2, size: maxRingBytes / 3})
	if list, ok := r.after(4*maxRing+1, 4*maxRing+2); !ok || len(list) != 1 || r.bytes != maxRingBytes/3*2 {
		t.Error(list, ok, r.bytes)
	}
}
