package job

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

// Request asks for a run.
type Request struct {
	Account   string // whose rights hold
	Name      string // of the account, for people
	ClientID  string // the client's own id; "": none
	Path      string // of the package's file, in the Server's tree
	Package   *pack.Package
	Workflow  string       // "": main
	Targets   []Target     // none: every output
	Variables []pack.Entry // in place of their defaults
	Limit     time.Duration
}

// Target is a port that a run shall compute.
type Target struct {
	Node   string
	Output int // from 0
}

// mostQueued bounds the runs of one account that wait.
const mostQueued = 200

var errQueue = errs.Message{
	ID: "job.queue_full",
	En: "{count} of your runs are waiting already. Wait for some to end, or cancel them.",
	Ru: "Уже ждут очереди ваши запуски: {count}. Дождитесь окончания некоторых или отмените их.",
}

// Start starts a run and returns its id; it waits for its turn by itself.
// Repeated with the same client's id it finds the run. errs.Exhausted: too many
// of the account's runs wait, or what Ready says.
func (j *Jobs) Start(q Request) (string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.done {
		return "", errs.New(errs.Unavailable, errStopping, nil)
	}
	key := client{q.Account, q.ClientID}
	if e := j.asked[key]; e != nil && q.ClientID != "" {
		return e.id, nil
	}
	if err := j.o.Ready(); err != nil {
		return "", err
	}
	waiting := 0
	for _, e := range j.queue {
		if e.account == q.Account {
			waiting++
		}
	}
	if waiting >= mostQueued {
		return "", errs.New(errs.Exhausted, errQueue, errs.P{"count": waiting})
	}
	if q.Limit <= 0 || q.Limit > j.o.Limit {
		q.Limit = j.o.Limit
	}
	e := newEntry(Info{
		ID: strings.ToLower(rand.Text()), Path: q.Path, State: Queued,
		Account: q.Account, Name: q.Name, Started: time.Now().UTC(),
	}, q.ClientID)
	e.request = q
	e.enter(Queued, nil)
	if err := j.saved(e); err != nil {
		return "", err
	}
	j.add(e)
	j.queue = append(j.queue, e)
	j.next()
	return e.id, nil
}

// add notes a run. It is called with the lock held.
func (j *Jobs) add(e *entry) {
	j.runs[e.id] = e
	j.order = append(j.order, e)
	if e.client != "" {
		j.asked[client{e.account, e.client}] = e
	}
}

// next begins runs as long as there is room: of whoever has the fewest under
// way, the one that waits longest. It is called with the lock held.
func (j *Jobs) next() {
	for j.going < j.o.AtOnce && len(j.queue) > 0 && !j.done {
		best := 0
		for i, e := range j.queue {
			if j.active[e.account] < j.active[j.queue[best].account] {
				best = i
			}
		}
		e := j.queue[best]
		j.queue = slices.Delete(j.queue, best, best+1)
		j.going++
		j.active[e.account]++
		j.wg.Go(func() { j.work(e) })
	}
}

// work carries one run out, and lets the next begin.
func (j *Jobs) work(e *entry) {
	ctx, cancel := context.WithTimeout(j.ctx, e.request.Limit)
	defer cancel()
	if e.enter(Running, cancel) {
		j.save(e)
		begin := time.Now()
		j.o.Log.InfoContext(ctx, "run began", "run", e.id, "package", e.path)
		results, err := j.execute(ctx, e)
		switch {
		case err == nil:
			e.end(Done, nil, results)
		case j.ctx.Err() != nil:
			e.end(Failed, errs.List{interrupted()}, nil)
		default:
			e.end(Failed, errs.All(err), nil)
		}
		state := e.info().State
		if state != Done {
			j.removeResults(e)
		}
		j.o.Log.InfoContext(ctx, "run ended", "run", e.id, "state", state.String(), "took", time.Since(begin), "error", err)
		j.save(e)
	}
	j.mu.Lock()
	j.going--
	if j.active[e.account]--; j.active[e.account] == 0 {
		delete(j.active, e.account)
	}
	if j.going == 0 && j.rested != nil {
		close(j.rested)
		j.rested = nil
	}
	j.next()
	j.mu.Unlock()
	j.trim()
}

// unqueue takes a run that was cancelled out of the queue.
func (j *Jobs) unqueue(e *entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.queue = slices.DeleteFunc(j.queue, func(x *entry) bool { return x == e })
}
