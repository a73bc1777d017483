package duckdb_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

// TestRandomWorkflows holds, for random workflows of all relational components
// over random tables, that it does not matter how they are computed: in one
// query, in the steps of a run, with a table after every node, or with a file
// after every node. It also holds what is known of a table before it is
// computed: names, types, nulls, order. More of them: -rapid.checks=5000.
func TestRandomWorkflows(t *testing.T) {
	c, dir, _ := start(t)
	for _, size := range []struct {
		name          string
		tables, nodes int
	}{{"one node", 2, 1}, {"few nodes", 2, 3}, {"many nodes", 3, 8}} {
		t.Run(size.name, func(t *testing.T) {
			drawn, failed := 0, 0
			outer := t
			rapid.Check(t, func(t *rapid.T) {
				if !c.Alive() { // what ended it was told
					c, dir, _ = start(outer)
				}
				p := &prover{T: t, c: c, dir: dir, d: drawWorkflow(t, size.tables, size.nodes)}
				defer p.clean()
				drawn++
				if err := p.prove(); errs.KindOf(err) == errs.Failed {
					failed++ // a number that overflows, of which there are few
				} else if err != nil {
					p.fail("%v", err)
				}
			})
			if failed*5 > drawn {
				t.Errorf("%d of %d workflows cannot be computed: too few are tried", failed, drawn)
			}
			t.Logf("%d workflows, of which %d overflow", drawn, failed)
		})
	}
}

// prover holds what must be true of one random workflow.
type prover struct {
	*rapid.T
	c      *worker.Client
	dir    string
	d      *draft
	made   []string // tables in the engine
	files  []string
	cached map[rel.Rel][][]rel.Value
}

func (p *prover) fail(format string, args ...any) {
	p.Helper()
	p.Fatalf(format+"\n%s", append(args, pack.Encode(p.d.pack))...)
}

// prove returns the error of a workflow that cannot be computed.
func (p *prover) prove() error {
	p.cached = map[rel.Rel][][]rel.Value{}
	p.roundTrip()
	targets := p.d.targets()
	for _, t := range targets {
		if err := p.known(t); err != nil {
			return err
		}
		if err := p.preview(t); err != nil {
			return err
		}
	}
	for _, n := range p.d.graph.Nodes {
		if err := p.parts(n); err != nil {
			return err
		}
	}
	ways := []struct {
		name string
		rows func([]*port) ([][][]rel.Value, error)
	}{{"steps", p.steps}, {"tables", p.tables}, {"files", p.parquet}}
	for _, w := range ways {
		got, err := w.rows(targets)
		if err != nil {
			return err
		}
		for i, t := range targets {
			fused, err := p.rows(p.d.compiled(t))
			if err != nil {
				return err
			}
			p.same(t, w.name, fused, got[i])
		}
	}
	return nil
}

// same holds that a table computed in another way is the fused one.
func (p *prover) same(t *port, way string, fused, got [][]rel.Value) {
	p.Helper()
	r := p.d.compiled(t)
	if diff := differ(r.Schema(), t.inexact, fused, got); diff != "" {
		p.fail("%s: fused and by %s (-fused +%s):\n%s\n%s", t.ref, way, way, diff, rel.Format(r))
	}
	if diff := disorder(r, t.inexact, fused, got); diff != "" {
		p.fail("%s: the order of fused and by %s: %s\n%s", t.ref, way, diff, rel.Format(r))
	}
}

// roundTrip holds that the package reads back as what it was, and that plans
// and queries are spelled the same every time.
func (p *prover) roundTrip() {
	text := pack.Encode(p.d.pack)
	again, err := pack.Decode(text, "random.weft")
	if err != nil {
		p.fail("the package does not read back: %v", err)
	}
	if second := pack.Encode(again); string(second) != string(text) {
		p.fail("written again, the package is\n%s\nand was", second)
	}
	g, err := plan.Bind(again, "", p.d.options)
	if err != nil {
		p.fail("%v", err)
	}
	g.Compile(nil)
	for i, n := range p.d.graph.Nodes {
		for j, out := range n.Outputs {
			if a, b := rel.Format(out), rel.Format(g.Nodes[i].Outputs[j]); a != b {
				p.fail("%s, read back:\n%s\nwas\n%s", n.ID, b, a)
			}
			if a, b := p.query(out), p.query(g.Nodes[i].Outputs[j]); a != b {
				p.fail("%s, rendered again:\n%s\nwas\n%s", n.ID, b, a)
			}
		}
	}
}

