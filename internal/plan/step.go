package plan

import (
	"slices"
	"strconv"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// StepKind says what becomes of a step's rows.
type StepKind uint8

// The kinds of steps.
const (
	Show  StepKind = iota // they are handed to the caller
	Write                 // they become an output file
	Keep                  // they become a kept result, found again by its address
	Table                 // they stay in the engine until the run ends
)

// String is the kind's name in explanations.
func (k StepKind) String() string {
	return [...]string{"show", "write", "keep", "table"}[k]
}

// Reason says why the plan was cut at a step.
type Reason uint8

// The reasons of cuts.
const (
	ReasonTarget Reason = iota // the step is what was asked for
	ReasonKeep                 // its node is marked: keep result
	ReasonShared               // several steps read it, and it is dear to compute twice
	ReasonDeep                 // the query would be nested deeper than engines take
)

// Text words the reason.
func (r Reason) Text(lang string) string {
	return [...]errs.Words{
		{En: "it is what was asked for", Ru: "это и есть запрошенный результат"},
		{En: "the node is marked to keep its result", Ru: "у узла включено хранение результата"},
		{En: "several steps read it", Ru: "его читают несколько шагов"},
		{En: "the query would be nested too deep", Ru: "запрос получился бы слишком глубоким"},
	}[r].Text(lang)
}

// Step is one query of a run.
type Step struct {
	ID      string // s1, s2, … in the order of execution
	Kind    StepKind
	Reason  Reason
	Node    *Node // whose output it computes
	Port    int
	Rel     rel.Rel // reads sources and the results of earlier steps
	Nodes   []string
	Address string            // of a Keep step
	Output  *component.Output // of a Write step
}

// Target is an output port that a run is asked for, or a sink.
type Target struct {
	Node *Node
	Port int
}

// Rel is the plan of the target; nil when the node has errors.
func (t Target) Rel() rel.Rel {
	if t.Node.Write != nil {
		return t.Node.Write.Rel
	}
	if t.Port < len(t.Node.Outputs) {
		return t.Node.Outputs[t.Port]
	}
	return nil
}

// Kept is where results are kept.
type Kept interface {
	// Lookup finds a kept result by its address.
	Lookup(address string) (*rel.Stored, bool)
	// Place is the result that a run is about to keep at an address.
	Place(address string) *rel.Stored
}

// Steps cuts what the targets need into steps, in the order of execution.
// Everything between two cuts is one query. kept may be nil.
func (g *Graph) Steps(targets []Target, prints Prints, kept Kept) []*Step {
	c := cutter{
		graph: g, prints: prints, kept: kept,
		outputs: map[rel.Rel]Target{}, cuts: map[rel.Rel]*Step{}, stored: map[rel.Rel]rel.Rel{},
		readers: map[rel.Rel]map[*Step]bool{},
	}
	for _, n := range g.Nodes {
		for p, r := range n.Outputs {
			if _, known := c.outputs[r]; r != nil && !known {
				c.outputs[r] = Target{Node: n, Port: p}
			}
		}
	}
	return c.run(targets)
}

// cutter finds the places where a plan is cut. It works on the whole graph of
// expressions that the targets reach.
type cutter struct {
	graph   *Graph
	prints  Prints
	kept    Kept
	outputs map[rel.Rel]Target         // which expressions are a node's output
	cuts    map[rel.Rel]*Step          // expressions that a step computes
	stored  map[rel.Rel]rel.Rel        // what stands in their place for others
	readers map[rel.Rel]map[*Step]bool // the steps that compute an expression
}

func (c *cutter) run(targets []Target) []*Step {
	order := reached(targets)
	deep := c.deepCuts(order)
	var last []*Step
	for _, t := range targets {
		s := &Step{Kind: Show, Node: t.Node, Port: t.Port, Rel: t.Rel(), Output: t.Node.Write}
		if s.Output != nil {
			s.Kind = Write
		}
		last = append(last, s)
		c.reads(s.Rel, s)
	}
	// Readers come before what they read.
	for _, r := range slices.Backward(order) {
		c.decide(r, deep[r])
	}
	return c.assemble(order, last)
}

func (c *cutter) reads(r rel.Rel, s *Step) {
	if c.readers[r] == nil {
		c.readers[r] = map[*Step]bool{}
	}
	c.readers[r][s] = true
}

// decide cuts at r if there is a reason, and passes on who reads it.
func (c *cutter) decide(r rel.Rel, deep bool) {
	readers := c.readers[r]
	if s := c.cutAt(r, deep, readers); s != nil {
		if found, ok := c.lookup(s); ok {
			c.stored[r] = storedScan(s.Node.ID, r, found)
			return
		}
		c.cuts[r] = s
		readers = map[*Step]bool{s: true}
	}
	for _, in := range r.Inputs() {
		for s := range readers {
			c.reads(in, s)
		}
	}
}

// cutAt returns the step to make of r, or nil.
func (c *cutter) cutAt(r rel.Rel, deep bool, readers map[*Step]bool) *Step {
	t, isOutput := c.outputs[r]
	if !isOutput || isLeaf(r) {
		return nil
	}
	s := &Step{Kind: Table, Node: t.Node, Port: t.Port, Rel: r}
	switch {
	case t.Node.Keep:
		s.Reason = ReasonKeep
		if c.kept != nil && !rel.VolatilePlan(r) {
			s.Kind, s.Address = Keep, Address(r, c.prints)
		}
	case len(readers) > 1 && dear(r):
		s.Reason = ReasonShared
	case deep:
		s.Reason = ReasonDeep
	default:
		return nil
	}
	return s
}

func (c *cutter) lookup(s *Step) (*rel.Stored, bool) {
	if s.Kind != Keep {
		return nil, false
	}
	return c.kept.Lookup(s.Address)
}

// assemble puts the steps in order and lets each read the stored results of
// those before it.
func (c *cutter) assemble(order []rel.Rel, last []*Step) []*Step {
	var steps []*Step
	add := func(s *Step) {
		s.ID = "s" + strconv.Itoa(len(steps)+1)
		s.Rel = rel.Replace(s.Rel, c.stored)
		s.Nodes = c.graph.nodesOf(s)
		steps = append(steps, s)
	}
	for _, r := range order {
		if s := c.cuts[r]; s != nil {
			add(s)
			c.stored[r] = storedScan(s.Node.ID, r, c.result(s))
		}
	}
	for _, s := range last {
		add(s)
	}
	return steps
}

// result is what later steps read in place of the step.
func (c *cutter) result(s *Step) *rel.Stored {
	if s.Kind == Keep {
		return c.kept.Place(s.Address)
	}
	return &rel.Stored{Address: s.ID, Rows: -1}
}

// storedScan reads a stored result in the place of r.
func storedScan(node string, r rel.Rel, stored *rel.Stored) rel.Rel {
	scan, err := rel.Builder{NodeID: node}.Scan(stored, r.Schema(), r.Ordering().Known())
	if err != nil {
		// The schema was checked when r was built.
		panic(err)
	}
	return scan
}

// reached lists the expressions that targets reach, inputs first.
func reached(targets []Target) []rel.Rel {
	var order []rel.Rel
	seen := map[rel.Rel]bool{}
	for _, t := range targets {
		rel.Visit(t.Rel(), func(r rel.Rel) {
			if !seen[r] {
				seen[r] = true
				order = append(order, r)
			}
		})
	}
	return order
}

func isLeaf(r rel.Rel) bool { return len(r.Inputs()) == 0 }

// dear reports whether computing r twice costs more than storing it: it
// parses text, or it builds a table of its own.
func dear(r rel.Rel) bool {
	found := false
	rel.Visit(r, func(x rel.Rel) {
		switch x := x.(type) {
		case *rel.Join, *rel.Aggregate, *rel.Sort, *rel.Distinct, *rel.Window, *rel.Sample:
			found = true
		case *rel.Scan:
			_, text := x.Source.(*rel.TextFile)
			found = found || text
		}
	})
	return found
}

// deepest is how many operators that each make a query level of their own may
// stand on each other; engines take about a thousand, and planning time grows
// with the square. Of the others, many are collapsed into one level, but not
// always: they count an eighth.
const (
	deepest = 100 * level
	level   = 8
)

// deepCuts finds the outputs at which the levels reach deepest.
func (c *cutter) deepCuts(order []rel.Rel) map[rel.Rel]bool {
	depth := make(map[rel.Rel]int, len(order))
	out := map[rel.Rel]bool{}
	for _, r := range order {
		d := 0
		for _, in := range r.Inputs() {
			d = max(d, depth[in])
		}
		switch r.(type) {
		case *rel.Project, *rel.Filter, *rel.Sort:
			d++
		default:
			d += level
		}
		if _, isOutput := c.outputs[r]; isOutput && d >= deepest {
			out[r] = true
			d = 0
		}
		depth[r] = d
	}
	return out
}

// nodesOf lists the nodes that a step computes, in the graph's order.
func (g *Graph) nodesOf(s *Step) []string {
	in := map[string]bool{s.Node.ID: true}
	rel.Visit(s.Rel, func(r rel.Rel) {
		if scan, ok := r.(*rel.Scan); ok {
			if _, stored := scan.Source.(*rel.Stored); stored {
				return
			}
		}
		in[r.Node()] = true
	})
	var out []string
	for _, n := range g.Nodes {
		if in[n.ID] {
			out = append(out, n.ID)
		}
	}
	return out
}

// UseKept returns r reading the results that are kept of nodes so marked.
func (g *Graph) UseKept(r rel.Rel, prints Prints, kept Kept) rel.Rel {
	with := map[rel.Rel]rel.Rel{}
	for _, n := range g.Nodes {
		for _, out := range n.Outputs {
			if !n.Keep || out == nil || isLeaf(out) || rel.VolatilePlan(out) {
				continue
			}
			if stored, ok := kept.Lookup(Address(out, prints)); ok {
				with[out] = storedScan(n.ID, out, stored)
			}
		}
	}
	return rel.Replace(r, with)
}
