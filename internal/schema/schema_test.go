package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/weftworks/weft/internal/components/all"
)

// compiled is the schema, which must itself be one of its dialect.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(Package(all.All(), "en"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("weft.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("weft.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance reads YAML as the JSON that a validator sees.
func instance(t *testing.T, src []byte) any {
	t.Helper()
	var tree any
	if err := yaml.Unmarshal(src, &tree); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestExamplesConform(t *testing.T) {
	files, err := filepath.Glob("../../examples/*.weft")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	s := compiled(t)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(instance(t, src)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestWrongPackagesAreFound(t *testing.T) {
	node := func(text string) string {
		return "weft: 1\nworkflows:\n  main:\n    nodes:\n      a: " + text + "\n"
	}
	tests := []struct {
		name, src string
		ok        bool
	}{
		{"a variable in a setting's place", node("{component: rows.sample, settings: {method: first, rows: {var: n}}}"), true},
		{"no settings", node("{component: rows.distinct}"), true},
		{"no version", "label: x\n", false},
		{"unknown key", "weft: 1\nlable: x\n", false},
		{"unknown component", node("{component: rows.fliter}"), false},
		{"no component", node("{label: x}"), false},
		{"unknown setting", node("{component: rows.filter, settings: {formla: a}}"), false},
		{"setting of another kind", node("{component: rows.sort, settings: {keys: origin}}"), false},
		{"setting that is missing", node("{component: input.parquet, settings: {}}"), false},
		{"unknown choice", node("{component: rows.sample, settings: {method: frist}}"), false},
		{"bad id", "weft: 1\nworkflows:\n  main:\n    nodes:\n      A b: {component: rows.distinct}\n", false},
		{"bad type", "weft: 1\nvariables:\n  n: {type: integr}\n", false},
		{"good type", "weft: 1\nvariables:\n  n: {type: \"decimal(10,2)\"}\n", true},
		{"odd want", "weft: 1\ntests:\n  t: {want: {a: {uniqe: [x]}}}\n", false},
	}
	s := compiled(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := s.Validate(instance(t, []byte(tt.src))); (err == nil) != tt.ok {
				t.Errorf("got %v, want valid: %t", err, tt.ok)
			}
		})
	}
}
