package pack

import "github.com/weftworks/weft/internal/errs"

var msgBadEvent = errs.Message{
	ID: "pack.bad_event",
	En: "This is no event of a document: the number, the action or the command is missing.",
	Ru: "Это не событие документа: нет номера, действия или команды.",
}

// EncodeEvent spells an event as JSON, for the journal.
func EncodeEvent(e Event) []byte {
	v := Map(E("seq", Int(e.Seq)), E("person", Text(e.Person)))
	if e.Name != "" {
		v.Map = append(v.Map, E("name", Text(e.Name)))
	}
	if e.Client != "" {
		v.Map = append(v.Map, E("client", Text(e.Client)))
	}
	v.Map = append(v.Map, E("action", Text(string(e.Action))))
	if e.Of != 0 {
		v.Map = append(v.Map, E("of", Int(e.Of)))
	}
	v.Map = append(v.Map, E("command", commandValue(e.Command)))
	return encodeNoted(v)
}

// DecodeEvent reads what EncodeEvent wrote.
func DecodeEvent(src []byte) (Event, error) {
	v, err := parseJSON(src)
	if err != nil {
		return Event{}, err
	}
	var list errs.List
	r := &reader{list: &list, command: true}
	r.takeNotes(&v)
	o := r.object("event", &v, "seq", "person", "name", "client", "action", "of", "command")
	e := Event{Person: o.text("person"), Name: o.text("name"), Client: o.text("client"), Action: Action(o.text("action"))}
	if seq := o.int("seq"); seq != nil {
		e.Seq = *seq
	}
	if of := o.int("of"); of != nil {
		e.Of = *of
	}
	command := o.raw("command")
	e.Command = r.readCommand(&command)
	if err := list.Err(); err != nil {
		return Event{}, err
	}
	known := e.Action == ActionDo || e.Action == ActionUndo || e.Action == ActionRedo
	if e.Seq < 1 || !known || e.Command == nil {
		return Event{}, errs.New(errs.Invalid, msgBadEvent, nil)
	}
	return e, nil
}
