package integrator

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/google/go-cmp/cmp"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// sample is an operation with a column and a variable of each type.
func sample(t testing.TB) *operation {
	t.Helper()
	types := []string{"boolean", "integer", "real", "decimal(6,2)", "string", "date", "time", "timestamp", "timestamptz"}
	table := &weftv1.TableSchema{}
	d := &weftv1.ServiceOperation{
		Service: "delays", Operation: "by_airport", Label: "Delays by airport", Note: "What it tells.\n", Idempotent: true,
		Input: table, Required: []string{"c_integer", "c_string"},
		Output: &weftv1.TableSchema{Columns: []*weftv1.Column{{Name: "n", Label: "Rows", Type: "integer"}, {Name: "text", Type: "string", Nullable: true}}},
	}
	for _, typ := range types {
		name := typ[:strings.IndexAny(typ+"(", "(")]
		table.Columns = append(table.Columns, &weftv1.Column{Name: "c_" + name, Type: typ, Nullable: name != "string"})
		value := `"x"`
		d.Variables = append(d.Variables, &weftv1.ServiceVariable{Name: "v_" + name, Type: typ, Label: "Label", Default: &value})
	}
	need := &weftv1.ServiceVariable{Name: "needed", Type: "integer"}
	d.Variables = append(d.Variables, need)
	one := "1"
	d.Variables[1].Default = &one
	o, ok := newOperation(d)
	if !ok {
		t.Fatal("the operation is not taken")
	}
	return o
}

// told spells what parse made of a body: the values of a good one, the faults
// of others.
func told(t testing.TB, o *operation, src string) string {
	t.Helper()
	r, err := parse(o, []byte(src))
	if f, ok := errors.AsType[*syntaxFault](err); ok {
		d := f.detail([]byte(src), "en")
		return fmt.Sprintf("400 %s %d:%d %s", d.Pointer, d.Line, d.Column, d.Detail)
	}
	if list, ok := errors.AsType[faults](err); ok {
		var out []string
		for _, f := range list {
			d := f.detail([]byte(src), "en")
			out = append(out, fmt.Sprintf("422 %s %d:%d %s", d.Pointer, d.Line, d.Column, strings.TrimSpace(d.Detail)))
		}
		return strings.Join(out, "\n")
	}
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(r.variables)
	if r.table == nil {
		return text
	}
	in, err := ipc.NewReader(bytes.NewReader(r.table))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Release()
	for in.Next() {
		b := in.RecordBatch()
		for i := range int(b.NumRows()) {
			text += "\n" + string(appendRow(nil, keysOf(b.Schema()), b, i))
		}
	}
	return text
}

