package preview

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// Port is an output of a node.
type Port struct {
	Workflow string // "": main
	Node     string
	Output   int // from 0
}

var (
	errNoNode = errs.Message{
		ID: "preview.no_node",
		En: "There is no node {node} any more.",
		Ru: "Узла {node} больше нет.",
	}
	errNoPort = errs.Message{
		ID: "preview.no_port",
		En: "{node} has no output {number}.",
		Ru: "У узла {node} нет выхода {number}.",
	}
	errNoTable = errs.Message{
		ID: "preview.no_table",
		En: "{node} gives no table yet: something is missing before it.",
		Ru: "Узел {node} пока не даёт таблицы: до него чего-то не хватает.",
	}
)

// find returns the target of a port and its plan, or all that keeps it from
// having one.
func (p Port) find(g *plan.Graph) (plan.Target, error) {
	place := errs.Place{Workflow: g.Workflow.ID, Node: p.Node}
	n := g.Node(p.Node)
	if n == nil {
		return plan.Target{}, errs.New(errs.NotFound, errNoNode, errs.P{"node": p.Node}).At(place)
	}
	t := plan.Target{Node: n, Port: p.Output}
	if err := run.Errors(g, []plan.Target{t}); err != nil {
		var list errs.List
		for _, e := range errs.All(err) {
			list = append(list, inDocument(e, g.Workflow.ID))
		}
		return t, list
	}
	switch {
	case t.Rel() != nil:
		return t, nil
	case p.Output < 0 || n.Def != nil && p.Output >= max(1, len(n.Def.Outputs)):
		return t, errs.New(errs.NotFound, errNoPort, errs.P{"node": p.Node, "number": p.Output}).At(place)
	}
	return t, errs.New(errs.Invalid, errNoTable, errs.P{"node": p.Node}).At(place)
}

// fingerprint names what is seen of a port: two graphs with the same one show the
// same, so that moving a node, or changing a branch beside, changes nothing.
func fingerprint(r *run.Runner, g *plan.Graph, t plan.Target, err error) string {
	h := sha256.New()
	if err != nil {
		for _, e := range errs.All(err) {
			fmt.Fprintf(h, "error %d %s %q %v\n", e.Kind, e.Message.ID, e.Text("en"), e.Place)
		}
		return hex.EncodeToString(h.Sum(nil))
	}
	printSchema(h, t.Rel().Schema())
	fmt.Fprintln(h, plan.Address(t.Rel(), r.Prints(g)))
	return hex.EncodeToString(h.Sum(nil))
}

func printSchema(h interface{ Write([]byte) (int, error) }, s rel.Schema) {
	for _, c := range s {
		fmt.Fprintf(h, "%q %q %s %d %t %t\n", c.Name, c.Label, c.Type, c.Usage, c.Nullable, c.Continuous)
	}
}

// pruned is r with the named columns only; none: all. Names that it does not
// have are left out.
func pruned(r rel.Rel, names []string) (rel.Rel, error) {
	if len(names) == 0 {
		return r, nil
	}
	var items []rel.Item
	for _, c := range r.Schema() {
		if slices.Contains(names, c.Name) {
			items = append(items, rel.Item{Column: c, Expr: rel.Col(c)})
		}
	}
	if len(items) == 0 {
		return r, nil
	}
	return rel.Builder{NodeID: r.Node()}.Project(r, items)
}
