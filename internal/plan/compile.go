package plan

import (
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

var (
	errUnknownColumnGiven = errs.Message{
		ID: "plan.given_column",
		En: "The given table has a column {column} that {node} does not give. {suggest}",
		Ru: "В заданной таблице есть столбец {column}, которого узел {node} не даёт. {suggest}",
	}
	errColumns = errs.Message{
		ID: "plan.columns",
		En: "{node} gives {found} columns; a table has at most {limit}.",
		Ru: "Узел {node} даёт столбцов: {found}; в таблице их не больше {limit}.",
	}
	errNotFoundYet = errs.Message{
		ID: "plan.not_discovered",
		En: "The files of {node} were not looked at.",
		Ru: "Файлы узла {node} не были просмотрены.",
	}
)

// Compile builds the plans of all nodes that are right, in order. found holds
// what is known of the files of each source, by node id.
func (g *Graph) Compile(found map[string]*component.Discovery) {
	g.Found = found
	for _, n := range g.Nodes {
		g.compile(n, found[n.ID])
	}
}

func (g *Graph) compile(n *Node, found *component.Discovery) {
	n.Outputs, n.Write, n.Blocked = nil, nil, false
	if n.Given != nil {
		n.Outputs = make([]rel.Rel, max(1, outputCount(n)))
		n.Outputs[0] = n.Given
		return
	}
	if n.Def == nil {
		return
	}
	if len(n.Errors) > 0 {
		g.fail(n, n.context.CheckFormulas())
		return
	}
	in, ok := n.inputs()
	if !ok {
		n.Blocked = true
		g.fail(n, n.context.CheckFormulas())
		return
	}
	if n.Wants != nil && found == nil {
		g.fail(n, errs.New(errs.Invalid, errNotFoundYet, errs.P{"node": n.ID}))
		return
	}
	n.context.Found = found
	if err := n.context.CheckColumns(in); err != nil {
		g.fail(n, err)
		return
	}
	var err error
	switch s := n.Bound.Settings.(type) {
	case component.Sink:
		var out component.Output
		if out, err = s.Write(n.context, in[0]); err == nil {
			n.Write = &out
		}
	case component.Compiler:
		if n.Outputs, err = s.Compile(n.context, in); err == nil {
			err = n.checkWidth()
		}
	}
	if err != nil {
		n.Outputs = nil
		g.fail(n, err)
	}
}

// MaxColumns bounds the columns of a table: what is wider cannot be shown, and
// takes a plan that nobody waits for.
const MaxColumns = 10_000

func (n *Node) checkWidth() error {
	for _, r := range n.Outputs {
		if r != nil && len(r.Schema()) > MaxColumns {
			return errs.New(errs.Invalid, errColumns, errs.P{"node": n.ID, "found": len(r.Schema()), "limit": MaxColumns})
		}
	}
	return nil
}

func outputCount(n *Node) int {
	if n.Def == nil {
		return 1
	}
	return len(n.Def.Outputs)
}

// inputs collects the plans at the node's ports; ok is false when one that is
// linked has none.
func (n *Node) inputs() (in []rel.Rel, ok bool) {
	in = make([]rel.Rel, len(n.Inputs))
	for i, l := range n.Inputs {
		if l.From == nil {
			if !n.Def.Inputs[i].Optional {
				return nil, false // it is linked to a node that is not there, which was told
			}
			continue
		}
		if l.Port >= len(l.From.Outputs) || l.From.Outputs[l.Port] == nil {
			return nil, false
		}
		in[i] = l.From.Outputs[l.Port]
	}
	return in, true
}

// Give puts rows in the place of a node's first output. like has the types of
// the columns; where it is nil, types are read off the values.
func (g *Graph) Give(n *Node, rows []pack.Value, like rel.Schema) error {
	schema := like
	if schema == nil {
		schema = inferSchema(rows)
	}
	table := make([][]rel.Value, len(rows))
	var found errs.List
	for r, row := range rows {
		table[r] = make([]rel.Value, len(schema))
		for _, e := range row.Map {
			i := schema.Index(e.Key)
			if i < 0 {
				found.Add(errs.New(errs.Invalid, errUnknownColumnGiven, errs.P{
					"column": e.Key, "node": n.ID, "suggest": errs.Suggest(e.Key, schema.Names()),
				}).At(e.Pos.Place()))
				continue
			}
			v, err := component.ToConstant(e.Value, schema[i].Type)
			found.Add(errs.At(err, e.Pos.Place()))
			table[r][i] = v
		}
	}
	if len(found) > 0 {
		return found
	}
	values, err := rel.Builder{NodeID: n.ID}.Values(schema, table)
	if err != nil {
		return err
	}
	// What is wrong with the node's own settings does not matter to the test.
	n.Given, n.Errors = values, nil
	return nil
}

// inferSchema reads types off values: the common type of a column's values,
// text where there is none.
func inferSchema(rows []pack.Value) rel.Schema {
	var schema rel.Schema
	for _, row := range rows {
		for _, e := range row.Map {
			t := valueType(e.Value)
			i := schema.Index(e.Key)
			if i < 0 {
				schema = append(schema, rel.Column{Name: e.Key, Type: t, Nullable: true})
				continue
			}
			if c, ok := rel.Common(schema[i].Type, t); ok {
				schema[i].Type = c
			} else {
				schema[i].Type = rel.String
			}
		}
	}
	for i := range schema {
		if schema[i].Type == rel.Null {
			schema[i].Type = rel.String
		}
	}
	return schema
}

func valueType(v pack.Value) rel.Type {
	switch v.Kind {
	case pack.BoolValue:
		return rel.Boolean
	case pack.IntValue:
		return rel.Integer
	case pack.RealValue:
		return rel.Real
	case pack.NullValue:
		return rel.Null
	default:
		return rel.String
	}
}
