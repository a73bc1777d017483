package reference

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/rel/function"
)

var update = flag.Bool("update", false, "rewrite the pages in docs/reference")

// The pages in docs/reference are those that the declarations give.
func TestUpToDate(t *testing.T) {
	folder := filepath.Join("..", "..", "docs", "reference")
	for _, p := range Pages(all.All(), function.Catalogue()) {
		t.Run(p.Name, func(t *testing.T) {
			file := filepath.Join(folder, p.Name)
			if *update {
				if err := os.MkdirAll(folder, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(p.Text), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			old, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(old), p.Text); d != "" {
				t.Errorf("out of date: run make generate (-file +declarations)\n%s", d)
			}
		})
	}
}

// Each setting and each function stands on the page of its language, and each
// link of the list of components leads to a heading.
func TestPagesAreWhole(t *testing.T) {
	pages := map[string]string{}
	for _, p := range Pages(all.All(), function.Catalogue()) {
		pages[p.Name] = p.Text
	}
	for _, def := range all.All() {
		for _, name := range []string{"components.md", "components.ru.md"} {
			if !strings.Contains(pages[name], "\n## "+def.Name+"\n") || !strings.Contains(pages[name], "(#"+anchor(def.Name)+")") {
				t.Errorf("%s does not tell %s", name, def.Name)
			}
		}
		for path, text := range def.Docs.Ru.Settings {
			if !strings.Contains(pages["components.ru.md"], text) {
				t.Errorf("components.ru.md does not tell %s of %s", path, def.Name)
			}
		}
	}
	for _, f := range function.Catalogue().All() {
		if !strings.Contains(pages["functions.md"], f.Help.En) || !strings.Contains(pages["functions.ru.md"], f.Help.Ru) {
			t.Errorf("the pages of functions do not tell %s", f.Name)
		}
	}
}
