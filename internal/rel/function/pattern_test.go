package function

import (
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// Regular expressions that would make large programs are refused.
func TestPatternsAreBounded(t *testing.T) {
	for pattern, want := range map[string]string{
		strings.Repeat("a", maxPattern):   "",
		strings.Repeat("a", maxPattern+1): "function.pattern_long",
		"(a{1000}){1000}":                 "function.pattern",
		"(a+)+$":                          "", // linear
	} {
		id := ""
		if _, err := compile(pattern); err != nil {
			id = errs.All(err)[0].Message.ID
		}
		if id != want {
			t.Errorf("%.20s…: %q, want %q", pattern, id, want)
		}
	}
}
