package pack

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Document is a package that people edit by commands: it numbers them and
// keeps for each person what can be undone. It is pure and not safe for
// several goroutines; its owner serialises calls, and writes each event to the
// journal before anybody else hears of it.
type Document struct {
	pkg     *Package
	seq     int64
	people  map[string]*person
	changes []change // in the order of their numbers; old ones are dropped
	many    int      // how many changes are worth looking for old ones
	outline *Outline
	behind  [][]string // touched since outline was made
	fresh   []fresh    // since Settle, in order
}

// Action says how an event came about.
type Action string

// The actions. They stand in journals.
const (
	ActionDo   Action = "do"
	ActionUndo Action = "undo"
	ActionRedo Action = "redo"
)

// Event is one change that was applied to a document. A document that replays
// the events of another from the same beginning is equal to it.
type Event struct {
	Seq     int64  // from 1, without gaps
	Person  string // whose steps it is one of; Outside: nobody's
	Name    string // of the person, as others see it; empty: Person
	Client  string // the client's id of the command; empty: it has none
	Action  Action
	Of      int64 // the event that is undone, or the undo that is redone
	Command Command
	Made    []string // ids of the nodes that it made, in order; not journalled
}

// Outside is the person of a change that nobody made here: the file was
// changed. Whoever edits may take it back.
const Outside = ""

// Author is who makes an event.
type Author struct {
	Person string
	Name   string // as others see it; empty: Person
	Client string // the client's id of the command; empty: it has none
}

// maxUndo is how many steps each person can take back.
const maxUndo = 200

// person has the steps of one person, the latest last.
type person struct{ undo, redo []step }

func (p *person) clone() *person {
	return &person{undo: slices.Clone(p.undo), redo: slices.Clone(p.redo)}
}

// step takes back the event seq.
type step struct {
	seq     int64
	command Command
}

// change is what an event touched.
type change struct {
	seq     int64
	person  string
	name    string
	touched [][]string
	void    bool // undone, or an undo: no longer in the way of anybody
}

var (
	msgNothingToUndo = errs.Message{
		ID: "pack.nothing_to_undo",
		En: "There is nothing to undo.",
		Ru: "Отменять нечего.",
	}
	msgNothingToRedo = errs.Message{
		ID: "pack.nothing_to_redo",
		En: "There is nothing to redo.",
		Ru: "Повторять нечего.",
	}
	msgChangedSince = errs.Message{
		ID: "pack.changed_since",
		En: "{who} has changed {what} since, so this step stays.",
		Ru: "Тем временем {what} изменено, автор: {who}. Поэтому этот шаг остаётся.",
	}
	msgSequence = errs.Message{
		ID: "pack.sequence",
		En: "Event {found} came where {want} was due.",
		Ru: "Пришло событие {found}, а ожидалось {want}.",
	}
)

// NewDocument makes a document of a package as it was after the event seq; 0
// for a new one. The document owns p from then on.
func NewDocument(p *Package, seq int64) *Document {
	return &Document{pkg: p, seq: seq, people: map[string]*person{}, outline: NewOutline(p)}
}

// Package is the package as it is now. It must not be changed, and changes
// with the next command: take a Clone to keep it.
func (d *Document) Package() *Package { return d.pkg }

// Seq is the number of the last event.
func (d *Document) Seq() int64 { return d.seq }

// Outline is the package's tree as it is now. It costs what was touched since
// it was last asked for.
func (d *Document) Outline() *Outline {
	if len(d.behind) > 0 {
		d.outline, d.behind = outlineOf(d.pkg, d.outline, touchedParts(d.behind)), nil
	}
	return d.outline
}

// CanUndo reports whether there is a step that a person could take back,
// unless somebody else stands in the way.
func (d *Document) CanUndo(person string) bool { return len(d.undoable(person)) > 0 }

// CanRedo is CanUndo for redo.
func (d *Document) CanRedo(person string) bool { return len(d.person(person).redo) > 0 }

// People are those who could undo or redo, had they a step for it.
func (d *Document) People() []string { return slices.Sorted(maps.Keys(d.people)) }

// Do applies a command.
func (d *Document) Do(who Author, c Command) (Event, error) {
	return d.commit(d.event(who, ActionDo, step{command: c}))
}

// Undo takes back the person's latest step, or a later change from outside. It
// is refused with kind Conflict, naming who, when somebody else has since
// changed the same setting or item.
func (d *Document) Undo(who Author) (Event, error) {
	steps := d.undoable(who.Person)
	if len(steps) == 0 {
		return Event{}, errs.New(errs.NotFound, msgNothingToUndo, nil)
	}
	return d.step(who, ActionUndo, steps[len(steps)-1])
}

// Redo applies again what the person's latest undo took back, by the rules of
// Undo.
func (d *Document) Redo(who Author) (Event, error) {
	steps := d.person(who.Person).redo
	if len(steps) == 0 {
		return Event{}, errs.New(errs.NotFound, msgNothingToRedo, nil)
	}
	return d.step(who, ActionRedo, steps[len(steps)-1])
}

