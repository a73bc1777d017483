package rel

import (
	"fmt"
	"strconv"
	"strings"
)

// FormatExpr spells an expression in the formula language, in full brackets.
func FormatExpr(e Expr) string {
	switch e := e.(type) {
	case nil:
		return ""
	case *Ref:
		return [...]string{"", "left.", "right."}[e.Side] + QuoteName(e.Column.Name)
	case *Literal:
		if _, decimal := e.Value.(Dec); decimal || TypeOf(e.Value) != e.As {
			return FormatValue(e.Value) + "::" + e.As.String()
		}
		return FormatValue(e.Value)
	case *Param:
		return "$" + e.Name + "{" + FormatValue(e.Value) + "}"
	case *Cast:
		return formatCast(e)
	case *Case:
		var b strings.Builder
		b.WriteString("case")
		for _, w := range e.Whens {
			b.WriteString(" when " + FormatExpr(w.If) + " then " + FormatExpr(w.Then))
		}
		if e.Else != nil {
			b.WriteString(" else " + FormatExpr(e.Else))
		}
		return b.String() + " end"
	case *Call:
		return formatCall(e)
	default:
		return fmt.Sprintf("%T", e)
	}
}

func formatCast(e *Cast) string {
	name := "cast"
	if e.Try {
		name = "try_cast"
	}
	x := FormatExpr(e.X)
	if _, literal := e.X.(*Literal); literal && e.To.ID == DecimalID {
		x = "(" + x + ")" // without brackets, the digits themselves are the decimal's
	}
	s := name + "(" + x + " as " + e.To.String()
	if e.How != nil {
		s += fmt.Sprintf(" format %q", []any{e.How.Decimal, e.How.Thousands, e.How.Dates, e.How.True, e.How.False})
	}
	return s + ")"
}

// operators are written between their arguments.
func isOperator(name string) bool {
	return name == "and" || name == "or" || !('a' <= name[0] && name[0] <= 'z')
}

func formatCall(e *Call) string {
	args := make([]string, len(e.Args))
	for i, a := range e.Args {
		args[i] = FormatExpr(a)
	}
	if e.Func.Name == "not" {
		return "(not " + args[0] + ")"
	}
	if isOperator(e.Func.Name) {
		if len(args) == 1 {
			return "(" + e.Func.Name + args[0] + ")"
		}
		return "(" + strings.Join(args, " "+e.Func.Name+" ") + ")"
	}
	return e.Func.Name + "(" + strings.Join(args, ", ") + ")"
}

// Format spells a plan as an indented text, the root first. It tells
// everything that the plan's result depends on, so equal texts mean equal
// results over equal sources. What several operators share is written once,
// as @1, and named afterwards.
func Format(r Rel) string {
	f := formatter{uses: map[Rel]int{}, names: map[Rel]string{}}
	f.count(r)
	f.write(r, 0)
	return f.b.String()
}

type formatter struct {
	b     strings.Builder
	uses  map[Rel]int
	names map[Rel]string
}

func (f *formatter) count(r Rel) {
	f.uses[r]++
	if f.uses[r] > 1 {
		return
	}
	for _, in := range r.Inputs() {
		f.count(in)
	}
}

func (f *formatter) write(r Rel, depth int) {
	f.b.WriteString(strings.Repeat("  ", depth))
	if n := f.names[r]; n != "" {
		f.b.WriteString(n + "\n")
		return
	}
	if f.uses[r] > 1 {
		f.names[r] = "@" + strconv.Itoa(len(f.names)+1)
		f.b.WriteString(f.names[r] + " ")
	}
	f.b.WriteString(Head(r) + "\n")
	for _, in := range r.Inputs() {
		f.write(in, depth+1)
	}
}

// Head spells one operator without its inputs.
func Head(r Rel) string {
	switch r := r.(type) {
	case *Scan:
		return "scan " + r.Source.Words() + " (" + r.schema.String() + ")"
	case *Values:
		return formatValues(r)
	case *Project:
		return "project " + formatItems(r.Items)
	case *Filter:
		return "filter " + FormatExpr(r.Cond)
	case *Join:
		return formatJoin(r)
	case *Aggregate:
		return formatAggregate(r)
	case *Window:
		return formatWindow(r)
	case *Sort:
		return "sort " + formatKeys(r.Keys)
	case *Limit:
		return fmt.Sprintf("limit %d offset %d", r.Count, r.Offset)
	case *Sample:
		return fmt.Sprintf("sample %s count %d share %s seed %d by [%s]",
			r.Kind, r.Count, FormatReal(r.Share), r.Seed, strings.Join(r.By, ", "))
	case *Distinct:
		return "distinct on [" + strings.Join(r.On, ", ") + "] " + formatKeys(r.Order)
	default:
		return fmt.Sprintf("%T", r)
	}
}

