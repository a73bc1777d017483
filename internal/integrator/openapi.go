package integrator

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// object is a JSON object of a description.
type object = map[string]any

// listing is what GET /api/v1/ answers.
type listing struct {
	Services []listed `json:"services"`
}

type listed struct {
	Service    string   `json:"service"`
	OpenAPI    string   `json:"openapi"`
	Operations []string `json:"operations"`
}

// index lists what the caller may call.
func (in *Integrator) index(ctx context.Context, x *exchange) *problem {
	ops, p := in.visible(ctx, x)
	if p != nil {
		return p
	}
	out := listing{Services: []listed{}}
	for _, o := range ops {
		service := o.decl.GetService()
		if n := len(out.Services); n == 0 || out.Services[n-1].Service != service {
			out.Services = append(out.Services, listed{Service: service, OpenAPI: Root + service + "/openapi.json"})
		}
		last := &out.Services[len(out.Services)-1]
		last.Operations = append(last.Operations, o.decl.GetOperation())
	}
	return x.sendJSON(out)
}

// describe answers the OpenAPI document of a service.
func (in *Integrator) describe(ctx context.Context, x *exchange, service string) *problem {
	ops, p := in.visible(ctx, x)
	if p != nil {
		return p
	}
	ops = slices.DeleteFunc(ops, func(o *operation) bool { return o.decl.GetService() != service })
	if len(ops) == 0 && !in.knowsAll() {
		return unavailable()
	}
	if len(ops) == 0 {
		return problemOf(http.StatusNotFound, errs.NotFound, errUnknown, errs.P{"service": service, "operation": "…"})
	}
	return x.sendJSON(openapi(service, ops, in.cfg))
}

func (x *exchange) sendJSON(v any) *problem {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return internal(err)
	}
	x.send(append(text, '\n'))
	return nil
}

// visible are the operations that the caller may call, by their names: of all
// Servers, since each may publish others.
func (in *Integrator) visible(ctx context.Context, x *exchange) ([]*operation, *problem) {
	found := map[string]*operation{}
	var failed *problem
	reached := false
	for _, u := range in.servers {
		if !u.healthy() {
			continue
		}
		p, err := in.seen(ctx, x, u)
		if err != nil {
			failed = in.refused(err, "", "")
			continue
		}
		reached = true
		for name, o := range p.operations {
			found[name] = o
		}
	}
	switch {
	case !reached && failed != nil:
		return nil, failed
	case !reached:
		return nil, unavailable()
	}
	var out []*operation
	for _, o := range found {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b *operation) int {
		return cmp.Or(cmp.Compare(a.decl.GetService(), b.decl.GetService()), cmp.Compare(a.decl.GetOperation(), b.decl.GetOperation()))
	})
	return out, nil
}

// seen is what the caller may call of one Server.
func (in *Integrator) seen(ctx context.Context, x *exchange, u *upstream) (*published, error) {
	if x.token == "" {
		return u.published.Load(), nil
	}
	ctx, cancel := context.WithCancel(x.outgoing(ctx))
	defer cancel()
	stream, err := u.services.WatchServices(ctx, &weftv1.WatchServicesRequest{})
	if err != nil {
		return nil, err
	}
	list, err := receiveAll(stream)
	if err != nil {
		return nil, err
	}
	return newPublished(list, in.log), nil
}

// openapi is the OpenAPI 3.1 document of a service.
func openapi(service string, ops []*operation, cfg Config) object {
	paths := object{}
	for _, o := range ops {
		paths[Root+service+"/"+o.decl.GetOperation()] = object{"post": operationObject(o)}
	}
	doc := object{
		"openapi": "3.1.0",
		"info":    object{"title": cmp.Or(ops[0].decl.GetLabel(), service), "version": cmp.Or(cfg.Version, "0")},
		"servers": []any{object{"url": "/"}},
		"paths":   paths,
		"components": object{
			"schemas":   object{"Problem": problemSchema()},
			"responses": problemResponses(),
		},
	}
	doc["security"] = []any{object{"token": []any{}}}
	if cfg.Open {
		doc["security"] = []any{object{}, object{"token": []any{}}}
	}
	if c, ok := doc["components"].(object); ok {
		c["securitySchemes"] = object{"token": object{
			"type": "http", "scheme": "bearer", "description": "The token of an external caller: weft_…",
		}}
	}
	return doc
}

func operationObject(o *operation) object {
	op := object{
		"operationId": o.decl.GetService() + "_" + o.decl.GetOperation(),
		"summary":     cmp.Or(o.decl.GetLabel(), o.decl.GetOperation()),
		"requestBody": object{"required": true, "content": object{"application/json": object{"schema": requestSchema(o)}}},
		"responses":   responses(o),
	}
	if note := strings.TrimSpace(o.decl.GetNote()); note != "" {
		op["description"] = note
	}
	return op
}

func requestSchema(o *operation) object {
	properties, required := object{}, []string{}
	if len(o.decl.GetVariables()) > 0 {
		variables, needed := object{}, []string{}
		for _, v := range o.decl.GetVariables() {
			s := typeSchema(o.variables[v.GetName()], false)
			if v.GetLabel() != "" {
				s["title"] = v.GetLabel()
			}
			if v.Default != nil {
				s["default"] = json.RawMessage(v.GetDefault())
			} else {
				needed = append(needed, v.GetName())
			}
			variables[v.GetName()] = s
		}
		properties["variables"] = strict(variables, needed)
		if len(needed) > 0 {
			required = append(required, "variables")
		}
	}
	if o.takesTable() {
		properties["input"] = object{"type": "array", "items": rowSchema(o.input, func(c column) bool { return c.required })}
		required = append(required, "input")
	}
	return strict(properties, required)
}

// strict is the schema of an object that has nothing else.
func strict(properties object, required []string) object {
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func rowSchema(list []column, needed func(column) bool) object {
	properties, required := object{}, []string{}
	for _, c := range list {
		s := typeSchema(c.typ, c.nullable)
		if c.label != "" && c.label != c.name {
			s["title"] = c.label
		}
		properties[c.name] = s
		if needed(c) {
			required = append(required, c.name)
		}
	}
	return strict(properties, required)
}

// typeSchema is the JSON of a type; see rel.AppendJSON and component.FromJSON.
func typeSchema(t rel.Type, nullable bool) object {
	kind, s := "string", object{}
	switch t.ID {
	case rel.BooleanID:
		kind = "boolean"
	case rel.IntegerID:
		kind, s["format"] = "integer", "int64"
	case rel.RealID:
		kind, s["format"] = "number", "double"
	case rel.DecimalID:
		s["format"], s["description"] = "decimal", "An exact number as text, "+t.String()+". Numbers are taken, too."
		s["examples"] = []any{rel.Dec{Unscaled: bigOne(), Scale: int(t.Scale)}.String()}
	case rel.DateID:
		s["format"] = "date"
	case rel.TimeID:
		s["format"], s["examples"] = "local-time", []any{"13:45:00"}
	case rel.TimestampID:
		s["format"], s["examples"] = "local-date-time", []any{"2026-01-31T13:45:00"}
	case rel.TimestampTZID:
		s["format"] = "date-time"
	case rel.NullID:
		kind = "null"
	}
	s["type"] = kind
	if nullable && kind != "null" {
		s["type"] = []any{kind, "null"}
	}
	return s
}
