package componenttest

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

// null is how a case spells a null cell.
const null = "∅"

// inputs builds the plans at the input ports.
func (c *Case) inputs(how Inputs) ([]rel.Rel, error) {
	out := make([]rel.Rel, len(c.def.Inputs))
	for i, p := range c.def.Inputs {
		src, ok := c.part(p.Name + ".csv")
		if !ok {
			continue
		}
		schema, rows, err := ParseTable(src)
		if err != nil {
			return nil, fmt.Errorf("%s: %s.csv: %w", c.Path, p.Name, err)
		}
		b := rel.Builder{NodeID: p.Name}
		switch how {
		case Named:
			out[i], err = b.Scan(&rel.Stored{Address: p.Name, Rows: -1}, schema, true)
		case Filled:
			out[i], err = b.Values(schema, rows)
		case Empty:
			out[i], err = b.Values(schema, nil)
		case Nulls:
			out[i], err = b.Values(schema, [][]rel.Value{make([]rel.Value, len(schema))})
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ParseTable reads a table of a case.
func ParseTable(src string) (rel.Schema, [][]rel.Value, error) {
	records, err := csv.NewReader(strings.NewReader(src)).ReadAll()
	if err != nil || len(records) == 0 {
		return nil, nil, fmt.Errorf("no table: %w", err)
	}
	schema := make(rel.Schema, len(records[0]))
	for i, h := range records[0] {
		name, typ, _ := strings.Cut(h, ":")
		typ, nullable := strings.CutSuffix(typ, "?")
		t, ok := rel.ParseType(typ)
		if !ok {
			return nil, nil, fmt.Errorf("column %s: no type %s", name, typ)
		}
		schema[i] = rel.Column{Name: name, Type: t, Nullable: nullable}
	}
	rows := make([][]rel.Value, len(records)-1)
	for r, rec := range records[1:] {
		rows[r] = make([]rel.Value, len(schema))
		for i, cell := range rec {
			if rows[r][i], err = parseCell(cell, schema[i].Type); err != nil {
				return nil, nil, fmt.Errorf("row %d: %w", r+1, err)
			}
		}
	}
	return schema, rows, nil
}

func parseCell(cell string, t rel.Type) (rel.Value, error) {
	if cell == null {
		return nil, nil
	}
	v := pack.Text(cell)
	var err error
	switch t.ID {
	case rel.BooleanID:
		v = pack.Bool(cell == "true")
	case rel.IntegerID:
		v = pack.Value{Kind: pack.IntValue}
		_, err = fmt.Sscan(cell, &v.Int)
	case rel.RealID:
		v = pack.Value{Kind: pack.RealValue}
		_, err = fmt.Sscan(cell, &v.Real)
	}
	if err != nil {
		return nil, fmt.Errorf("%q is no %s: %w", cell, t, err)
	}
	return component.ToConstant(v, t)
}

// FormatTable writes a table as ParseTable reads it; unordered rows are
// sorted by their text.
func FormatTable(schema rel.Schema, rows [][]rel.Value, ordered bool) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	head := make([]string, len(schema))
	for i, c := range schema {
		head[i] = c.Name + ":" + c.Type.String()
		if c.Nullable {
			head[i] += "?"
		}
	}
	records := make([][]string, len(rows))
	for r, row := range rows {
		records[r] = make([]string, len(row))
		for i, v := range row {
			records[r][i] = formatCell(v)
		}
	}
	if !ordered {
		slices.SortFunc(records, slices.Compare)
	}
	// A strings.Builder takes every write.
	_ = w.Write(head)
	for _, r := range records {
		if w.Flush(); len(r) == 1 && r[0] == "" {
			b.WriteString("\"\"\n") // a reader takes an empty line for no record
			continue
		}
		_ = w.Write(r)
	}
	w.Flush()
	return b.String()
}

func formatCell(v rel.Value) string {
	switch v := v.(type) {
	case nil:
		return null
	case float64:
		return rel.FormatReal(v)
	default:
		return fmt.Sprint(v)
	}
}
