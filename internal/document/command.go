package document

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
)

// Request is one change that somebody wants.
type Request struct {
	Account string // whose step it is
	Name    string // of the person, as others see it
	Client  string // the client's id of it: a repeat is applied once; empty: none
	Base    int64  // number of the last event that the client had
	Command pack.Command
}

// Answer says what became of a request.
type Answer struct {
	Number int64    // of its event
	Nodes  []string // ids of the nodes that it made
}

var msgAhead = errs.Message{
	ID: "document.ahead",
	En: "The change is based on event {base}, but the package has only {number}. Open it again.",
	Ru: "Изменение опирается на событие {base}, а в пакете их только {number}. Откройте пакет заново.",
}

var msgBroken = errs.Message{
	ID: "document.broken",
	En: "Something went wrong inside Weft, so the package was closed. Open it again: it is as it was last saved or acknowledged.",
	Ru: "Внутренняя ошибка Weft, поэтому пакет закрыт. Откройте его заново: он такой, каким был при последнем подтверждённом изменении.",
}

// Do applies a command. It returns once the command is on the disk, with the
// first answer when the client's id is a repeat. Otherwise nothing has
// happened, but for two cases: ctx ended, or the disk failed (errs.Exhausted,
// errs.Unavailable). Whoever repeats the request by its id finds out.
func (d *Document) Do(ctx context.Context, r Request) (Answer, error) {
	return d.ask(ctx, &request{Request: r, action: pack.ActionDo})
}

// Undo takes back the account's latest step, by the rules of Do.
func (d *Document) Undo(ctx context.Context, r Request) (Answer, error) {
	return d.ask(ctx, &request{Request: r, action: pack.ActionUndo})
}

// Redo does again what the account's latest undo took back, by the rules of Do.
func (d *Document) Redo(ctx context.Context, r Request) (Answer, error) {
	return d.ask(ctx, &request{Request: r, action: pack.ActionRedo})
}

// request is a change on its way.
type request struct {
	Request
	action pack.Action
	only   int64 // the event it must follow at once, when Account is pack.Outside
	answer Answer
	err    error
	same   *request // in the same group: its answer is this one's too
	done   chan struct{}
}

// queue is the requests that wait for their turn.
type queue struct {
	mu   sync.Mutex
	list []*request
}

func (q *queue) add(r *request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = append(q.list, r)
}

func (q *queue) take() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.list
	q.list = nil
	return list
}

// drop removes a request; false when it is being carried out.
func (q *queue) drop(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.list)
	q.list = slices.DeleteFunc(q.list, func(o *request) bool { return o == r })
	return len(q.list) < n
}

// ask queues a request and waits for its answer. Whoever gets the turn carries
// out all that wait, so that they share one fsync.
func (d *Document) ask(ctx context.Context, r *request) (Answer, error) {
	r.done = make(chan struct{})
	d.queue.add(r)
	select {
	case d.turn <- struct{}{}:
		d.carryOut(d.queue.take())
		d.leave()
		<-r.done // by this turn, or by an earlier one
	case <-r.done:
	case <-ctx.Done():
		if d.queue.drop(r) {
			return Answer{}, context.Cause(ctx)
		}
		<-r.done
	}
	return r.answer, r.err
}

// carryOut checks, numbers and journals a group of requests, and then tells
// everybody. The caller has the turn.
func (d *Document) carryOut(group []*request) {
	defer d.answer(group)
	if refusal := d.State().Refusal; refusal != nil {
		d.refuse(group, refusal)
		return
	}
	if err := d.hub.options.Room(); err != nil {
		d.refuse(group, err)
		return
	}
	if err := d.begin(); err != nil {
		d.fail(err)
		d.refuse(group, d.State().Refusal)
		return
	}
	var changes []Change
	var records []journal.Record
	byID := map[string]*request{}
	for _, r := range group {
		change, event, ok := d.try(r, byID)
		if ok {
			changes = append(changes, change)
			records = append(records, record(event))
			d.size.grow(change, records[len(records)-1])
		}
	}
	if len(records) == 0 {
		return
	}
	if err := d.fits(); err != nil {
		d.takeBack(group, err)
		return
	}
	if err := d.write(records); err != nil {
		d.fail(err)
		d.refuse(group, d.State().Refusal)
		return
	}
	d.doc.Settle()
	for _, r := range group {
		if r.same != nil {
			r.answer, r.err = r.same.answer, r.same.err
		} else if r.err == nil {
			d.answers.add(r.key(), r.answer)
		}
	}
	d.publish(changes)
	d.shorten()
}

