package config

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/weftworks/weft/internal/errs"
)

// MaxFile is the size in bytes of the largest configuration file that is read.
const MaxFile = 1 << 20

var tooLarge = errs.Message{
	ID: "config.too_large",
	En: "The configuration file is larger than {limit} bytes.",
	Ru: "Файл конфигурации больше {limit} байт.",
}

// document is a configuration file: its values and tables by path, with where
// they stand.
type document struct {
	entries []entry
	lists   map[string]int // path of a list of tables to the number of its items
}

// entry is a key with its value, or a table (then table is true).
type entry struct {
	path  string
	value any // string, bool, int64, float64, []any; anything else that TOML has is no value of ours
	place errs.Place
	table bool
}

func (d *document) count(path string) int { return d.lists[path] }

// parseDocument reads TOML. The library's decoder judges it as a whole
// (duplicates too); its parser then tells where everything stands.
func parseDocument(file string, data []byte) (*document, error) {
	if len(data) > MaxFile {
		return nil, errs.New(errs.Invalid, tooLarge, errs.P{"limit": MaxFile}).At(errs.Place{File: file})
	}
	values := map[string]any{}
	if err := toml.Unmarshal(data, &values); err != nil {
		return nil, syntaxError(file, data, err)
	}
	d := &document{lists: map[string]int{}}
	p := &unstable.Parser{}
	p.Reset(data)
	prefix := ""
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			prefix = d.header(file, data, e)
		case unstable.KeyValue:
			d.keyValue(file, data, prefix, e)
		}
	}
	return d, p.Error()
}

// characters turns a column in bytes into one in characters.
func characters(data []byte, line, column int) int {
	for range line - 1 {
		_, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
	}
	return 1 + utf8.RuneCount(data[:min(max(column-1, 0), len(data))])
}

// header enters a table and returns the prefix of its keys.
func (d *document) header(file string, data []byte, e *unstable.Node) string {
	path, place := d.key(e.Key(), "", file, data)
	if e.Kind == unstable.ArrayTable {
		n := d.lists[path]
		d.lists[path] = n + 1
		path = fmt.Sprintf("%s[%d]", path, n)
	}
	d.entries = append(d.entries, entry{path: path, place: place, table: true})
	return path + "."
}

func (d *document) keyValue(file string, data []byte, prefix string, e *unstable.Node) {
	path, place := d.key(e.Key(), prefix, file, data)
	if v := e.Value(); v.Kind == unstable.InlineTable {
		d.entries = append(d.entries, entry{path: path, place: place, table: true})
		for it := v.Children(); it.Next(); {
			d.keyValue(file, data, path+".", it.Node())
		}
		return
	}
	d.entries = append(d.entries, entry{path: path, value: valueOf(e.Value()), place: place})
}

// key joins a dotted key; items of lists that were opened before are meant by
// their last one, as TOML has it. The place is that of the key's first part.
func (d *document) key(it unstable.Iterator, prefix, file string, data []byte) (string, errs.Place) {
	var place errs.Place
	path := prefix
	for first := true; it.Next(); first = false {
		n := it.Node()
		if first {
			place = placeAt(file, data, int(n.Raw.Offset))
		} else {
			if c := d.lists[strings.TrimSuffix(path, ".")]; c > 0 {
				path = fmt.Sprintf("%s[%d].", strings.TrimSuffix(path, "."), c-1)
			}
		}
		path += string(n.Data) + "."
	}
	return strings.TrimSuffix(path, "."), place
}

func placeAt(file string, data []byte, offset int) errs.Place {
	before := string(data[:min(offset, len(data))])
	start := strings.LastIndexByte(before, '\n') + 1
	return errs.Place{File: file, Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[start:])}
}

// valueOf decodes a scalar or a list of scalars by the library's own rules.
func valueOf(n *unstable.Node) any {
	switch n.Kind {
	case unstable.String:
		return string(n.Data)
	case unstable.Bool:
		return string(n.Data) == "true"
	case unstable.Integer, unstable.Float:
		var v struct{ V any }
		if toml.Unmarshal([]byte("V = "+string(n.Data)), &v) != nil {
			return nil
		}
		return v.V
	case unstable.Array:
		out := []any{}
		for it := n.Children(); it.Next(); {
			if it.Node().Kind != unstable.Comment {
				out = append(out, valueOf(it.Node()))
			}
		}
		return out
	}
	return nil
}
