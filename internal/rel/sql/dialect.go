package sql

import (
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Dialect is how one engine spells SQL. The values come from DuckDB; the zero
// value is of no use.
type Dialect struct {
	name      string
	typeName  func(rel.Type) string
	literal   func(v rel.Value, t rel.Type) string // v is not null
	cast      func(x *exprs, c *rel.Cast) string
	once      func(x *exprs, c *rel.Cast) string // a try to read text that the engine computes where it stands and nowhere else
	finite    func(v string) string              // v, or null where it is NaN or infinite
	let       func(x *exprs, value string, body func(v string) string) string
	collate   func(expr, collation string) string
	functions map[string]template
	aggregate func(x *exprs, m aggregation) string
	scan      func(r *renderer, s *rel.Scan) (*block, error)
	hash      func(row string, seed int64) string // rel.SampleHash of a row number
}

// template spells a call whose arguments are spelled already.
type template func(x *exprs, c *rel.Call, args []string) string

// Options are what a query needs to know beyond its plan.
type Options struct {
	// Resolve gives the path that the engine opens for a path of a source: an
	// absolute one, or that of a transcoded copy. nil: paths are taken as they
	// are.
	Resolve func(path string) (string, error)
	// Cap bounds the rows that are read of a source, for previews.
	Cap map[*rel.Scan]int64
	// Total parts the ties of the plan's order, for a result that is stored and
	// read again: rows that are counted there are the ones counted here.
	Total bool
}

func (o Options) resolve(path string) (string, error) {
	if o.Resolve == nil {
		return path, nil
	}
	return o.Resolve(path)
}

var (
	errNUL = errs.Message{
		ID: "sql.text_nul",
		En: "A constant text holds a NUL character or bytes that are no UTF-8, which no engine takes: {found}.",
		Ru: "Текстовая константа содержит символ NUL или байты не в UTF-8, движки этого не принимают: {found}.",
	}
	errUnknownFunction = errs.Message{
		ID: "sql.no_function",
		En: "The engine {engine} cannot compute the function {function} yet.",
		Ru: "Движок {engine} пока не вычисляет функцию {function}.",
	}
	errUnresolved = errs.Message{
		ID: "sql.unresolved",
		En: "Internal error: the expression {expression} refers to a column that is not there.",
		Ru: "Внутренняя ошибка: выражение {expression} ссылается на столбец, которого нет.",
	}
)

// ident quotes an identifier.
func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// text quotes a constant text.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// texts quotes several, with commas between.
func texts(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = text(s)
	}
	return strings.Join(out, ", ")
}

// checkText refuses what can't stand in a query.
func checkText(s string) error {
	if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
		return errs.New(errs.Invalid, errNUL, errs.P{"found": strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "␀"), "\uFFFD")})
	}
	return nil
}

// Renders reports whether the dialect has a function of the catalogue.
func (d Dialect) Renders(name string) bool { return d.functions[name] != nil }
