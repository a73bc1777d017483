package componenttest

import (
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
)

// Panics is a component test.panics, which does nothing else: for those who
// must stand what a component does wrong.
func Panics() *component.Definition {
	return &component.Definition{
		Name: "test.panics", Version: 1, Outputs: []component.Port{{Name: "out"}},
		Settings: func() component.Settings { return &panics{} },
	}
}

type panics struct{}

// Bind implements component.Settings.
func (*panics) Bind(*component.Binder) {}

// Compile implements component.Compiler.
func (*panics) Compile(*component.Context, []rel.Rel) ([]rel.Rel, error) {
	panic("a component like none")
}
