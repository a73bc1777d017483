package server

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/rel/function"
)

// What Studio's fixture says of components, the catalogue says too: both have
// the shape of Studio's ComponentSpec.
func TestEntriesAreWhatStudioReads(t *testing.T) {
	made, err := NewCatalogue(nil, component.NewCatalogue(all.All()), function.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	c := made.(*catalogue)
	for _, lang := range []string{"en", "ru"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "studio", "src", "fixtures", "components."+lang+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var want []map[string]any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		got := map[string]map[string]any{}
		for _, e := range c.lists[lang].GetEntries() {
			if e.GetKind() != weftv1.EntryKind_ENTRY_KIND_COMPONENT {
				continue
			}
			content := c.entries[e.GetHash()]
			if len(content) > 256<<10 {
				t.Errorf("%s takes %d bytes", e.GetName(), len(content))
			}
			var one map[string]any
			if err := json.Unmarshal([]byte(content), &one); err != nil {
				t.Fatal(err)
			}
			got[e.GetName()] = one
		}
		for _, w := range want {
			name, _ := w["name"].(string)
			if got[name] == nil {
				t.Errorf("%s is not in the catalogue", name)
				continue
			}
			sameKeys(t, name, w, got[name])
		}
	}
	if c.lists["en"].GetHash() == c.lists["ru"].GetHash() {
		t.Error("the languages share a hash")
	}
}

// sameKeys wants every key of a map, and of the maps in it, with a value of the
// same kind: texts change as the pages of components do.
func sameKeys(t *testing.T, path string, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s is %T", path, got)
			return
		}
		for k, v := range w {
			if g[k] == nil {
				t.Errorf("%s has no %s", path, k)
				continue
			}
			sameKeys(t, path+"."+k, v, g[k])
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) < len(w) {
			t.Errorf("%s is %T of %d, not %d", path, got, len(g), len(w))
			return
		}
		for i := range w {
			sameKeys(t, path, w[i], g[i])
		}
	}
}
