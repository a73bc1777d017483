// Package schema makes the JSON Schema of the package file, so that any editor
// completes and checks it while it is written: the document's own keys, and
// the settings of every component as its declaration has them.
//
// It is pure, and says nothing that the decoder does not hold to: links,
// columns and formulas are for weft check.
package schema

import (
	"strings"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// Dialect is the version of JSON Schema that the schema is written in.
const Dialect = "https://json-schema.org/draft/2020-12/schema"

// object is one JSON object of the schema.
type object = map[string]any

// Package is the schema of a package file over components, with help in a
// language. It marshals as JSON.
func Package(components []*component.Definition, lang string) map[string]any {
	defs := object{
		"id":    object{"type": "string", "pattern": idPattern, "maxLength": 100},
		"ref":   object{"type": "string", "pattern": idStem + `(\.[a-z][a-z0-9_]*)?$`},
		"type":  object{"type": "string", "anyOf": []any{object{"enum": typeNames()}, object{"pattern": `^decimal\(\s*\d{1,2}\s*,\s*\d{1,2}\s*\)$`}}},
		"cell":  object{"type": []string{"string", "number", "boolean", "null"}},
		"rows":  object{"type": "array", "items": each("cell")},
		"point": object{"type": "array", "items": object{"type": "integer"}, "minItems": 2, "maxItems": 2},
		"var":   closed(object{"var": text()}, "var"),
		"node":  node(components, lang),
		"test":  test(),
		"want":  want(),
	}
	out := closed(object{
		"weft":      object{"const": pack.Version},
		"label":     text(),
		"note":      text(),
		"variables": mapOf(variable(), `^[\p{L}_][\p{L}\p{N}_]*$`),
		"workflows": mapOf(workflow(), idPattern),
		"services":  mapOf(mapOf(operation(), idPattern), idPattern),
		"tests":     mapOf(refTo("test"), idPattern),
		"layout":    mapOf(each("point"), idPattern),
	}, "weft")
	out["$schema"] = Dialect
	out["title"] = "Weft package"
	out["$defs"] = defs
	return out
}

const (
	idStem    = `^[a-z][a-z0-9_]*`
	idPattern = idStem + `$`
)

func typeNames() []string {
	var out []string
	for _, n := range rel.TypeNames() {
		if !strings.HasPrefix(n, "decimal") {
			out = append(out, n)
		}
	}
	return out
}

func text() object             { return object{"type": "string"} }
func list(items object) object { return object{"type": "array", "items": items} }
func refTo(def string) object  { return object{"$ref": "#/$defs/" + def} }

// each is a map from any key to a definition.
func each(def string) object {
	return object{"type": []string{"object", "null"}, "additionalProperties": refTo(def)}
}

// mapOf is a map whose keys have a pattern. What has no content may be null.
func mapOf(values object, keys string) object {
	return object{
		"type": []string{"object", "null"}, "propertyNames": object{"pattern": keys}, "additionalProperties": values,
	}
}

// closed is a map with these keys and no others.
func closed(properties object, required ...string) object {
	out := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func variable() object {
	return closed(object{"type": refTo("type"), "default": refTo("cell"), "label": text(), "note": text()}, "type")
}

func workflow() object {
	memo := closed(object{"text": text(), "at": refTo("point"), "size": refTo("point")})
	out := closed(object{
		"label": text(), "note": text(), "nodes": mapOf(refTo("node"), idPattern), "memos": mapOf(memo, idPattern),
	})
	out["type"] = []string{"object", "null"}
	return out
}

func operation() object {
	return closed(object{
		"label": text(), "workflow": refTo("id"), "input": refTo("id"), "variables": list(text()), "output": refTo("ref"),
	}, "output")
}

func test() object {
	out := closed(object{
		"label": text(), "workflow": refTo("id"), "variables": each("cell"), "given": each("rows"), "want": each("want"),
	})
	out["type"] = []string{"object", "null"}
	return out
}

func want() object {
	out := closed(object{
		"rows": refTo("rows"), "ordered": object{"type": "boolean"}, "count": object{"type": "integer", "minimum": 0},
		"unique": list(text()), "not_null": list(text()),
		"holds": object{"type": []string{"string", "array"}, "items": text()},
	})
	out["type"] = []string{"object", "null"}
	return out
}

// node is a node of any component: its settings are those of the component
// that it names. One that is not known is kept as it stands.
func node(components []*component.Definition, lang string) object {
	names := make([]any, len(components))
	var cases []any
	for i, d := range components {
		names[i] = object{"const": d.Ref(), "title": d.Docs.In(lang).Title, "description": d.Docs.In(lang).Summary}
		cases = append(cases, object{
			"if":   object{"properties": object{"component": object{"const": d.Ref()}}, "required": []string{"component"}},
			"then": object{"properties": object{"settings": settings(d, lang)}},
		})
	}
	out := closed(object{
		"component": object{"type": "string", "oneOf": names},
		"label":     text(), "note": text(), "keep": object{"type": "boolean"},
		"input": refTo("ref"), "inputs": each("ref"), "settings": object{"type": []string{"object", "null"}},
	}, "component")
	out["allOf"] = cases
	return out
}

func settings(d *component.Definition, lang string) object {
	out := fields(component.Describe(d.Settings()), d.Docs.In(lang), "")
	out["type"] = []string{"object", "null"}
	return out
}

func fields(list []component.Field, doc component.Doc, prefix string) object {
	properties := object{}
	var required []string
	for _, f := range list {
		s := setting(f, doc, prefix+f.Key)
		if help := doc.Settings[prefix+f.Key]; help != "" {
			s["description"] = strings.Join(strings.Fields(help), " ")
		}
		properties[f.Key] = s
		if f.Required {
			required = append(required, f.Key)
		}
	}
	return closed(properties, required...)
}

// setting is the schema of one setting; a variable may stand for any that is
// no list or map.
func setting(f component.Field, doc component.Doc, path string) object {
	var s object
	switch f.Kind {
	case component.ListField:
		s = list(item(f, doc, path))
		if f.Required {
			s["minItems"] = 1
		}
		return s
	case component.GroupField:
		return fields(f.Items, doc, path+".")
	case component.TableField:
		return list(list(object{"anyOf": []any{refTo("cell"), refTo("var")}}))
	default:
		s = scalar(f)
	}
	out := object{"anyOf": []any{s, refTo("var")}}
	if !f.Default.IsZero() {
		out["default"] = f.Default.Scalar()
	}
	return out
}

// item is one item of a list: a value, or a map of settings.
func item(f component.Field, doc component.Doc, path string) object {
	if len(f.Items) == 1 && f.Items[0].Key == "" {
		return object{"anyOf": []any{scalar(f.Items[0]), refTo("var")}}
	}
	return fields(f.Items, doc, path+".")
}

func scalar(f component.Field) object {
	switch f.Kind {
	case component.BoolField:
		return object{"type": "boolean"}
	case component.IntField:
		return bounded(object{"type": "integer"}, f)
	case component.NumberField:
		return bounded(object{"type": "number"}, f)
	case component.EnumField:
		return object{"enum": f.Choices}
	case component.TypeField:
		return refTo("type")
	case component.ConstantField:
		return refTo("cell")
	case component.FormulaField:
		return object{"type": []string{"string", "number", "boolean"}}
	default: // texts, names and paths; a whole number is taken as its text
		return object{"type": []string{"string", "integer"}}
	}
}

func bounded(s object, f component.Field) object {
	if f.Min != nil {
		s["minimum"] = *f.Min
	}
	if f.Max != nil {
		s["maximum"] = *f.Max
	}
	return s
}
