// Package formula is the language that people type into settings: expressions
// over columns, variables and the functions of a catalogue. It parses with
// positions in characters, resolves names, checks types, inserts conversions
// and folds constants, and the result is a rel.Expr.
//
// It is pure: it knows no component, no engine and no SQL. The language is
// described in DESIGN.md.
package formula

import "github.com/weftworks/weft/internal/rel"

// Kind says what a Node is.
type Kind uint8

// The kinds of nodes.
const (
	Literal  Kind = iota // Value; Text is the number as it was typed
	Column               // Text is the name, Side the input of a join
	Label                // Text is what stands in the square brackets
	Variable             // Text is the name, without $
	Call                 // Text is the function's name, Args are its arguments
	Case                 // Args: the operand if HasOperand, pairs of when and then, the else if HasElse
	Cast                 // Args[0] converted to Type
)

// Span is a place in a formula, in characters from 0.
type Span struct{ Offset, Length int }

// end is the first character behind the span.
func (s Span) end() int { return s.Offset + s.Length }

// Node is a part of a parsed formula.
type Node struct {
	Kind  Kind
	Span  Span
	Text  string
	Name  Span // where the column's or function's name, or the label with its brackets, stands
	Value rel.Value
	Args  []*Node
	Side  rel.Side
	Type  rel.Type // of a Cast
	Try   bool     // a Cast that gives null instead of failing

	HasOperand, HasElse bool // of a Case

	bracketed bool // stood in round brackets
	height    int  // longest way down to a leaf
}

// Walk calls f for the node and everything in it, parents first.
func (n *Node) Walk(f func(*Node)) {
	f(n)
	for _, a := range n.Args {
		a.Walk(f)
	}
}
