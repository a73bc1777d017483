package formula

import (
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// primary reads a value without operators around it.
func (p *parser) primary() (*Node, error) {
	t := p.peek()
	start := t.span.Offset
	switch t.kind {
	case numberToken:
		return p.number("", start)
	case textToken:
		p.next()
		return p.node(&Node{Kind: Literal, Value: t.text}, start)
	case labelToken:
		p.next()
		return p.node(&Node{Kind: Label, Text: t.text, Name: t.span}, start)
	case variableToken:
		p.next()
		return p.node(&Node{Kind: Variable, Text: t.text, Name: t.span}, start)
	case wordToken:
		return p.wordly(t)
	case signToken:
		if t.is("(") {
			return p.bracketed(t)
		}
	}
	return nil, p.unexpected(wantValue)
}

// wordly reads what begins with a word.
func (p *parser) wordly(t token) (*Node, error) {
	start := t.span.Offset
	switch follow := p.ahead(); {
	case t.is("case"):
		return p.caseOf(t)
	case t.is("cast", "try_cast") && follow.is("("):
		return p.cast(t)
	case t.is("date", "time", "timestamp", "timestamptz") && follow.kind == textToken:
		return p.moment(t)
	case t.is("true", "false"):
		p.next()
		return p.node(&Node{Kind: Literal, Value: t.is("true")}, start)
	case t.is("null"):
		p.next()
		return p.node(&Node{Kind: Literal}, start)
	case follow.is("(") && (!rel.Reserved(t.text) || t.is("and", "or", "not", "in", "between", "like", "ilike")):
		return p.call(t)
	case follow.is(".") && !rel.Reserved(t.text):
		return p.sided(t)
	case rel.Reserved(t.text):
		return nil, p.unexpected(wantValue)
	default:
		p.next()
		return p.node(&Node{Kind: Column, Text: t.text, Name: t.span}, start)
	}
}

// number reads a number with the sign that stood before it.
func (p *parser) number(sign string, start int) (*Node, error) {
	t := p.next()
	text := sign + t.text
	n := &Node{Kind: Literal, Text: text}
	if strings.ContainsAny(text, ".eE") {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fail(t.span, errNumberRange, errs.P{"found": shorten(text)})
		}
		n.Value = v
	} else if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		n.Value = v
	}
	return p.node(n, start)
}

func (p *parser) bracketed(open token) (*Node, error) {
	p.next()
	n, err := p.nested(orLevel)
	if err != nil {
		return nil, err
	}
	if err := p.closing(open, literally(")")); err != nil {
		return nil, err
	}
	n.bracketed = true
	n.Span = Span{open.span.Offset, p.tokens[p.pos-1].span.end() - open.span.Offset}
	return n, nil
}

// closing takes the bracket that closes open. At the formula's end the error
// stands at the opening bracket, which is what is wrong there.
func (p *parser) closing(open token, want errs.Words) error {
	if p.accept(")") {
		return nil
	}
	t := p.peek()
	if t.kind != endToken {
		return p.unexpected(want)
	}
	return fail(open.span, errOpenBracket, errs.P{"want": want, "found": found(t)})
}

// arguments reads expressions in brackets, at least one.
func (p *parser) arguments() ([]*Node, error) {
	open := p.peek()
	if !p.accept("(") {
		return nil, p.unexpected(literally("("))
	}
	var args []*Node
	for {
		a, err := p.nested(orLevel)
		if err != nil {
			return nil, err
		}
		args = append(args, a)
		if !p.accept(",") {
			break
		}
	}
	return args, p.closing(open, errs.Words{En: ", or )", Ru: ", или )"})
}

func (p *parser) call(name token) (*Node, error) {
	p.next()
	n := &Node{Kind: Call, Text: strings.ToLower(name.text), Name: name.span, bracketed: true}
	if p.ahead().is(")") {
		p.pos += 2
		return p.node(n, name.span.Offset)
	}
	args, err := p.arguments()
	if err != nil {
		return nil, err
	}
	n.Args = args
	return p.node(n, name.span.Offset)
}

// sided reads left.name and right.name.
func (p *parser) sided(side token) (*Node, error) {
	p.pos += 2
	t := p.peek()
	if t.kind != labelToken && t.kind != wordToken {
		return nil, p.unexpected(wantColumn)
	}
	p.next()
	n := &Node{Kind: Column, Text: t.text, Name: t.span, Side: rel.Left}
	if t.kind == labelToken {
		n.Kind = Label
	}
	if side.is("right") {
		n.Side = rel.Right
	} else if !side.is("left") {
		at := Span{side.span.Offset, t.span.end() - side.span.Offset}
		return nil, fail(at, errTablePrefix, errs.P{"column": t.text, "found": side.text + "." + t.text})
	}
	return p.node(n, side.span.Offset)
}

