package job

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// MostRows bounds the rows of a page.
const MostRows = 10_000

// mostBytes bounds a page as it travels.
const mostBytes = 256 << 20

// mostReaders bounds the workers that read pages.
const mostReaders = 16

// Page asks for rows of a result.
type Page struct {
	Result  string
	Offset  int64    // from 0
	Limit   int64    // up to MostRows
	Columns []string // by name; none: all
}

var errNoResult = errs.Message{
	ID: "job.no_result",
	En: "There is no such result any more, or you may not see it. Run the workflow again.",
	Ru: "Такого результата больше нет, или он вам не доступен. Запустите сценарий снова.",
}

// NoResult is the answer for a result that is not there, or that the caller may
// not see.
func NoResult() error { return errs.New(errs.NotFound, errNoResult, nil) }

// Of returns the path of the package that a result is of. errs.NotFound.
func (j *Jobs) Of(result string) (path string, err error) {
	e, _, err := j.result(result)
	if err != nil {
		return "", err
	}
	return e.path, nil
}

func (j *Jobs) result(id string) (*entry, Result, error) {
	of, _, _ := strings.Cut(id, "-")
	e, err := j.find(of)
	if err == nil {
		for _, r := range e.info().Results {
			if r.ID == id && id != "" {
				return e, r, nil
			}
		}
	}
	return nil, Result{}, NoResult()
}

// Read reads a page for an account: a worker of its own, which stays for the
// next page, reads the one or two parts that the page lies in. The spool must
// be closed; total is the rows of the whole result.
func (j *Jobs) Read(ctx context.Context, account string, p Page) (_ *run.Spool, total int64, err error) {
	e, r, err := j.result(p.Result)
	if err != nil {
		return nil, 0, err
	}
	plan, err := r.page(filepath.Join(j.folder(e.id), strings.TrimPrefix(r.ID, e.id+"-")), p)
	if err != nil {
		return nil, 0, err
	}
	lane, release, err := j.pages.lane(account, e.id, j.folder(e.id))
	if err != nil {
		return nil, 0, err
	}
	defer release()
	spool := run.NewSpool(j.runner.Temp, mostBytes)
	err = lane.Do(ctx, func(s *run.Session) error {
		if err := s.Compute(ctx, plan, nil, spool.Take); err != nil {
			return err
		}
		return spool.Finish()
	})
	if err != nil {
		return nil, 0, errors.Join(err, spool.Close())
	}
	return spool, r.Rows, nil
}

// page plans a page: of the parts that it lies in alone.
func (r Result) page(folder string, p Page) (rel.Rel, error) {
	schema := r.Schema
	if len(p.Columns) > 0 {
		schema = nil
		for _, name := range p.Columns {
			c, err := r.Schema.Find(name)
			if err != nil {
				return nil, err
			}
			schema = append(schema, c)
		}
	}
	build := rel.Builder{NodeID: r.Node}
	stored := &rel.Stored{Address: r.ID}
	skip, begin := p.Offset, int64(0)
	for _, part := range r.Parts {
		end := begin + part.Rows
		if end > p.Offset && begin < p.Offset+p.Limit {
			if len(stored.Files) == 0 {
				skip = p.Offset - begin
			}
			stored.Files = append(stored.Files, filepath.Join(folder, part.Name))
			stored.Rows += part.Rows
		}
		begin = end
	}
	if len(stored.Files) == 0 {
		return build.Values(schema, nil)
	}
	scan, err := build.Scan(stored, schema, true)
	if err != nil {
		return nil, err
	}
	return build.Limit(scan, p.Limit, skip), nil
}

// pages has the workers that read pages: one for each account and run, since a
// part is as hostile as the data that it was made of.
type pages struct {
	o      *Options
	runner *run.Runner
	mu     sync.Mutex
	open   map[reader]*pageLane
	wg     sync.WaitGroup
}

type reader struct{ account, run string }

type pageLane struct {
	*run.Lane
	files *workspace.Workspace
	users int
	left  time.Time
}

func (l *pageLane) close() error { return errors.Join(l.Lane.Close(), l.files.Close()) }

func (p *pages) init(o *Options, r *run.Runner) {
	p.o, p.runner, p.open = o, r, map[reader]*pageLane{}
}

// lane returns the worker of an account and run, and what gives it back.
func (p *pages) lane(account, id, folder string) (*pageLane, func(), error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := reader{account, id}
	l := p.open[k]
	if l == nil {
		files, err := workspace.Open(folder, "")
		if err != nil {
			return nil, nil, errs.New(errs.NotFound, errNoResult, nil).Because(err)
		}
		l = &pageLane{files: files}
		l.Lane = run.NewLane(func(ctx context.Context) (*run.Session, error) { return p.runner.Open(ctx, l.files, nil) })
		p.room()
		p.open[k] = l
	}
	l.users++
	return l, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		l.users--
		l.left = time.Now()
	}, nil
}

// room lets the worker go that was left longest ago, where there are many. It
// is called with the lock held.
func (p *pages) room() {
	var oldest reader
	found := false
	for k, l := range p.open {
		if l.users == 0 && (!found || l.left.Before(p.open[oldest].left)) {
			oldest, found = k, true
		}
	}
	if found && len(p.open) >= mostReaders {
		p.drop(oldest)
	}
}

// drop closes a worker aside. It is called with the lock held.
func (p *pages) drop(k reader) {
	l := p.open[k]
	delete(p.open, k)
	p.wg.Go(func() {
		if err := l.close(); err != nil {
			p.o.Log.Warn("reader of pages not closed", "error", err)
		}
	})
}

// rest lets workers go that were not used since a time.
func (p *pages) rest(since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, l := range p.open {
		if l.users == 0 && l.left.Before(since) {
			p.drop(k)
		}
	}
}

// forget lets the workers of a run go. One that reads just now ends by itself.
func (p *pages) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k := range p.open {
		if k.run == id {
			p.drop(k)
		}
	}
}

// close ends all of them.
func (p *pages) close() {
	p.mu.Lock()
	for k := range p.open {
		p.drop(k)
	}
	p.mu.Unlock()
	p.wg.Wait()
}
