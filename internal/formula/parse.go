package formula

import (
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Limits of formulas: small texts can make big plans.
const (
	MaxDepth  = 200    // levels of brackets, calls and the like
	MaxHeight = 250    // operators in a row, as in a + b + c
	MaxNodes  = 10_000 // parts, before and after names are resolved
)

// Parse reads a formula. Errors are *errs.Error with Place.Offset and
// Place.Length, in characters.
func Parse(src string) (*Node, error) {
	tokens, err := lex(src)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens}
	if p.peek().kind == endToken {
		return nil, fail(p.peek().span, errEmpty, nil)
	}
	n, err := p.expression(orLevel)
	if err != nil {
		return nil, err
	}
	if p.peek().kind != endToken {
		return nil, p.trailing()
	}
	return n, nil
}

// The levels of precedence, loosest first.
const (
	orLevel = iota + 1
	andLevel
	notLevel
	compareLevel
	sumLevel
	productLevel
)

type parser struct {
	tokens []token
	pos    int
	depth  int
	nodes  int
}

func (p *parser) peek() token { return p.tokens[p.pos] }

// ahead returns the token after the next, or the end.
func (p *parser) ahead() token { return p.tokens[min(p.pos+1, len(p.tokens)-1)] }

func (p *parser) next() token {
	t := p.peek()
	if t.kind != endToken {
		p.pos++
	}
	return t
}

// accept takes the next token if it is one of some words or signs.
func (p *parser) accept(words ...string) bool {
	if p.peek().is(words...) {
		p.pos++
		return true
	}
	return false
}

// What may be wanted, in words.
var (
	wantValue    = errs.Words{En: "a value, a column or a function", Ru: "значение, столбец или функция"}
	wantOperator = errs.Words{En: "an operator or the end", Ru: "оператор или конец формулы"}
	wantType     = errs.Words{En: "the name of a type", Ru: "имя типа"}
	wantColumn   = errs.Words{En: "the name of a column", Ru: "имя столбца"}
)

func literally(s string) errs.Words { return errs.Words{En: s, Ru: s} }

// found words a token for a message.
func found(t token) errs.Words {
	switch t.kind {
	case endToken:
		return errs.Words{En: "the end", Ru: "конец формулы"}
	case textToken:
		return literally(rel.FormatValue(shorten(t.text)))
	case labelToken:
		return literally("[" + shorten(t.text) + "]")
	case variableToken:
		return literally("$" + shorten(t.text))
	default:
		return literally(shorten(t.text))
	}
}

// shorten cuts a long text for a message.
func shorten(s string) string {
	r := []rune(s)
	if len(r) <= 40 {
		return s
	}
	return string(r[:39]) + "…"
}

func (p *parser) unexpected(want errs.Words) error {
	t := p.peek()
	return fail(t.span, errUnexpected, errs.P{"want": want, "found": found(t)})
}

// trailing is the error of something behind a whole expression.
func (p *parser) trailing() error {
	t := p.peek()
	for _, word := range []struct{ found, want string }{
		{"xor", "xor(a, b)"}, {"mod", "%"}, {"div", "trunc(a / b)"}, {"rlike", "regexp_matches(text, pattern)"},
		{"then", "if(condition, then, else)"}, {"as", "cast(x as type)"},
	} {
		if t.is(word.found) {
			return fail(t.span, errInstead, errs.P{"found": word.found, "want": word.want})
		}
	}
	return p.unexpected(wantOperator)
}

// node completes a node from start up to the last token taken, and counts it.
func (p *parser) node(n *Node, start int) (*Node, error) {
	last := p.tokens[max(p.pos-1, 0)].span
	n.Span = Span{start, last.end() - start}
	for _, a := range n.Args {
		n.height = max(n.height, a.height+1)
	}
	if p.nodes++; p.nodes > MaxNodes {
		return nil, fail(n.Span, errTooLarge, errs.P{"most": MaxNodes})
	}
	if n.height > MaxHeight {
		return nil, fail(n.Span, errTooDeep, errs.P{"most": MaxHeight})
	}
	return n, nil
}

// nested reads an expression that stands within another: in brackets, behind
// a sign. All recursion passes here.
func (p *parser) nested(level int) (*Node, error) {
	if p.depth++; p.depth > MaxDepth {
		return nil, fail(p.peek().span, errTooDeep, errs.P{"most": MaxDepth})
	}
	defer func() { p.depth-- }()
	return p.expression(level)
}

// expression reads operators of a level and all that bind tighter.
func (p *parser) expression(level int) (*Node, error) {
	left, err := p.prefix(level)
	for err == nil {
		t := p.peek()
		at := levelOf(p, t)
		if at == 0 || at < level {
			break
		}
		if at == compareLevel {
			left, err = p.comparison(left)
		} else {
			left, err = p.binary(left, at)
		}
	}
	return left, err
}