func formatItems(items []Item) string {
	parts := make([]string, len(items))
	for i, it := range items {
		parts[i] = it.Column.Name
		if ref, ok := it.Expr.(*Ref); !ok || ref.Column.Name != it.Column.Name {
			parts[i] += " = " + FormatExpr(it.Expr)
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func formatKeys(keys []SortKey) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.Column
		if k.Desc {
			parts[i] += " desc"
		}
		if k.NullsFirst {
			parts[i] += " nulls first"
		}
		if k.Collation != "" {
			parts[i] += " collate " + k.Collation
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func formatValues(r *Values) string {
	rows := make([]string, len(r.Rows))
	for i, row := range r.Rows {
		cells := make([]string, len(row))
		for j, v := range row {
			cells[j] = FormatValue(v)
		}
		rows[i] = "(" + strings.Join(cells, ", ") + ")"
	}
	return "values (" + r.schema.String() + ") " + strings.Join(rows, " ")
}

func formatJoin(r *Join) string {
	s := r.Kind.String() + " join"
	for i, k := range r.Keys {
		s += [2]string{" on ", " and "}[min(i, 1)] + k.Left + " = " + k.Right
	}
	if r.NullsEqual {
		s += " nulls equal"
	}
	if a := r.AsOf; a != nil {
		s += fmt.Sprintf(" nearest %s to %s after=%t strict=%t outer=%t", a.Right, a.Left, a.After, a.Strict, a.Outer)
	}
	if r.Extra != nil {
		s += " where " + FormatExpr(r.Extra)
	}
	parts := make([]string, len(r.Items))
	for i, it := range r.Items {
		parts[i] = FormatExpr(it.From)
		if it.From.Column.Name != it.Column.Name {
			parts[i] = it.Column.Name + " = " + parts[i]
		}
	}
	return s + " [" + strings.Join(parts, ", ") + "]"
}

func formatAggregate(r *Aggregate) string {
	parts := make([]string, len(r.Measures))
	for i, m := range r.Measures {
		parts[i] = m.Column.Name + " = " + string(m.Func) + "(" + FormatExpr(m.Arg) + ")"
		if m.Distinct {
			parts[i] += " distinct"
		}
		if m.Func == Percentile {
			parts[i] += " at " + FormatReal(m.Fraction)
		}
		if m.Func == Concat {
			parts[i] += " by " + quoteText(m.Text)
		}
		if len(m.Order) > 0 {
			parts[i] += " order " + formatKeys(m.Order)
		}
	}
	return "aggregate " + formatItems(r.Keys) + " [" + strings.Join(parts, ", ") + "]"
}

func formatWindow(r *Window) string {
	parts := make([]string, len(r.Items))
	for i, it := range r.Items {
		parts[i] = fmt.Sprintf("%s = %s(%s) offset %d partition [%s] order %s", it.Column.Name, it.Func,
			FormatExpr(it.Arg), it.Offset, strings.Join(it.Partition, ", "), formatKeys(it.Order))
		if it.Frame != nil {
			parts[i] += " rows " + bound(it.Frame.Preceding) + " to " + bound(it.Frame.Following)
		}
	}
	return "window [" + strings.Join(parts, ", ") + "]"
}

func bound(n *int) string {
	if n == nil {
		return "unbounded"
	}
	return strconv.Itoa(*n)
}

// Words tells the file and how it is read.
func (t *TextFile) Words() string {
	s := fmt.Sprintf("text %s %s delimiter %q quote %q", strings.Join(t.Files, ", "), t.Encoding, t.Delimiter, t.Quote)
	if t.Header {
		s += " header"
	}
	if t.Skip > 0 {
		s += fmt.Sprintf(" skip %d", t.Skip)
	}
	if len(t.Nulls) > 0 {
		s += fmt.Sprintf(" nulls %q", t.Nulls)
	}
	return s
}

// Words tells the files.
func (p *ParquetFile) Words() string {
	parts := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		parts[i] = c.Name + " " + c.Type
	}
	return "parquet " + strings.Join(p.Files, ", ") + " {" + strings.Join(parts, ", ") + "}"
}

// Words tells the address.
func (s *Stored) Words() string { return "stored " + s.Address }
