package rel

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

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

// reserved are the words of the formula language that never name a column by
// themselves.
var reserved = []string{
	"and", "between", "case", "else", "end", "false", "ilike", "in", "is",
	"like", "not", "null", "or", "then", "true", "when",
}

// Reserved reports whether a word of the formula language, in any case, stands
// for something else than a column.
func Reserved(word string) bool {
	return len(word) <= len("between") && slices.Contains(reserved, strings.ToLower(word))
}

// QuoteName spells a column's name so that a formula reads it back: as it is
// where it is a plain identifier, else in square brackets.
func QuoteName(name string) string {
	if IsIdentifier(name) && !Reserved(name) {
		return name
	}
	return "[" + strings.ReplaceAll(name, "]", "]]") + "]"
}

// Enumerate lists names for a message, cutting long lists.
func Enumerate(names []string) errs.Words { return enumerate(names) }

// IsIdentifier reports whether s is a Unicode identifier: a letter or _, then
// letters, digits, marks and _.
func IsIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.In(r, unicode.Nd, unicode.Nl, unicode.Mn, unicode.Mc)) {
			return false
		}
	}
	return s != ""
}
