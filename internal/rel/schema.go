package rel

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"

	"github.com/weftworks/weft/internal/errs"
)

// Usage says what a column is for, where a component asks. The numbers stand
// in stored files: add only at the end.
type Usage uint8

// The usages of columns.
const (
	UsageUnset Usage = iota
	UsageKey
	UsageMeasure
	UsageDimension
	UsageInput
	UsagePredicted
	UsageWeight
	UsageExcluded
)

// usages holds the names of usages, by number.
var usages = []string{"unset", "key", "measure", "dimension", "input", "predicted", "weight", "excluded"}

// UsageNames lists the usages' names in the order of their numbers.
func UsageNames() []string { return append([]string(nil), usages...) }

// String is the usage's name in package files.
func (u Usage) String() string { return usages[u] }

// ParseUsage reads a usage's name.
func ParseUsage(s string) (Usage, bool) {
	for i, n := range usages {
		if n == s {
			return Usage(i), true
		}
	}
	return UsageUnset, false
}

// Column describes one column of a table.
type Column struct {
	Name       string // Unicode identifier in NFC, unique under full case folding
	Label      string // what people read; empty: the name
	Type       Type
	Nullable   bool
	Usage      Usage
	Continuous bool // the kind: continuous, else discrete
}

// Title is the label, or the name where there is none.
func (c Column) Title() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Name
}

// Schema is the columns of a table, in order.
type Schema []Column

// Fold returns the key under which two names of columns are the same: full
// Unicode case folding.
func Fold(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return cases.Fold().String(name)
		}
	}
	return strings.ToLower(name)
}

// Index returns the position of a column by name, or -1.
func (s Schema) Index(name string) int {
	for i := range s {
		if s[i].Name == name {
			return i
		}
	}
	folded := Fold(name)
	for i := range s {
		if Fold(s[i].Name) == folded {
			return i
		}
	}
	return -1
}

// Names lists the columns' names.
func (s Schema) Names() []string {
	out := make([]string, len(s))
	for i := range s {
		out[i] = s[i].Name
	}
	return out
}

// String lists the columns as name type, with ? behind the type of those that
// may be null.
func (s Schema) String() string {
	parts := make([]string, len(s))
	for i, c := range s {
		parts[i] = c.Name + " " + c.Type.String()
		if c.Nullable {
			parts[i] += "?"
		}
	}
	return strings.Join(parts, ", ")
}

var (
	errNoColumn = errs.Message{
		ID: "rel.no_column",
		En: "There is no column {column} here; there are {columns}. {suggest}",
		Ru: "Столбца {column} здесь нет; есть {columns}. {suggest}",
	}
	errColumnTwice = errs.Message{
		ID: "rel.column_twice",
		En: "The column {column} would stand twice in the result. Give one of the two another name.",
		Ru: "Столбец {column} оказался бы в результате дважды. Дайте одному из них другое имя.",
	}
	errNoName = errs.Message{
		ID: "rel.column_no_name",
		En: "A column of the result has no name. Give it one.",
		Ru: "У столбца результата нет имени. Задайте его.",
	}
)

// Find returns the column with a name, or an error that says which there are.
func (s Schema) Find(name string) (Column, error) {
	if i := s.Index(name); i >= 0 {
		return s[i], nil
	}
	names := s.Names()
	return Column{}, errs.New(errs.Invalid, errNoColumn, errs.P{
		"column": name, "columns": enumerate(names), "suggest": errs.Suggest(name, names),
	})
}

// enumerate lists names for a message, cutting long lists.
func enumerate(names []string) errs.Words {
	const most = 12
	if len(names) == 0 {
		return errs.Words{En: "none", Ru: "ни одного"}
	}
	if len(names) <= most {
		list := strings.Join(names, ", ")
		return errs.Words{En: list, Ru: list}
	}
	head, rest := strings.Join(names[:most], ", "), strconv.Itoa(len(names)-most)
	return errs.Words{En: head + " and " + rest + " more", Ru: head + " и ещё " + rest}
}

// check refuses empty names and names that clash under case folding.
func (s Schema) check() error {
	seen := make(map[string]bool, len(s))
	for _, c := range s {
		if c.Name == "" {
			return errs.New(errs.Invalid, errNoName, nil)
		}
		k := Fold(c.Name)
		if seen[k] {
			return errs.New(errs.Invalid, errColumnTwice, errs.P{"column": c.Name})
		}
		seen[k] = true
	}
	return nil
}

// Unique returns name, or name_2, name_3 … where it is taken. taken holds
// folded names and gets the result's.
func Unique(name string, taken map[string]bool) string {
	out := name
	for i := 2; taken[Fold(out)]; i++ {
		out = name + "_" + strconv.Itoa(i)
	}
	taken[Fold(out)] = true
	return out
}