// levelOf returns the level of an operator that stands between operands, 0 for
// anything else.
func levelOf(p *parser, t token) int {
	switch {
	case t.is("or"):
		return orLevel
	case t.is("and"):
		return andLevel
	case t.is("=", "<>", "<", "<=", ">", ">=", "is", "in", "between", "like", "ilike"),
		t.is("not") && p.ahead().is("in", "between", "like", "ilike"):
		return compareLevel
	case t.is("+", "-", "||"):
		return sumLevel
	case t.is("*", "/", "%"):
		return productLevel
	default:
		return 0
	}
}

// flat reports whether chains of an operator are one call of many arguments.
func flat(op string) bool { return op == "and" || op == "or" || op == "||" }

func (p *parser) binary(left *Node, level int) (*Node, error) {
	op := p.next()
	name := strings.ToLower(op.text)
	right, err := p.expression(level + 1)
	if err != nil {
		return nil, err
	}
	if flat(name) && left.Kind == Call && left.Text == name && !left.bracketed {
		left.Args = append(left.Args, right)
		left.height = max(left.height, right.height+1)
		left.Span.Length = right.Span.end() - left.Span.Offset
		return left, nil
	}
	return p.node(&Node{Kind: Call, Text: name, Name: op.span, Args: []*Node{left, right}}, left.Span.Offset)
}

// comparison reads what follows a value at the level of comparisons.
func (p *parser) comparison(left *Node) (*Node, error) {
	start := left.Span.Offset
	if !left.bracketed && left.Kind == Call && isComparison(left.Text) && !p.peek().is("is") {
		return nil, fail(p.peek().span, errChain, nil)
	}
	negated := p.accept("not")
	op := p.next()
	var n *Node
	var err error
	switch {
	case op.is("is"):
		n, err = p.isNull(left, op)
	case op.is("between"):
		n, err = p.between(left, op)
	case op.is("in"):
		n, err = p.in(left, op)
	default:
		var right *Node
		if right, err = p.expression(sumLevel); err == nil {
			n, err = p.node(&Node{Kind: Call, Text: strings.ToLower(op.text), Name: op.span, Args: []*Node{left, right}}, start)
		}
	}
	if err != nil || !negated {
		return n, err
	}
	return p.node(&Node{Kind: Call, Text: "not", Name: op.span, Args: []*Node{n}}, start)
}

func isComparison(name string) bool {
	switch name {
	case "=", "<>", "<", "<=", ">", ">=", "between", "in", "like", "ilike":
		return true
	default:
		return false
	}
}

func (p *parser) isNull(left *Node, op token) (*Node, error) {
	name := "is_null"
	if p.accept("not") {
		name = "is_not_null"
	}
	if t := p.peek(); t.is("true", "false") {
		return nil, fail(Span{op.span.Offset, t.span.end() - op.span.Offset}, errInstead, errs.P{"found": "is " + t.text, "want": "= " + t.text})
	}
	if !p.accept("null") {
		return nil, p.unexpected(literally("null"))
	}
	return p.node(&Node{Kind: Call, Text: name, Name: op.span, Args: []*Node{left}}, left.Span.Offset)
}

func (p *parser) between(left *Node, op token) (*Node, error) {
	low, err := p.expression(sumLevel)
	if err != nil {
		return nil, err
	}
	if !p.accept("and") {
		return nil, p.unexpected(literally("and"))
	}
	high, err := p.expression(sumLevel)
	if err != nil {
		return nil, err
	}
	return p.node(&Node{Kind: Call, Text: "between", Name: op.span, Args: []*Node{left, low, high}}, left.Span.Offset)
}

func (p *parser) in(left *Node, op token) (*Node, error) {
	items, err := p.arguments()
	if err != nil {
		return nil, err
	}
	return p.node(&Node{Kind: Call, Text: "in", Name: op.span, Args: append([]*Node{left}, items...)}, left.Span.Offset)
}

// prefix reads not, minus and plus before a value. What binds looser than the
// level must stand in brackets: a + not b is refused.
func (p *parser) prefix(level int) (*Node, error) {
	t := p.peek()
	switch {
	case t.is("not") && level <= notLevel:
		p.next()
		return p.unary("not", t, notLevel)
	case t.is("-") && p.ahead().kind == numberToken:
		p.next()
		n, err := p.number("-", t.span.Offset)
		return p.suffix(n, err)
	case t.is("-"):
		p.next()
		return p.unary("neg", t, productLevel+1)
	case t.is("+") && p.ahead().kind != endToken:
		p.next()
		return p.nested(productLevel + 1)
	default:
		n, err := p.primary()
		return p.suffix(n, err)
	}
}

func (p *parser) unary(name string, op token, level int) (*Node, error) {
	x, err := p.nested(level)
	if err != nil {
		return nil, err
	}
	return p.node(&Node{Kind: Call, Text: name, Name: op.span, Args: []*Node{x}}, op.span.Offset)
}

// suffix reads ::type behind a value.
func (p *parser) suffix(n *Node, err error) (*Node, error) {
	for err == nil && p.accept("::") {
		var t rel.Type
		if t, err = p.typeName(); err == nil {
			n, err = p.node(&Node{Kind: Cast, Type: t, Args: []*Node{n}}, n.Span.Offset)
		}
	}
	return n, err
}
