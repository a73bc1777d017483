package rel

// Rel is a relational expression: a table that is not computed yet. It is one
// of *Scan, *Values, *Project, *Filter, *Join, *Aggregate, *Window, *Sort,
// *Limit, *Sample and *Distinct, each made by the Builder method of its name.
type Rel interface {
	// Schema is the columns of every table that the expression can give.
	Schema() Schema
	// Ordering says which order the rows come in.
	Ordering() Ordering
	// Inputs are the expressions that this one reads, left before right.
	Inputs() []Rel
	// Node is the id of the workflow's node that built the expression.
	Node() string
}

// Ordering is the order of a table's rows. Its zero value is none: the table
// is a multiset.
type Ordering struct {
	// Natural says that the rows come in a meaningful order even where Keys
	// don't name it: a file's, or a sort's whose keys are gone.
	Natural bool
	Keys    []SortKey
}

// Known reports whether the rows come in an order at all.
func (o Ordering) Known() bool { return o.Natural || len(o.Keys) > 0 }

// SortKey is one key of an order.
type SortKey struct {
	Column     string
	Desc       bool
	NullsFirst bool
	Collation  string // "" is binary; "nocase", or a locale: "ru", "en"
}

// base is what every operator has.
type base struct {
	schema   Schema
	ordering Ordering
	node     string
}

func (b *base) Schema() Schema     { return b.schema }
func (b *base) Ordering() Ordering { return b.ordering }
func (b *base) Node() string       { return b.node }

// Builder makes operators on behalf of a node: its errors stand at the node.
type Builder struct {
	NodeID string
}

func (b Builder) base(s Schema, o Ordering) base { return base{schema: s, ordering: o, node: b.NodeID} }

// Scan reads a source: a file, or a result that was kept.
type Scan struct {
	base
	Source Source
}

// Values is a table given row by row.
type Values struct {
	base
	Rows [][]Value // each as long as the schema
}

// Item is a column of a projection and the expression that fills it.
type Item struct {
	Column Column // Type and Nullable are the expression's
	Expr   Expr
}

// Project computes each output row from one input row.
type Project struct {
	base
	Input Rel
	Items []Item
}

// Filter keeps the rows for which Cond is true.
type Filter struct {
	base
	Input Rel
	Cond  Expr
}

// JoinKind says which rows a join gives.
type JoinKind uint8

// The kinds of joins.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	SemiJoin  // left rows that have a match
	AntiJoin  // left rows that have none
	CrossJoin // all pairs
	AsOfJoin  // each left row with the nearest right row by the last key
)

var joinNames = [...]string{"inner", "left", "right", "full", "semi", "anti", "cross", "asof"}

// String is the kind's name in package files.
func (k JoinKind) String() string { return joinNames[k] }

// KeyPair is one pair of columns that must be equal in a join.
type KeyPair struct{ Left, Right string }

// AsOf is the inequality of an as-of join: the left value against the right
// values, of which the nearest is taken.
type AsOf struct {
	Left, Right string
	After       bool // take the nearest right value at or after; otherwise at or before
	Strict      bool // equal values don't match
	Outer       bool // keep left rows without a match
}

// JoinItem is one column of a join's result.
type JoinItem struct {
	From   *Ref   // with its side
	Column Column // as it leaves the join
}

// Join pairs the rows of two inputs.
type Join struct {
	base
	Left, Right Rel
	Kind        JoinKind
	Keys        []KeyPair
	NullsEqual  bool // a null key matches a null key
	AsOf        *AsOf
	Extra       Expr // further condition on a pair, with references to both sides; may be nil
	Items       []JoinItem
}

// Aggregate makes one row of each group of rows with equal keys; without keys
// one row of all, also of none.
type Aggregate struct {
	base
	Input    Rel
	Keys     []Item // expressions over the input, in the order of the output
	Measures []Measure
}

// Measure is one aggregated column.
type Measure struct {
	Column   Column
	Func     AggregateFunc
	Arg      Expr // nil for CountRows
	Distinct bool
	Fraction float64   // Percentile: 0 to 1
	Text     string    // Concat: the separator
	Order    []SortKey // First, Last, Concat: by columns of the input
}

// Window adds columns computed from the rows around each row.
type Window struct {
	base
	Input Rel
	Items []WindowItem
}

// WindowItem is one column of a Window.
type WindowItem struct {
	Column    Column
	Func      WindowFunc
	Arg       Expr // nil for the ranking functions
	Offset    int  // Lag, Lead: rows
	Partition []string
	Order     []SortKey
	Frame     *Frame // nil: the whole partition for aggregates
}

// Frame bounds the rows that a window's aggregate sees, relative to the
// current row; nil is unbounded.
type Frame struct{ Preceding, Following *int }

// Sort orders the rows.
type Sort struct {
	base
	Input Rel
	Keys  []SortKey
}

// Limit keeps Count rows after leaving out Offset.
type Limit struct {
	base
	Input  Rel
	Count  int64 // negative: all
	Offset int64
}

// SampleKind says how a sample is drawn.
type SampleKind uint8

// The kinds of samples.
const (
	SampleFirst SampleKind = iota // the first Count rows (of each group)
	SampleEvery                   // each Count-th row, beginning with the first
	SampleShare                   // each row with probability Share
	SampleCount                   // Count rows at random
)

var sampleNames = [...]string{"first", "every", "share", "count"}

// String is the kind's name in package files.
func (k SampleKind) String() string { return sampleNames[k] }

// Sample draws rows. Random kinds hash the seed and the row's number, so that
// a seed gives the same rows on every engine.
type Sample struct {
	base
	Input Rel
	Kind  SampleKind
	Count int64
	Share float64 // 0 to 1
	Seed  int64
	By    []string // groups to draw from one by one
}

// Distinct keeps one row of those that agree in the columns On; without On,
// of those that agree in all.
type Distinct struct {
	base
	Input Rel
	On    []string
	Order []SortKey // the first by this order is kept
}

// Inputs is empty: a scan reads no expression.
func (*Scan) Inputs() []Rel { return nil }

// Inputs is empty: the rows are given.
func (*Values) Inputs() []Rel { return nil }

// Inputs is the one input.
func (p *Project) Inputs() []Rel { return []Rel{p.Input} }

// Inputs is the one input.
func (f *Filter) Inputs() []Rel { return []Rel{f.Input} }

// Inputs are the left and the right input.
func (j *Join) Inputs() []Rel { return []Rel{j.Left, j.Right} }

// Inputs is the one input.
func (a *Aggregate) Inputs() []Rel { return []Rel{a.Input} }

// Inputs is the one input.
func (w *Window) Inputs() []Rel { return []Rel{w.Input} }

// Inputs is the one input.
func (s *Sort) Inputs() []Rel { return []Rel{s.Input} }

// Inputs is the one input.
func (l *Limit) Inputs() []Rel { return []Rel{l.Input} }

// Inputs is the one input.
func (s *Sample) Inputs() []Rel { return []Rel{s.Input} }

// Inputs is the one input.
func (d *Distinct) Inputs() []Rel { return []Rel{d.Input} }
