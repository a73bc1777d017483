// Package pack holds the document: a package with its workflows, nodes, links,
// variables, services and tests; its one text form; and the commands that
// change it, each with its inverse.
//
// It is pure: it reads and writes no files, and knows neither components nor
// engines. What a setting means is the component's business.
package pack

// Marks are the comments that stand at the fixed keys of an item (component,
// nodes, layout and so on), by key.
type Marks map[string]Comments

// Package is one document, the unit of saving, versioning and publishing.
// All collections keep the order of the file.
type Package struct {
	Weft      int // version of the format, 1
	Label     string
	Note      string
	Variables []Variable
	Workflows []Workflow
	Services  []Service
	Tests     []Test
	Notes     Comments // comments at the head of the file
	Marks     Marks
	Tail      []string // comments after the last line
}

// Variable is a named value of the package.
type Variable struct {
	Name    string
	Type    string // a type's name as rel spells it: boolean, integer, real, decimal(p,s), string, date, time, timestamp, timestamptz
	Default Value  // null: a value must be given
	Label   string
	Note    string
	Pos     Pos
	Notes   Comments
	Marks   Marks
}

// Workflow is a directed acyclic graph of nodes. The package's first workflow
// is main.
type Workflow struct {
	ID    string
	Label string
	Nodes []Node
	Note  string
	Memos []Memo
	Pos   Pos
	Notes Comments
	Marks Marks
}

// Node is an instance of a component.
type Node struct {
	ID        string // [a-z][a-z0-9_]*, stable
	Component string // as written: rows.filter, or rows.filter@2
	Label     string
	Note      string
	Keep      bool   // keep the result
	Inputs    []Link // in the order of the file; one per input port
	Settings  Value  // a map, or null when there are none
	At        Point  // position on the canvas
	Placed    bool   // whether At was given
	Pos       Pos
	Notes     Comments
	AtNotes   Comments // at the node's line in the layout
	Marks     Marks
}

// Link is the end of a link at the node that consumes.
type Link struct {
	Port  string // input port's name; empty: the component's first port
	From  Ref
	Pos   Pos
	Notes Comments
}

// Ref names an output port.
type Ref struct {
	Node string
	Port string // empty: the first output
}

// String renders the reference as the file spells it: node or node.port.
func (r Ref) String() string {
	if r.Port == "" {
		return r.Node
	}
	return r.Node + "." + r.Port
}

// Point is a position on the canvas, in pixels at zoom 1.
type Point struct{ X, Y int }

// Memo is a text box on the canvas.
type Memo struct {
	ID    string
	Text  string
	At    Point
	Size  Point // zero: as large as the text
	Pos   Pos
	Notes Comments
	Marks Marks
}

// Service is a published service with its operations.
type Service struct {
	ID         string
	Label      string
	Operations []Operation
	Pos        Pos
	Notes      Comments
	Marks      Marks
}

// Operation is one operation of a service: a function from an input table and
// variables to the rows of an output node.
type Operation struct {
	ID        string
	Label     string
	Workflow  string // empty: main
	Input     string // node whose table the caller gives; empty: none
	Variables []string
	Output    Ref
	Pos       Pos
	Notes     Comments
	Marks     Marks
}

// Test gives tables in place of inputs and says what must come out.
type Test struct {
	ID        string
	Label     string
	Workflow  string  // empty: main
	Variables []Entry // values in place of the defaults
	Given     []Given
	Want      []Want
	Pos       Pos
	Notes     Comments
	Marks     Marks
}

// Given is a table in the place of a node's output.
type Given struct {
	Node  string
	Rows  []Value // each a map from column to value; columns that are left out are null
	Pos   Pos
	Notes Comments
}

// Want is what a test expects at an output.
type Want struct {
	At      Ref
	Rows    []Value // wanted rows, as maps; nil: not checked
	Ordered bool    // the order of Rows counts
	Count   *int64  // wanted number of rows
	Unique  []string
	NotNull []string
	Holds   []string // formulas that must hold for every row
	Pos     Pos
	Notes   Comments
	Marks   Marks
}

// Workflow returns the workflow with an id, or nil.
func (p *Package) Workflow(id string) *Workflow {
	for i := range p.Workflows {
		if p.Workflows[i].ID == id {
			return &p.Workflows[i]
		}
	}
	return nil
}

// Variable returns the variable with a name, or nil.
func (p *Package) Variable(name string) *Variable {
	for i := range p.Variables {
		if p.Variables[i].Name == name {
			return &p.Variables[i]
		}
	}
	return nil
}

// Node returns the node with an id, or nil.
func (w *Workflow) Node(id string) *Node {
	for i := range w.Nodes {
		if w.Nodes[i].ID == id {
			return &w.Nodes[i]
		}
	}
	return nil
}
