package document

import (
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

// note sets the note of a workflow, which makes its file larger.
func note(text string) Request {
	return Request{Account: "1", Command: pack.SetNote{Workflow: "main", Note: text}}
}

// A package grows only as far as its file can be opened again: what would be
// larger is refused, whether it is done, or brought back by an undo. What was
// acknowledged is there after a restart.
func TestPackagesStayReadable(t *testing.T) {
	o := slow()
	o.MaxBytes = 100_000
	f := newFixture(t, o)
	d := f.open()
	big := strings.Repeat("x", 60_000)
	do(t, d, label("1", strings.Repeat("a", 50_000)))
	do(t, d, label("1", "small again"))
	for i := range 100 { // each small, and measured now and then
		do(t, d, label("2", strings.Repeat("b", i)))
	}
	if _, err := d.Do(t.Context(), note(strings.Repeat(big, 2))); errs.KindOf(err) != errs.Invalid {
		t.Errorf("too large: %v", err)
	}
	do(t, d, note(big))
	if _, err := d.Do(t.Context(), label("1", strings.Repeat("a", 50_000))); errs.KindOf(err) != errs.Invalid {
		t.Errorf("too large together: %v", err)
	}
	do(t, d, note(""))
	do(t, d, label("1", strings.Repeat("a", 50_000)))
	if _, err := d.Undo(t.Context(), Request{Account: "1"}); err != nil { // of the label
		t.Fatal(err)
	}
	do(t, d, label("3", strings.Repeat("c", 50_000)))
	if _, err := d.Undo(t.Context(), Request{Account: "1"}); errs.KindOf(err) != errs.Invalid { // of taking the note away
		t.Errorf("an undo made it too large: %v", err)
	}
	number := do(t, d, label("3", "small")).Number
	d.Release()
	f.restart(o)
	d = f.open()
	defer d.Release()
	if p, n := d.Current(); n != number || p.Label != "small" || p.Workflow("main").Note != "" {
		t.Errorf("after a restart: event %d of %d, label %.20q, note %.20q", n, number, p.Label, p.Workflow("main").Note)
	}
}