// What bodies mean, and what is told of those that are wrong, stands in
// testdata/bodies.txt and is read like code.
func TestBodies(t *testing.T) {
	o := sample(t)
	const ok = `"variables":{"needed":1}`
	row := func(fields string) string {
		return `{` + ok + `,"input":[{"c_integer":1,"c_string":"a"` + fields + `}]}`
	}
	var got strings.Builder
	for _, tt := range []struct{ name, body string }{
		{"every type", row(`,"c_boolean":true,"c_real":1e2,"c_decimal":1.5,"c_date":"2026-01-31","c_time":"13:45","c_timestamp":"2026-01-31T13:45:00.5","c_timestamptz":"2026-01-31T13:45:00+03:00"`)},
		{"no rows", `{` + ok + `,"input":[]}`},
		{"blanks and escapes", " {\t\"variables\" :\n{\"needed\": 1 } ,\r\"input\":[ {\"c_integer\":-0,\"c_string\":\"\\u0416\\ud83d\\ude00\\n\"} ] } "},
		{"the largest integer, exact", strings.Replace(row(""), `"c_integer":1`, `"c_integer":9223372036854775807`, 1)},

		{"nothing", ""},
		{"a byte order mark", "\ufeff" + row("")},
		{"no object", "[1]"},
		{"trailing data", row("") + "x"},
		{"two values", row("") + "{}"},
		{"a key twice", `{"input":[],"input":[]}`},
		{"a key twice by escape", `{"input":[],"\u0069nput":[]}`},
		{"a column twice", row(`,"c_string":"b"`)},
		{"1e400", row(`,"c_real":1e400`)},
		{"NaN", row(`,"c_real":NaN`)},
		{"infinity", row(`,"c_real":-Infinity`)},
		{"a lone surrogate", row(`,"c_date":"\ud800"`)},
		{"surrogates in the wrong order", row(`,"c_date":"\udc00\ud800"`)},
		{"no UTF-8", row(",\"c_date\":\"\xff\"")},
		{"a control character", row(",\"c_date\":\"\n\"")},
		{"NUL", row(`,"c_date":"\u0000"`)},
		{"leading zero", row(`,"c_real":01`)},
		{"plus", row(`,"c_real":+1`)},
		{"trailing comma", `{"input":[],}`},
		{"comment", `{/**/}`},
		{"cut", `{"input":[{"c_integer":1`},
		{"__proto__", `{"__proto__":{},` + ok + `,"input":[]}`},
		{"unknown column", row(`,"c_strin":1`)},
		{"unknown variable", `{"variables":{"needed":1,"v_reall":1},"input":[]}`},
		{"missing column", `{` + ok + `,"input":[{"c_integer":1}]}`},
		{"missing table and variable", `{}`},
		{"null where none may be", strings.Replace(row(""), `"a"`, "null", 1)},
		{"null for a variable", `{"variables":{"needed":null},"input":[]}`},
		{"text for an integer", strings.Replace(row(""), `:1,"c_s`, `:"1","c_s`, 1)},
		{"a fraction for an integer", strings.Replace(row(""), `:1,"c_s`, `:1.0,"c_s`, 1)},
		{"too large an integer", strings.Replace(row(""), `:1,"c_s`, `:9223372036854775808,"c_s`, 1)},
		{"a number for a text", strings.Replace(row(""), `"a"`, "1", 1)},
		{"too many decimals", row(`,"c_decimal":"1.234"`)},
		{"too many digits", row(`,"c_decimal":12345.6`)},
		{"no day", row(`,"c_date":"2026-02-30"`)},
		{"an object for a value", row(`,"c_date":{"a":[1]}`)},
		{"rows that are none", `{` + ok + `,"input":[1,[]]}`},
		{"a table that is none", `{` + ok + `,"input":{}}`},
		{"two faults", `{` + ok + `,"input":[{"c_integer":"x","c_string":1}]}`},
		{"the place in the text", "{\n  \"input\": [\n    {\"Ж\": 1}]}"},
		{"a key with a slash", `{"a/b~":1,` + ok + `,"input":[]}`},
	} {
		fmt.Fprintf(&got, "# %s\n%q\n%s\n\n", tt.name, tt.body, told(t, o, tt.body))
	}
	golden(t, "testdata/bodies.txt", got.String())
}

// golden compares a text with a file, which -update writes.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// Abuse case 23: bombs are refused with their place.
func TestBombs(t *testing.T) {
	o := sample(t)
	for name, tt := range map[string]struct{ body, want string }{
		"10 MiB of [":    {strings.Repeat("[", 10<<20), "nested more than 64 deep"},
		"10 MiB of {":    {strings.Repeat(`{"a":`, 2<<20), "nested more than 64 deep"},
		"many faults":    {`{"input":[` + strings.TrimSuffix(strings.Repeat("1,", 1<<20), ",") + `]}`, "Here must stand an object"},
		"one long text":  {`{"input":"` + strings.Repeat("a", 10<<20) + `"}`, "Here must stand a list of rows"},
		"a long number":  {`{"variables":{"needed":` + strings.Repeat("9", 1<<20) + `}}`, "is no integer"},
		"nothing but \\": {`{"` + strings.Repeat(`\`, 1<<20), "This is no valid JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(t, o, tt.body); !strings.Contains(got, tt.want) || len(got) > 100_000 {
				t.Errorf("got %.300s", got)
			}
		})
	}
}

// What is taken is JSON by the standard library's reader, too.
func FuzzBody(f *testing.F) {
	for _, s := range []string{`{}`, `{"variables":{"needed":1},"input":[{"c_integer":1,"c_string":"a\u0041"}]}`, `[1e5]`, `{"a":{"b":[true,null]}}`} {
		f.Add(s)
	}
	o := sample(f)
	f.Fuzz(func(t *testing.T, src string) {
		r := &reader{src: []byte(src)}
		err := r.skip()
		if err == nil {
			err = r.end()
		}
		if err == nil && !validJSON(src) {
			t.Errorf("%q was taken", src)
		}
		told(t, o, src)
	})
}
