package component

import (
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// SortKey is one key of an order in settings.
type SortKey struct {
	Column    string
	Direction Direction
	Nulls     Nulls
	Collation string // "": binary; nocase; or a language of Collations
}

// Direction is which end of the values comes first.
type Direction string

// The directions.
const (
	Ascending  Direction = "ascending"
	Descending Direction = "descending"
)

// Nulls is where rows without a value go, whatever the direction.
type Nulls string

// The places of nulls.
const (
	NullsLast  Nulls = "last"
	NullsFirst Nulls = "first"
)

// Collations lists how texts can be compared in an order, other than binary:
// without regard to the case of letters, or as a language's dictionaries do.
func Collations() []string {
	return []string{
		"nocase", "ar", "az", "be", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "fa", "fi",
		"fr", "ga", "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "ky", "lt", "lv",
		"mk", "mn", "ms", "nb", "nl", "nn", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk",
		"ur", "uz", "vi", "zh",
	}
}

// SortKeys binds a list of sort keys over the columns of an input. Its pages
// tell the settings column, direction, nulls and collation.
func SortKeys(b *Binder, target *[]SortKey, key string, opts ...Option) {
	port := field(key, ListField, opts).Port
	List(b, target, key, func(b *Binder, k *SortKey) {
		Column(b, &k.Column, "column", Required(), OfPort(port))
		Enum(b, &k.Direction, "direction", Ascending, []Direction{Ascending, Descending})
		Enum(b, &k.Nulls, "nulls", NullsLast, []Nulls{NullsLast, NullsFirst})
		Enum(b, &k.Collation, "collation", "", Collations())
	}, opts...)
}

var errCollationType = errs.Message{
	ID: "component.collation_type",
	En: "{column} is {found}, and a collation orders only text. Leave collation out.",
	Ru: "Столбец {column} имеет тип {found}, а collation задаёт порядок только для текста. Уберите этот параметр.",
}

// SortKeys checks the sort keys of a setting against the columns of in, and
// returns them as a plan has them, or all that is wrong with them.
func (c *Context) SortKeys(setting string, keys []SortKey, in rel.Schema) ([]rel.SortKey, error) {
	var found errs.List
	out := make([]rel.SortKey, 0, len(keys))
	for i, k := range keys {
		path := setting + "[" + itoa(i) + "]"
		col, err := c.Column(path+".column", k.Column, in)
		if err == nil && k.Collation != "" && col.Type.ID != rel.StringID {
			err = c.At(path+".collation", errs.New(errs.Invalid, errCollationType, errs.P{"column": col.Name, "found": col.Type}))
		}
		found.Add(err)
		out = append(out, rel.SortKey{
			Column: col.Name, Desc: k.Direction == Descending, NullsFirst: k.Nulls == NullsFirst, Collation: k.Collation,
		})
	}
	return out, found.Err()
}
