package pack

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
)

// Command is one change of a package. The commands are the types of this
// package that implement it; a command that was applied must not be changed.
type Command interface {
	// Kind is the command's name in JSON and journals: add_node.
	Kind() string
	// fields writes what the command holds; readCommand is its counterpart.
	fields(b *builder)
	// apply changes the package of e and returns the command that takes the
	// change back. It checks everything before it changes anything.
	apply(e *editor) (inverse Command, err error)
}

// Batch is several commands in one: all are applied, in order, or none.
type Batch struct{ Commands []Command }

// Replace puts another package, as the text of its file, in the place of the
// whole one: the file was changed from outside.
type Replace struct{ Text string }

// Apply carries out a command on p and returns the command that takes it back.
// The command is checked first, with all it holds; when there is an error
// (an *errs.Error or errs.List), p is as it was. Values are copied: p shares
// nothing with c.
func Apply(p *Package, c Command) (inverse Command, err error) {
	e := &editor{p: p}
	return e.do(c)
}

// editor applies commands to a package and gathers what they touch.
type editor struct {
	p       *Package
	touched [][]string
	made    []string // ids of new nodes
}

func (e *editor) touch(path ...string) { e.touched = append(e.touched, path) }

func (e *editor) do(c Command) (Command, error) {
	switch c := c.(type) {
	case Batch:
		return e.batch(c)
	case Replace: // its text is checked as a file is, and may be as long
		return c.apply(e)
	}
	checked, err := recheck(c)
	if err != nil {
		return nil, err
	}
	return checked.apply(e)
}

func (e *editor) batch(b Batch) (Command, error) {
	touched, made := len(e.touched), len(e.made)
	var undo []Command
	for _, c := range b.Commands {
		inverse, err := e.do(c)
		if err != nil {
			for _, u := range slices.Backward(undo) {
				if _, again := e.do(u); again != nil {
					return nil, errs.New(errs.Internal, msgRollback, nil).Because(again)
				}
			}
			e.touched, e.made = e.touched[:touched], e.made[:made]
			return nil, err
		}
		undo = append(undo, inverse)
	}
	slices.Reverse(undo)
	return Batch{undo}, nil
}

var (
	msgRollback = errs.Message{
		ID: "pack.rollback",
		En: "The change could not be taken back as a whole.",
		Ru: "Изменение не удалось отменить целиком.",
	}
	msgBadText = errs.Message{
		ID: "pack.bad_text",
		En: "The text is not valid UTF-8.",
		Ru: "Текст не в кодировке UTF-8.",
	}
	msgBadComment = errs.Message{
		ID: "pack.bad_comment",
		En: "A comment is one line that begins with #.",
		Ru: "Комментарий — одна строка, которая начинается с #.",
	}
	msgKeyTwice = errs.Message{
		ID: "pack.key_twice",
		En: "The key {key} stands twice in one map.",
		Ru: "Ключ {key} стоит в одном наборе дважды.",
	}
	msgUnknownCommand = errs.Message{
		ID: "pack.unknown_command",
		En: "There is no command {kind}. {suggest}",
		Ru: "Команды {kind} нет. {suggest}",
	}
)

// recheck reads a command anew from what it holds, so that commands made in Go
// meet the same checks as those that come as JSON, and nothing is shared.
func recheck(c Command) (Command, error) {
	v := commandValue(c).Clone()
	if err := checkValue(&v, commandDepth(c)); err != nil {
		return nil, err
	}
	return readChecked(&v)
}

func readChecked(v *Value) (Command, error) {
	var list errs.List
	r := &reader{list: &list, command: true}
	c := r.readCommand(v)
	return c, list.Err()
}

// commandDepth is how deep what the command holds will stand.
func commandDepth(c Command) int {
	if s, ok := c.(SetSetting); ok {
		return len(s.Path)
	}
	return 0
}

// commandMaxDepth leaves the levels of the file that a command has not.
const commandMaxDepth = MaxDepth - 10

// checkValue checks all that a schema does not ask: what could not be written
// to a file and read again.
func checkValue(v *Value, depth int) error {
	if depth > commandMaxDepth {
		return errs.New(errs.Invalid, msgTooDeep, nil)
	}
	for _, c := range appendComments(nil, v.Notes) {
		if !strings.HasPrefix(c, "#") || !utf8.ValidString(c) || !printable(c, "\t") || strings.TrimRight(c, " \t") != c || len(c) > MaxText {
			return errs.New(errs.Invalid, msgBadComment, nil)
		}
	}
	switch {
	case v.Kind == RealValue && (math.IsNaN(v.Real) || math.IsInf(v.Real, 0)):
		return errs.New(errs.Invalid, msgNotFinite, errs.P{"text": v.Real})
	case v.Kind == TextValue && !utf8.ValidString(v.Text):
		return errs.New(errs.Invalid, msgBadText, nil)
	case v.Kind == TextValue && len(v.Text) > MaxText:
		return errs.New(errs.Invalid, msgTextTooLong, nil)
	}
	for i := range v.List {
		if err := checkValue(&v.List[i], depth+1); err != nil {
			return err
		}
	}
	seen := make(map[string]bool, len(v.Map))
	for i := range v.Map {
		key := v.Map[i].Key
		if seen[key] {
			return errs.New(errs.Invalid, msgKeyTwice, errs.P{"key": key})
		}
		seen[key] = true
		if !utf8.ValidString(key) || len(quote(key, true)) > maxKey {
			return errs.New(errs.Invalid, msgKeyShape, nil)
		}
		if err := checkValue(&v.Map[i].Value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// Kind implements Command.
func (Batch) Kind() string { return "batch" }

// Kind implements Command.
func (Replace) Kind() string { return "replace" }

func (c Batch) fields(b *builder) {
	list := List()
	for _, inner := range c.Commands {
		list.List = append(list.List, commandValue(inner))
	}
	b.put("commands", list)
}

func (c Replace) fields(b *builder) { b.put("text", Text(c.Text)) }

func (c Batch) apply(e *editor) (Command, error) { return e.batch(c) }

func (c Replace) apply(e *editor) (Command, error) {
	p, err := Decode([]byte(c.Text), "")
	if err != nil {
		return nil, err
	}
	inverse := Replace{Text: string(Encode(e.p))}
	*e.p = *p
	e.touch()
	return inverse, nil
}