// caseOf reads case [x] when … then … [else …] end.
func (p *parser) caseOf(open token) (*Node, error) {
	p.next()
	n := &Node{Kind: Case}
	part := func() error {
		x, err := p.nested(orLevel)
		n.Args = append(n.Args, x)
		return err
	}
	if n.HasOperand = !p.peek().is("when"); n.HasOperand {
		if err := part(); err != nil {
			return nil, err
		}
	}
	if !p.peek().is("when") {
		return nil, p.unexpected(literally("when"))
	}
	for p.accept("when") {
		if err := part(); err != nil {
			return nil, err
		}
		if !p.accept("then") {
			return nil, p.unexpected(literally("then"))
		}
		if err := part(); err != nil {
			return nil, err
		}
	}
	if n.HasElse = p.accept("else"); n.HasElse {
		if err := part(); err != nil {
			return nil, err
		}
	}
	if !p.accept("end") {
		if n.HasElse {
			return nil, p.unexpected(literally("end"))
		}
		return nil, p.unexpected(errs.Words{En: "when, else or end", Ru: "when, else или end"})
	}
	return p.node(n, open.span.Offset)
}

// cast reads cast(x as type) and try_cast.
func (p *parser) cast(name token) (*Node, error) {
	p.next()
	open := p.next()
	x, err := p.nested(orLevel)
	if err != nil {
		return nil, err
	}
	if !p.accept("as") {
		return nil, p.unexpected(literally("as"))
	}
	t, err := p.typeName()
	if err != nil {
		return nil, err
	}
	if err := p.closing(open, literally(")")); err != nil {
		return nil, err
	}
	return p.node(&Node{Kind: Cast, Name: name.span, Type: t, Try: name.is("try_cast"), Args: []*Node{x}}, name.span.Offset)
}

// typeName reads a type: integer, decimal(10,2).
func (p *parser) typeName() (rel.Type, error) {
	t := p.peek()
	if t.kind != wordToken {
		return rel.Type{}, p.unexpected(wantType)
	}
	p.next()
	text, end := strings.ToLower(t.text), t.span.end()
	if p.peek().is("(") {
		for most := p.pos + 6; !p.peek().is(")"); {
			if p.peek().kind == endToken || p.pos > most {
				return rel.Type{}, p.unexpected(literally(")"))
			}
			text += p.next().text
		}
		end = p.next().span.end()
		text += ")"
	}
	if out, ok := rel.ParseType(text); ok {
		return out, nil
	}
	return rel.Type{}, fail(Span{t.span.Offset, end - t.span.Offset}, errType, errs.P{
		"found": shorten(text), "types": strings.Join(rel.TypeNames(), ", "), "suggest": suggestType(text),
	})
}

// suggestType knows the names of types elsewhere.
func suggestType(name string) errs.Words {
	base, _, _ := strings.Cut(name, "(")
	for ours, theirs := range map[string]string{
		"integer": "int bigint int8 int4 smallint tinyint long int64 number", "real": "double float float8 float4 float64",
		"string": "text varchar char nvarchar str", "boolean": "bool bit logical", "decimal(18,2)": "numeric money dec",
		"timestamp": "datetime datetime2 timestamp_ntz", "timestamptz": "timestamp_tz datetimeoffset instant",
	} {
		for _, n := range strings.Fields(theirs) {
			if n == base {
				return errs.Suggest(ours, []string{ours})
			}
		}
	}
	return errs.Suggest(name, rel.TypeNames())
}

// moment reads date '2020-01-31' and the like.
func (p *parser) moment(name token) (*Node, error) {
	p.next()
	t := p.next()
	to, _ := rel.ParseType(strings.ToLower(name.text))
	v, ok := function.ParseValue(t.text, to)
	if !ok || v == nil {
		return nil, fail(t.span, errMoment, errs.P{"found": found(t), "type": to, "want": momentExample(to)})
	}
	return p.node(&Node{Kind: Literal, Value: v}, name.span.Offset)
}

func momentExample(t rel.Type) string {
	switch t {
	case rel.Date:
		return "date '2020-01-31'"
	case rel.Time:
		return "time '13:45:00'"
	case rel.Timestamp:
		return "timestamp '2020-01-31 13:45:00'"
	default:
		return "timestamptz '2020-01-31 13:45:00Z'"
	}
}
