package component

import (
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

// Misfits is what becomes of a value that does not convert.
type Misfits string

// The fates of misfits.
const (
	MisfitsNull  Misfits = "null"
	MisfitsError Misfits = "error"
)

// AllMisfits lists the fates of misfits.
func AllMisfits() []Misfits { return []Misfits{MisfitsNull, MisfitsError} }

// Cast converts an expression to the type that a setting asks for. With try, a
// value that does not convert is null. how may be nil; it is left out where
// it says nothing.
func (c *Context) Cast(setting string, e rel.Expr, to rel.Type, try bool, how *rel.TextFormat) (rel.Expr, error) {
	if e.Type() == to {
		return e, nil
	}
	if err := function.CheckCast(e.Type(), to); err != nil {
		return nil, c.At(setting, err)
	}
	return &rel.Cast{X: e, To: to, Try: try && to != rel.String, How: spelling(how, e.Type(), to)}, nil
}

// spelling keeps of how what speaks of a conversion between two types: equal
// plans should look equal.
func spelling(how *rel.TextFormat, from, to rel.Type) *rel.TextFormat {
	if how == nil || (from.ID == rel.StringID) == (to.ID == rel.StringID) {
		return nil
	}
	other := from
	if from.ID == rel.StringID {
		other = to
	}
	var out rel.TextFormat
	switch other.ID {
	case rel.IntegerID, rel.RealID, rel.DecimalID:
		out.Thousands = how.Thousands
		if how.Decimal != "." {
			out.Decimal = how.Decimal
		}
	case rel.BooleanID:
		out.True, out.False = how.True, how.False
	default:
		out.Dates = how.Dates
	}
	if out.Thousands == "" && out.Decimal == "" && len(out.True)+len(out.False)+len(out.Dates) == 0 {
		return nil
	}
	return &out
}

// DateFormat checks a pattern of dates and times that a setting holds.
func (c *Context) DateFormat(setting, pattern string) error {
	for _, p := range c.Functions.Must("parse_date").Params {
		if p.Name == "format" {
			return c.At(setting, p.Check(pattern))
		}
	}
	return nil
}
