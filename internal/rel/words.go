package rel

import (
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// words names the accepted families for a message.
func (a Accepts) words() errs.Words {
	if a == nil {
		return errs.Words{En: "any type", Ru: "любой"}
	}
	names := make([]string, len(a))
	for i, id := range a {
		names[i] = typeNames[id]
	}
	last := len(names) - 1
	if last == 0 {
		return errs.Words{En: names[0], Ru: names[0]}
	}
	head := strings.Join(names[:last], ", ")
	return errs.Words{En: head + " or " + names[last], Ru: head + " или " + names[last]}
}

// arity words how many arguments a function takes.
func (fn *Function) arity(least int) errs.Words {
	most := len(fn.Params)
	switch {
	case fn.Variadic:
		return errs.Words{En: "at least " + strconv.Itoa(least), Ru: "не меньше " + strconv.Itoa(least)}
	case least == most:
		return errs.Words{En: strconv.Itoa(least), Ru: strconv.Itoa(least)}
	default:
		return errs.Words{
			En: strconv.Itoa(least) + " to " + strconv.Itoa(most),
			Ru: "от " + strconv.Itoa(least) + " до " + strconv.Itoa(most),
		}
	}
}
