package archtest

import (
	"testing"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
)

// Every component has a title, a summary, a text for each setting and a label
// for each port in both languages, and an icon.
func TestComponentHelp(t *testing.T) {
	list := all.All()
	if len(list) < 13 {
		t.Fatalf("the catalogue holds %d components", len(list))
	}
	var pieces []Help
	for _, d := range list {
		of, en, ru := "component "+d.Name, d.Docs.En, d.Docs.Ru
		pieces = append(pieces, Help{of + ", title", en.Title, ru.Title}, Help{of + ", summary", en.Summary, ru.Summary})
		for _, path := range settings("", component.Describe(d.Settings())) {
			pieces = append(pieces, Help{of + ", setting " + path, en.Settings[path], ru.Settings[path]})
		}
		for _, p := range append(d.Inputs[:len(d.Inputs):len(d.Inputs)], d.Outputs...) {
			pieces = append(pieces, Help{of + ", port " + p.Name, p.Label.En, p.Label.Ru})
		}
		if d.Docs.Icon == "" {
			t.Errorf("%s has no icon", of)
		}
	}
	report(t, CheckHelp(pieces))
}

// settings lists the paths of settings as pages spell them: measures.column.
func settings(prefix string, fields []component.Field) []string {
	var out []string
	for _, f := range fields {
		if f.Key == "" {
			continue // the elements of a list of plain values
		}
		out = append(out, prefix+f.Key)
		out = append(out, settings(prefix+f.Key+".", f.Items)...)
	}
	return out
}