// known holds that the engine's columns are the plan's, and that a column has
// nulls only where the plan says so.
func (p *prover) known(t *port) error {
	r := p.d.compiled(t)
	query := p.query(r)
	columns, err := p.c.Describe(p.Context(), query)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, query)
	}
	schema := r.Schema()
	for i, c := range columns {
		if i >= len(schema) || c.Name != schema[i].Name || exactType(c.Type) != schema[i].Type {
			p.fail("%s: the engine has %s %s in column %d, predicted is %s", t.ref, c.Name, c.Type, i, schema)
		}
	}
	rows, err := p.rows(r)
	for _, row := range rows {
		for i, v := range row {
			if v == nil && !schema[i].Nullable {
				p.fail("%s: a null in %s, which has none by the plan\n%s", t.ref, schema[i].Name, rel.Format(r))
			}
		}
	}
	return err
}

// preview holds that first rows that are marked exact are the first rows.
func (p *prover) preview(t *port) error {
	r := p.d.compiled(t)
	all, err := p.rows(r)
	if err != nil {
		return err
	}
	limit := rapid.IntRange(1, 6).Draw(p.T, "preview")
	of := plan.PreviewOf(r, int64(limit))
	got, err := p.rows(of.Rel)
	if err != nil || !of.Exact(int64(len(got))) {
		return err
	}
	first := all[:min(limit, len(all))]
	if len(got) != len(first) {
		p.fail("%s: a preview of %d rows has %d of %d", t.ref, limit, len(got), len(all))
	}
	if diff := disorder(r, t.inexact, first, got); diff != "" {
		p.fail("%s: the preview's order: %s\n%s", t.ref, diff, rel.Format(r))
	}
	if diff := missing(r.Schema(), t.inexact, got, all); diff != "" {
		p.fail("%s: rows of the preview are not in the table:\n%s", t.ref, diff)
	}
	return nil
}

// parts holds that a node which parts its input loses and adds no row.
func (p *prover) parts(n *plan.Node) error {
	if n.Component != "rows.filter" && n.Component != "rows.distinct" {
		return nil
	}
	in := n.Inputs[0]
	whole, err := p.rows(in.From.Outputs[in.Port])
	if err != nil {
		return err
	}
	a, err := p.rows(n.Outputs[0])
	if err != nil {
		return err
	}
	b, err := p.rows(n.Outputs[1])
	if err != nil {
		return err
	}
	inexact := p.d.ports[slices.IndexFunc(p.d.ports, func(x *port) bool { return x.ref.Node == n.ID })].inexact
	if diff := differ(n.Outputs[0].Schema(), inexact, whole, slices.Concat(a, b)); diff != "" {
		p.fail("%s: the parts are not the whole (-whole +parts):\n%s", n.ID, diff)
	}
	return nil
}

func (p *prover) query(r rel.Rel) string { return p.render(r, sql.Options{}) }

// stored is the query of a result that is read again.
func (p *prover) stored(r rel.Rel) string { return p.render(r, sql.Options{Total: true}) }

func (p *prover) render(r rel.Rel, o sql.Options) string {
	q, err := sql.DuckDB().Query(r, o)
	if err != nil {
		p.fail("%v\n%s", err, rel.Format(r))
	}
	return q
}

