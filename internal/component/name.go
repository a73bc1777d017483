package component

import (
	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

var errName = errs.Message{
	ID: "component.column_name",
	En: "{found} cannot be a column's name: a name has letters, digits and _, and begins with no digit. What people read goes into the label. {suggest}",
	Ru: "{found} не может быть именем столбца: имя состоит из букв, цифр и _ и не начинается с цифры. Произвольный текст пишите в метке (label). {suggest}",
}

// Name binds the name of a column that the component makes: a Unicode
// identifier, brought to NFC.
func Name(b *Binder, target *string, key string, opts ...Option) {
	c := textCodec
	c.want = errs.Words{En: "the name of a column", Ru: "имя столбца"}
	c.from = func(v pack.Value) (string, bool) {
		s, ok := textCodec.from(v)
		return norm.NFC.String(s), ok
	}
	c.seen = func(b *Binder, path, v string) {
		if v != "" && !rel.IsIdentifier(v) {
			b.fail(path, errs.New(errs.Invalid, errName, errs.P{"found": v, "suggest": suggestName(v)}))
		}
	}
	scalar(b, target, field(key, TextField, opts), c)
}

func suggestName(v string) errs.Words {
	if n := discover.Name(v); n != "" {
		return errs.Words{En: "For example: " + n + ".", Ru: "Например: " + n + "."}
	}
	return errs.Words{}
}

// Continuous is the kind that a column of a type begins with: numbers with a
// fraction are continuous, everything else is discrete.
func Continuous(t rel.Type) bool { return t.ID == rel.RealID || t.ID == rel.DecimalID }
