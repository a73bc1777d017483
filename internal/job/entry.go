package job

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
)

// entry is one run.
type entry struct {
	id, path, account string // they never change
	client            string
	request           Request // while it is not done
	saving            sync.Mutex

	mu         sync.Mutex
	now        Info
	events     []Event
	number     int64
	changed    chan struct{} // closed at the next event
	stop       context.CancelFunc
	committing bool               // its outputs are being put in place
	proof      context.CancelFunc // ends what comes after that; nil: nothing does yet
}

func newEntry(i Info, clientID string) *entry {
	return &entry{id: i.ID, path: i.Path, account: i.Account, client: clientID, now: i, changed: make(chan struct{})}
}

// info is the run as it is now.
func (e *entry) info() Info {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now
}

// tell adds an event. It is called with the lock held.
func (e *entry) tell(ev Event) {
	e.number++
	ev.Number = e.number
	e.events = append(e.events, ev)
	close(e.changed)
	e.changed = make(chan struct{})
}

// since returns the events after a number, and whether the last of all is
// among them or before.
func (e *entry) since(after int64) (events []Event, last bool, changed <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.events {
		if ev.Number > after {
			events = append(events, ev)
		}
	}
	return events, e.now.State.Final(), e.changed
}

// enter brings the run to a state that is not its last, and reports whether it
// could.
func (e *entry) enter(s State, stop context.CancelFunc) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.now.State.Final() {
		return false
	}
	e.now.State, e.stop = s, stop
	i := e.now
	e.tell(Event{Run: &i})
	return true
}

// end brings the run to its last state, unless it has one.
func (e *entry) end(s State, why errs.List, results []Result) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.finish(s, why, results)
}

// finish is end with the lock held. It reports whether the run had no last
// state before.
func (e *entry) finish(s State, why errs.List, results []Result) bool {
	if e.now.State.Final() {
		return false
	}
	for _, ev := range e.running() { // a step that was under way ends with its run
		step := *ev.Step
		step.State = s
		e.replace(step)
	}
	e.now.State, e.now.Errors, e.now.Results, e.now.Ended = s, failures(why), results, time.Now().UTC()
	e.request = Request{ClientID: e.client}
	i := e.now
	e.tell(Event{Run: &i})
	return true
}

func (e *entry) running() (out []Event) {
	for _, ev := range e.events {
		if ev.Step != nil && ev.Step.State == Running {
			out = append(out, ev)
		}
	}
	return out
}

// cancelled cancels the run, unless it has ended or is about to.
func (e *entry) cancelled() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.proof != nil {
		e.proof() // the run is as good as done
	}
	if e.committing || !e.finish(Cancelled, nil, nil) {
		return false
	}
	if e.stop != nil {
		e.stop()
	}
	return true
}

var errCancelled = errs.Message{
	ID: "job.cancelled",
	En: "The run was cancelled.",
	Ru: "Запуск отменён.",
}

// commit is asked before outputs are put in place: from then on the run can't
// be cancelled.
func (e *entry) commit() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.now.State.Final() {
		return errs.New(errs.Canceled, errCancelled, nil)
	}
	e.committing = true
	return nil
}

// committed notes that the outputs are in place: what is done now can be left
// out by end.
func (e *entry) committed(end context.CancelFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.proof = end
}

// observe takes what run tells about steps. Later progress takes the place of
// earlier.
func (e *entry) observe(ev run.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.now.State.Final() {
		return
	}
	e.replace(Step{
		ID: ev.Step.ID, State: map[run.State]State{run.Running: Running, run.Done: Done, run.Failed: Failed}[ev.State],
		Nodes: nodes(ev.Step), Percent: ev.Percent, Rows: ev.Rows, Elapsed: ev.Elapsed,
	})
}

func nodes(s *plan.Step) []string { return slices.Clone(s.Nodes) }

func (e *entry) replace(s Step) {
	e.events = slices.DeleteFunc(e.events, func(ev Event) bool { return ev.Step != nil && ev.Step.ID == s.ID })
	e.tell(Event{Step: &s})
}

// misfits adds what was found of values that were not of their types.
func (e *entry) misfits(all []run.Misfit) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.now.State.Final() {
		return
	}
	for _, m := range all {
		e.tell(Event{Misfit: &m})
	}
}
