package sql

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var errSource = errs.Message{
	ID: "sql.source_unknown",
	En: "The engine {engine} cannot read the source {source}.",
	Ru: "Движок {engine} не может прочитать источник {source}.",
}

// maxLine is the longest record of a text file, in bytes.
const maxLine = 16 << 20

// bufferSize is what each thread of the reader takes of a file at once, in
// bytes. Left to itself the engine takes sixteen of the longest lines, which
// makes the head of a file as slow as half a gigabyte.
const bufferSize = 2 * maxLine

// duckScan reads a source. The columns have the scan's types: what the engine
// gives otherwise is converted here.
func duckScan(r *renderer, s *rel.Scan) (*block, error) {
	alias := r.alias()
	var from string
	var err error
	convert := func(_ int, c *leaf) rel.Expr { return c }
	switch src := s.Source.(type) {
	case *rel.TextFile:
		from, err = duckText(r, src)
	case *rel.ParquetFile:
		from, err = duckParquet(r, src.Files)
		convert = parquetColumns(src)
	case *rel.Stored:
		if from = ident(src.Address); len(src.Files) > 0 {
			from = "read_parquet(" + fileList(src.Files) + ")"
		}
	case *rel.Given:
		if r.x.places == nil {
			return nil, errs.New(errs.Internal, errSource, errs.P{"engine": r.d.name, "source": src.Words()})
		}
		from, convert = r.x.given(src, s.Schema()), fromText
	default:
		err = errs.New(errs.Invalid, errSource, errs.P{"engine": r.d.name, "source": s.Source.Words()})
	}
	if err != nil {
		return nil, err
	}
	names := sourceNames(s)
	if n, ok := r.o.Cap[s]; ok {
		from = "(SELECT " + columnList(names) + " FROM " + from + " LIMIT " + strconv.FormatInt(n, 10) + ")"
	}
	b := &block{from: from + " AS " + alias, natural: s.Ordering().Known()}
	for i, c := range s.Schema() {
		in := c
		in.Name = names[i]
		b.items = append(b.items, rel.Item{Column: c, Expr: convert(i, columnOf(alias, in))})
	}
	b.table = allColumns(b.items)
	return b, nil
}

func columnList(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = ident(n)
	}
	return strings.Join(out, ", ")
}

// resolveAll gives the engine's paths as a list.
func resolveAll(r *renderer, paths []string) (string, error) {
	out := make([]string, len(paths))
	for i, p := range paths {
		abs, err := r.o.resolve(p)
		if err != nil {
			return "", err
		}
		if err := checkText(abs); err != nil {
			return "", err
		}
		out[i] = abs
	}
	return fileList(out), nil
}

// duckText reads delimited text, every field as text. The files are UTF-8: what
// is in another encoding was transcoded, and resolve gives the copy. See
// DESIGN.md for what each option holds.
func duckText(r *renderer, t *rel.TextFile) (string, error) {
	paths, err := resolveAll(r, t.Files)
	if err != nil {
		return "", err
	}
	for _, s := range append([]string{t.Delimiter, t.Quote}, append(t.Nulls, t.Fields...)...) {
		if err := checkText(s); err != nil {
			return "", err
		}
	}
	columns := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		columns[i] = text(f) + ": 'VARCHAR'"
	}
	nulls := append([]string{""}, t.Nulls...)
	return fmt.Sprintf("read_csv(%s, auto_detect=false, columns={%s}, delim=%s, quote=%s, escape=%s, header=%t, skip=%d, "+
		"nullstr=[%s], allow_quoted_nulls=false, strict_mode=true, null_padding=false, ignore_errors=false, max_line_size=%d, buffer_size=%d)",
		paths, strings.Join(columns, ", "), text(t.Delimiter), text(t.Quote), text(t.Quote), t.Header, t.Skip,
		texts(nulls), maxLine, bufferSize), nil
}

func duckParquet(r *renderer, files []string) (string, error) {
	paths, err := resolveAll(r, files)
	return "read_parquet(" + paths + ")", err
}

// parquetColumns converts the columns of a Parquet file, which stand in the
// order of the scan's, from the engine's names and types.
func parquetColumns(p *rel.ParquetFile) func(int, *leaf) rel.Expr {
	return func(i int, c *leaf) rel.Expr {
		if i >= len(p.Columns) {
			return c
		}
		from := strings.ToUpper(p.Columns[i].Type)
		if c.typ.ID == rel.RealID && (from == "FLOAT" || from == "DOUBLE") {
			v := c.sql
			if from == "FLOAT" {
				v = "CAST(" + v + " AS DOUBLE)"
			}
			return &leaf{sql: duckFinite(v), typ: c.typ, null: true, cost: 2}
		}
		if from == strings.ToUpper(duckType(c.typ)) {
			return c
		}
		return &leaf{sql: "CAST(" + c.sql + " AS " + duckType(c.typ) + ")", typ: c.typ, null: c.null, cost: 2}
	}
}

// sourceNames are the names of a scan's columns in its source.
func sourceNames(s *rel.Scan) []string {
	names := s.Schema().Names()
	if p, ok := s.Source.(*rel.ParquetFile); ok {
		for i := range min(len(names), len(p.Columns)) {
			names[i] = p.Columns[i].Name
		}
	}
	return names
}
