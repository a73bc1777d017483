package pack_test

import (
	"testing"

	"github.com/weftworks/weft/internal/pack"
)

func TestHeadLabel(t *testing.T) {
	for _, c := range []struct{ name, head, want string }{
		{"plain", "weft: 1\nlabel: Flight delays\nworkflows:\n  main:\n    label: Inner\n", "Flight delays"},
		{"quoted", "weft: 1\r\nlabel: \"Ann's: a \\\"b\\\"\" # said so\r\n", `Ann's: a "b"`},
		{"behind comments and a mark", "\ufeff# Ours.\nweft: 1\n# What.\nlabel: Задержки\n", "Задержки"},
		{"behind variables", "weft: 1\nvariables:\n  label: {type: integer}\nlabel: Late\n", "Late"},
		{"none", "weft: 1\nworkflows:\n  main:\n    label: Inner\n", ""},
		{"no package", "label: Something\n", ""},
		{"no text", "weft: 1\nlabel: [a]\n", ""},
		{"a number", "weft: 1\nlabel: 12\n", ""},
		{"cut", "weft: 1\nlabel: \"Late", ""},
		{"no text file", "PAR1\x00\xffweft:", ""},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := pack.HeadLabel([]byte(c.head)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