// rows computes a plan in one query.
func (p *prover) rows(r rel.Rel) ([][]rel.Value, error) {
	if rows, ok := p.cached[r]; ok {
		return rows, nil
	}
	rows := [][]rel.Value{}
	query := p.query(r)
	err := p.c.Query(p.Context(), query, 0, func(b arrow.RecordBatch) error {
		rows = append(rows, run.Rows(b)...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, query)
	}
	p.cached[r] = rows
	return rows, nil
}

// steps computes targets as a run does.
func (p *prover) steps(ports []*port) ([][][]rel.Value, error) {
	targets := make([]plan.Target, len(ports))
	for i, t := range ports {
		n := p.d.graph.Node(t.ref.Node)
		targets[i] = plan.Target{Node: n, Port: n.Def.Output(t.ref.Port)}
	}
	var out [][][]rel.Value
	for _, s := range p.d.graph.Steps(targets, plan.Prints{}, p) {
		var err error
		switch s.Kind {
		case plan.Table:
			err = p.keepTable(s.ID, s.Rel)
		case plan.Keep:
			err = p.keepFile(p.Place(s.Address).Files[0], s.Rel)
		default:
			var rows [][]rel.Value
			rows, err = p.rows(s.Rel)
			out = append(out, rows)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Lookup implements plan.Kept: nothing is there yet.
func (*prover) Lookup(string) (*rel.Stored, bool) { return nil, false }

// Place implements plan.Kept.
func (p *prover) Place(address string) *rel.Stored {
	return &rel.Stored{Address: address, Files: []string{filepath.Join(p.dir, address+".parquet")}, Rows: -1}
}

// tables computes ports with a table after every node.
func (p *prover) tables(ports []*port) ([][][]rel.Value, error) {
	return p.eachNode(ports, func(name string, r rel.Rel) (*rel.Stored, error) {
		return &rel.Stored{Address: name, Rows: -1}, p.keepTable(name, r)
	})
}

// parquet computes ports with a Parquet file after every node.
func (p *prover) parquet(ports []*port) ([][][]rel.Value, error) {
	return p.eachNode(ports, func(name string, r rel.Rel) (*rel.Stored, error) {
		stored := p.Place(name)
		return stored, p.keepFile(stored.Files[0], r)
	})
}

func (p *prover) eachNode(ports []*port, keep func(string, rel.Rel) (*rel.Stored, error)) ([][][]rel.Value, error) {
	with := map[rel.Rel]rel.Rel{}
	for _, n := range p.d.graph.Nodes {
		for i, out := range n.Outputs {
			stored, err := keep(fmt.Sprintf("%s %d", n.ID, i), rel.Replace(out, with))
			if err != nil {
				return nil, err
			}
			scan, err := rel.Builder{NodeID: n.ID}.Scan(stored, out.Schema(), out.Ordering().Known())
			if err != nil {
				return nil, err
			}
			with[out] = scan
		}
	}
	tables := make([][][]rel.Value, len(ports))
	for i, t := range ports {
		var err error
		if tables[i], err = p.rows(with[p.d.compiled(t)]); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

func (p *prover) keepTable(name string, r rel.Rel) error {
	p.made = append(p.made, name)
	return p.exec(sql.DuckDB().CreateTable(name, p.stored(r)))
}

func (p *prover) keepFile(file string, r rel.Rel) error {
	p.files = append(p.files, file)
	return p.exec(sql.DuckDB().Copy(p.stored(r), file, rel.FileFormat{Parquet: true}))
}

func (p *prover) exec(statement string) error {
	if _, err := p.c.Exec(p.Context(), statement, nil); err != nil {
		return fmt.Errorf("%w\n%s", err, statement)
	}
	return nil
}

// clean removes what the workflow left behind.
func (p *prover) clean() {
	for _, name := range p.made {
		if !p.c.Alive() {
			break
		}
		if _, err := p.c.Exec(context.Background(), sql.DuckDB().DropTable(name), nil); err != nil {
			p.Error(err)
		}
	}
	for _, f := range p.files {
		if err := os.Remove(f); err != nil && !os.IsNotExist(err) {
			p.Error(err)
		}
	}
}
