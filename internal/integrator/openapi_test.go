package integrator

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the golden files")

func validJSON(s string) bool { return json.Valid([]byte(s)) }

// compiled is a JSON Schema out of a document.
func compiled(t *testing.T, text []byte, pointer string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("file:///doc.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("file:///doc.json#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

// The description is valid by the schema of OpenAPI 3.1, what it says of bodies
// is what parse takes, and the rest is looked at.
func TestOpenAPI(t *testing.T) {
	o := sample(t)
	text, err := json.MarshalIndent(openapi("delays", []*operation{o}, Config{Version: "1.0.0"}), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	schema, err := os.ReadFile("testdata/openapi-3.1-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(t, compiled(t, schema, ""), text); err != nil {
		t.Error(err)
	}
	golden(t, "testdata/openapi.json", string(text))
	request := compiled(t, text, "/paths/~1api~1v1~1delays~1by_airport/post/requestBody/content/application~1json/schema")
	for body, ok := range map[string]bool{
		`{"variables":{"needed":1},"input":[{"c_integer":1,"c_string":"a","c_date":null}]}`:      true,
		`{"variables":{"needed":1},"input":[{"c_integer":1,"c_string":"a","c_decimal":"1.50"}]}`: true,
		`{"variables":{"needed":1},"input":[{"c_integer":1}]}`:                                   false,
		`{"variables":{"needed":1},"input":[{"c_integer":"1","c_string":"a"}]}`:                  false,
		`{"variables":{"needed":1},"input":[{"c_integer":1,"c_string":null}]}`:                   false,
		`{"variables":{},"input":[]}`:                                                            false,
		`{"variables":{"needed":1},"input":[],"more":1}`:                                         false,
		`{"variables":{"needed":1,"v_boolean":true},"input":[]}`:                                 true,
		`{"variables":{"needed":1,"v_date":"today"},"input":[]}`:                                 false,
		`{"variables":{"needed":1,"unknown":"today"},"input":[]}`:                                false,
	} {
		_, err := parse(o, []byte(body))
		if (err == nil) != ok || (valid(t, request, []byte(body)) == nil) != ok {
			t.Errorf("%s: read %v, by the schema %v", body, err, valid(t, request, []byte(body)))
		}
	}
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "ru": "ru", "ru-RU,ru;q=0.9,en;q=0.8": "ru", "en-US,ru;q=0.9": "en", "de, ru;q=0.5, en;q=0.7": "en", "de": "en",
		"ru;q=x": "en", "EN;q=0.1,RU;q=0.2": "ru",
	} {
		r := &http.Request{Header: http.Header{"Accept-Language": {header}}}
		if got := language(r); got != want {
			t.Errorf("%q: %s", header, got)
		}
	}
}
