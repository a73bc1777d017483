package textoutput

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/rel"
)

func TestHeader(t *testing.T) {
	schema := rel.Schema{{Name: "a"}, {Name: "b", Label: "=B, sum"}, {Name: "c", Label: "two\nlines"}}
	tests := map[string]struct {
		s    Settings
		want []string
	}{
		"labels":               {Settings{Header: HeaderLabels, Quote: DoubleQuote}, []string{"a", "=B, sum", "two\nlines"}},
		"names":                {Settings{Header: HeaderNames, Quote: DoubleQuote}, []string{"a", "b", "c"}},
		"none":                 {Settings{Header: HeaderNone}, nil},
		"safe for spreadsheet": {Settings{Header: HeaderLabels, SpreadsheetSafe: true}, []string{"a", "'=B, sum", "two\nlines"}},
		"without quotes":       {Settings{Header: HeaderLabels, Quote: NoQuote, Delimiter: ","}, []string{"a", "=B  sum", "two lines"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := tt.s.format(schema)
			if d := cmp.Diff(tt.want, f.Labels); d != "" || f.Header != (tt.want != nil) {
				t.Errorf("header %t, labels %s", f.Header, d)
			}
		})
	}
}
