package join

import (
	"fmt"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

var (
	errNoKeys = errs.Message{
		ID: "join.no_keys",
		En: "A join of kind {kind} needs keys: say which columns of the two tables must be equal, or give a condition. All pairs of rows are a join of kind cross.",
		Ru: "Соединению вида {kind} нужны ключи: укажите, какие столбцы двух таблиц должны совпадать, или задайте условие. Все пары строк даёт вид cross.",
	}
	errCross = errs.Message{
		ID: "join.cross_takes_none",
		En: "A join of kind cross gives all pairs of rows and takes no {setting}. Choose the kind inner, or leave {setting} out.",
		Ru: "Соединение вида cross даёт все пары строк, и параметр {setting} ему не нужен. Выберите вид inner или уберите {setting}.",
	}
	errNoNearest = errs.Message{
		ID: "join.no_nearest",
		En: "A join of kind asof needs the column whose nearest value is taken, such as a date.",
		Ru: "Соединению вида asof нужен столбец, по которому берётся ближайшее значение, например дата.",
	}
	errLeftOnly = errs.Message{
		ID: "join.left_columns_only",
		En: "A join of kind {kind} gives rows of the left table alone, so {column} of the right one cannot be had.",
		Ru: "Соединение вида {kind} даёт только строки левой таблицы, поэтому столбца {column} из правой в нём нет.",
	}
	errSuffix = errs.Message{
		ID: "join.suffix",
		En: "'{found}' cannot end a column's name: take letters, digits and _.",
		Ru: "«{found}» не может стоять в конце имени столбца: используйте буквы, цифры и _.",
	}
)

// Validate holds that the settings go with the kind of join.
func (s *Settings) Validate(c *component.Context) error {
	var found errs.List
	refuse := func(setting string, m errs.Message, p errs.P) {
		found.Add(c.At(setting, errs.New(errs.Invalid, m, p)))
	}
	switch s.Kind {
	case Cross:
		if len(s.Keys) > 0 {
			refuse("keys", errCross, errs.P{"setting": "keys"})
		}
		if s.Condition != "" {
			refuse("condition", errCross, errs.P{"setting": "condition"})
		}
	case AsOf:
		if s.Nearest.Left == "" {
			refuse("nearest.left", errNoNearest, nil)
		}
	default:
		if len(s.Keys) == 0 && s.Condition == "" {
			refuse("keys", errNoKeys, errs.P{"kind": s.Kind})
		}
	}
	for i, col := range s.Columns {
		if s.Kind.leftOnly() && col.From == Right {
			refuse(fmt.Sprintf("columns[%d].from", i), errLeftOnly, errs.P{"kind": s.Kind, "column": col.Column})
		}
	}
	if !rel.IsIdentifier("x" + s.Clash.Suffix) {
		refuse("clash.suffix", errSuffix, errs.P{"found": s.Clash.Suffix})
	}
	return found.Err()
}