// Replay applies an event that was made before, by this document's forerunner,
// and returns it with the nodes that it made.
func (d *Document) Replay(e Event) (Event, error) {
	if e.Seq != d.seq+1 {
		return Event{}, errs.New(errs.Invalid, msgSequence, errs.P{"found": e.Seq, "want": d.seq + 1})
	}
	return d.commit(e)
}

// undoable are the steps of whom an undo of the person takes the last.
func (d *Document) undoable(person string) []step {
	own, outside := d.person(person).undo, d.person(Outside).undo
	if n := len(outside); n > 0 && (len(own) == 0 || own[len(own)-1].seq < outside[n-1].seq) {
		return outside
	}
	return own
}

func (d *Document) event(who Author, a Action, s step) Event {
	return Event{Seq: d.seq + 1, Person: who.Person, Name: who.Name, Client: who.Client, Action: a, Of: s.seq, Command: s.command}
}

func (d *Document) person(who string) *person {
	p := d.people[who]
	if p == nil {
		p = &person{}
		d.people[who] = p
	}
	return p
}

func (d *Document) step(who Author, a Action, s step) (Event, error) {
	if err := d.inTheWay(who.Person, s.seq); err != nil {
		return Event{}, err
	}
	return d.commit(d.event(who, a, s))
}

// inTheWay says who has changed what the event seq had touched.
func (d *Document) inTheWay(who string, seq int64) error {
	i := d.changed(seq)
	if i < 0 {
		return nil
	}
	for _, later := range d.changes[i+1:] {
		if later.void || later.person == who {
			continue
		}
		if path, ok := overlap(d.changes[i].touched, later.touched); ok {
			return errs.New(errs.Conflict, msgChangedSince, errs.P{"who": later.who(), "what": touchedWords(path)}).At(touchedPlace(path))
		}
	}
	return nil
}

// who is the change's author as others see them.
func (c change) who() any {
	switch {
	case c.person == Outside:
		return errs.Words{En: "Somebody outside Weft", Ru: "кто-то вне Weft"}
	case c.name != "":
		return c.name
	default:
		return c.person
	}
}

// changed is the index of an event's change, -1 when it is forgotten.
func (d *Document) changed(seq int64) int {
	i, ok := slices.BinarySearchFunc(d.changes, seq, func(c change, s int64) int { return cmp.Compare(c.seq, s) })
	if !ok {
		return -1
	}
	return i
}

// overlap finds a path of b that is, holds or lies within one of a.
func overlap(a, b [][]string) ([]string, bool) {
	for _, p := range b {
		for _, q := range a {
			n := min(len(p), len(q))
			if slices.Equal(p[:n], q[:n]) {
				return p, true
			}
		}
	}
	return nil, false
}

// touchedWords names what a path leads to: node delayed, settings.formula.
func touchedWords(path []string) errs.Words {
	if len(path) < 2 {
		return errs.Words{En: "the package", Ru: "пакет"}
	}
	text := strings.Join(path[1:], ".")
	if len(path) >= 4 && path[2] == "node" {
		text = strings.Join(path[3:], ".")
	}
	return errs.Words{En: text, Ru: text}
}

func touchedPlace(path []string) errs.Place {
	var p errs.Place
	if len(path) >= 2 && path[0] == "workflow" {
		p.Workflow = path[1]
	}
	if len(path) >= 4 && path[2] == "node" {
		p.Node = path[3]
	}
	return p
}

// commit applies an event and keeps the books.
func (d *Document) commit(ev Event) (Event, error) {
	e := &editor{p: d.pkg}
	inverse, err := e.do(ev.Command)
	if err != nil {
		return Event{}, err
	}
	d.remember(ev, inverse)
	ev.Made = e.made
	d.seq = ev.Seq
	p := d.person(ev.Person)
	back := step{ev.Seq, inverse}
	switch ev.Action {
	case ActionUndo:
		p.undo = pop(p.undo, ev.Of)
		outside := d.person(Outside)
		outside.undo = pop(outside.undo, ev.Of)
		p.redo = push(p.redo, back)
		if i := d.changed(ev.Of); i >= 0 {
			d.changes[i].void = true
		}
	case ActionRedo:
		p.redo = pop(p.redo, ev.Of)
		p.undo = push(p.undo, back)
	default:
		p.undo, p.redo = push(p.undo, back), nil
	}
	d.changes = append(d.changes, change{ev.Seq, ev.Person, ev.Name, e.touched, ev.Action == ActionUndo})
	d.behind = append(d.behind, e.touched...)
	return ev, nil
}

func push(steps []step, s step) []step {
	if len(steps) >= maxUndo {
		steps = slices.Delete(steps, 0, len(steps)-maxUndo+1)
	}
	return append(steps, s)
}

// pop removes the step of an event. A document that began at a later snapshot
// may not have it.
func pop(steps []step, seq int64) []step {
	return slices.DeleteFunc(steps, func(s step) bool { return s.seq == seq })
}
