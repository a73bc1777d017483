package job

import (
	"testing"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/component/componenttest"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

// A panic in the work on a package fails its run alone.
func TestPanic(t *testing.T) {
	s := newSite(t, func(o *Options) {
		o.Runner.Catalogue = component.NewCatalogue(append(all.All(), componenttest.Panics()))
	})
	id := s.start(t, "ann", "", func(q *Request) {
		p, err := pack.Decode([]byte("weft: 1\nworkflows:\n  main:\n    nodes:\n      a: {component: test.panics}\n"), "p.weft")
		if err != nil {
			t.Fatal(err)
		}
		q.Package = p
	})
	if got := s.last(t, id); got.State != Failed || len(got.Errors) != 1 || got.Errors[0].Kind != errs.Internal {
		t.Errorf("ended with %+v", got)
	}
	other := s.start(t, "ann", "")
	s.working(t, 1)
	close(s.gate.open)
	if got := s.last(t, other); got.Errors[0].Kind != errs.Exhausted {
		t.Errorf("the next run: %+v", got)
	}
}