// takeBack takes what a group of requests did in memory back, and refuses them.
func (d *Document) takeBack(group []*request, why error) {
	if err := d.doc.Rollback(); err != nil {
		d.fail(err)
		why = d.State().Refusal
	}
	for _, r := range group {
		if r.err == nil {
			r.answer = Answer{}
		}
	}
	d.refuse(group, why)
}

// answer lets those go on who wait for a group. After a panic nobody knows how
// the document is: nothing is acknowledged, and it is closed, to be had anew
// from its journal.
func (d *Document) answer(group []*request) {
	if p := recover(); p != nil {
		d.log.Error("panic in a document", "panic", p, "stack", string(debug.Stack()))
		broken := errs.New(errs.Internal, msgBroken, nil)
		for _, r := range group {
			r.answer, r.err = Answer{}, broken
		}
		d.show(func(s *State) { s.Refusal, s.Gone = broken, broken })
		d.quitOnce.Do(func() { close(d.quit) })
	}
	for _, r := range group {
		close(r.done)
	}
}

// refuse answers those requests that are not known from before.
func (d *Document) refuse(group []*request, why error) {
	for _, r := range group {
		if a, known := d.answers.find(r.key()); known {
			r.answer, r.err = a, nil
		} else if r.err == nil {
			r.answer, r.err = Answer{}, why
		}
	}
}

// try applies a request in memory; false when there is nothing to journal.
func (d *Document) try(r *request, byID map[string]*request) (Change, pack.Event, bool) {
	if a, known := d.answers.find(r.key()); known {
		r.answer = a
		return Change{}, pack.Event{}, false
	}
	if first := byID[r.key()]; first != nil && r.Client != "" {
		r.same = first
		return Change{}, pack.Event{}, false
	}
	before := d.doc.Outline()
	event, err := d.apply(r)
	if err != nil {
		r.err = err
		return Change{}, pack.Event{}, false
	}
	byID[r.key()] = r
	r.answer = Answer{Number: event.Seq, Nodes: event.Made}
	return newChange(event, before, d.doc.Outline()), event, true
}

func (d *Document) apply(r *request) (pack.Event, error) {
	who := pack.Author{Person: r.Account, Name: r.Name, Client: r.Client}
	switch {
	case r.Account == pack.Outside && r.only != d.doc.Seq():
		return pack.Event{}, errs.New(errs.Conflict, msgBothChanged, nil)
	case r.Base > d.doc.Seq():
		return pack.Event{}, errs.New(errs.Conflict, msgAhead, errs.P{"base": r.Base, "number": d.doc.Seq()})
	case r.action == pack.ActionUndo:
		return d.doc.Undo(who)
	case r.action == pack.ActionRedo:
		return d.doc.Redo(who)
	default:
		return d.doc.Do(who, r.Command)
	}
}

// publish tells everybody of events that are on the disk.
func (d *Document) publish(changes []Change) {
	can := d.steps()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range changes {
		d.events.add(c)
	}
	d.can, d.pkg, d.edited = can, nil, time.Now()
	if d.state.Number == d.mark.Number {
		d.dirty = d.edited
	}
	d.showLocked(func(s *State) { s.Number, s.Outline = d.doc.Seq(), d.doc.Outline() })
}

// steps is what each person could take back or do again.
func (d *Document) steps() map[string]Steps {
	can := map[string]Steps{}
	for _, who := range append(d.doc.People(), pack.Outside) {
		can[who] = Steps{Undo: d.doc.CanUndo(who), Redo: d.doc.CanRedo(who)}
	}
	return can
}
