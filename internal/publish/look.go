package publish

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// stamp is by what a changed package is known.
type stamp struct {
	size int64
	time int64 // nanoseconds
}

// maxPackage bounds a package file, in bytes.
const maxPackage = 64 << 20

// look begins to load what has changed since the last look.
func (r *Registry) look() error {
	found, err := r.packages()
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return nil
	}
	for name, now := range found {
		u := r.units[name]
		if r.loading[name] || r.seen[name] == now && (u == nil || !u.stale(time.Now())) {
			continue
		}
		r.loading[name] = true
		r.wg.Go(func() { r.load(name, now) })
	}
	for name := range r.seen {
		if _, there := found[name]; !there && !r.loading[name] {
			r.loading[name] = true
			r.wg.Go(func() { r.load(name, stamp{}) })
		}
	}
	return nil
}

// packages are the package files of the tree, but those beside its folders.
func (r *Registry) packages() (map[string]stamp, error) {
	out := map[string]stamp{}
	err := fs.WalkDir(r.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case err != nil, name == ".":
			return nil // it went while we looked
		case strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular() || !strings.EqualFold(path.Ext(name), ".weft") || !strings.Contains(name, "/"):
			return nil
		}
		if info, err := d.Info(); err == nil && info.Size() <= maxPackage {
			out[name] = stamp{info.Size(), info.ModTime().UnixNano()}
		}
		return nil
	})
	return out, err
}

// load declares a package as it is now. A zero stamp: it is gone.
func (r *Registry) load(name string, now stamp) {
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.loading, name)
		r.seen[name] = now
		if now == (stamp{}) {
			delete(r.seen, name)
		}
	}()
	if now == (stamp{}) {
		r.replace(name, nil)
		return
	}
	select {
	case r.loads <- struct{}{}:
		defer func() { <-r.loads }()
	case <-r.ctx.Done():
		return
	}
	ctx, cancel := context.WithTimeout(r.ctx, loadTime)
	defer cancel()
	u := r.read(ctx, name, now)
	if r.ctx.Err() != nil {
		if u != nil {
			u.close()
		}
		return
	}
	r.mu.Lock()
	same := r.units[name] == nil && u == nil
	r.mu.Unlock()
	if !same {
		r.replace(name, u)
	}
}

// read makes the unit of a package; nil where it declares no services. A package
// that makes that panic publishes nothing: it would end the Server at each
// start.
func (r *Registry) read(ctx context.Context, name string, now stamp) (u *unit) {
	var err error
	defer func() {
		if err != nil {
			u = (&unit{path: name, stamp: now}).broken(err)
		}
	}()
	defer run.Recovered(r.o.Log, &err)
	return r.declared(ctx, name, now)
}

func (r *Registry) declared(ctx context.Context, name string, now stamp) *unit {
	u := &unit{path: name, stamp: now, timeout: r.o.Timeout, maxRows: r.o.MaxRows}
	src, err := r.text(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return u.broken(errs.New(errs.Unreadable, errUnreadable, nil).Because(err))
	}
	if u.pkg, err = pack.Decode(src, path.Base(name)); err != nil {
		u.pkg = nil
		if !declares(src) {
			return nil
		}
		return u.broken(err)
	}
	if len(u.pkg.Services) == 0 {
		return nil
	}
	var guard workspace.Guard
	if r.o.Guard != nil {
		guard = r.o.Guard(name)
	}
	u.files, err = workspace.OpenIn(r.o.Root, name, guard)
	if err != nil {
		return u.broken(err)
	}
	l := limits{workers: r.o.Workers, waiting: int64(r.o.Waiting), requests: r.o.Requests, growth: growth, idle: idleTime}
	u.pool = newPool(l, r.o.Log, func(ctx context.Context) (*run.Session, error) { return r.runner.Open(ctx, u.files, nil) })
	if err := u.declare(ctx, plan.Options{Catalogue: r.runner.Catalogue, Functions: r.runner.Functions}); err != nil {
		u.again = time.Now().Add(retryTime)
		return u.broken(err)
	}
	return u
}

// A worker is replaced when its memory has grown by this share, and ended when
// nobody has called for so long.
const (
	growth   = 0.2
	idleTime = 5 * time.Minute
)

// retryTime is when a package is declared again whose worker did not do it.
const retryTime = 30 * time.Second

// broken is a unit of which nothing is published.
func (u *unit) broken(err error) *unit {
	u.ops = nil
	u.problems = []Problem{{Path: u.path, Errors: errs.All(err)}}
	return u
}

// declares reports whether the text of a package that can't be read seems to
// declare services.
func declares(src []byte) bool { return regexp.MustCompile(`(?m)^services:`).Match(src) }

// text reads a package's file.
func (r *Registry) text(name string) ([]byte, error) {
	f, err := r.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("no regular file")
	}
	return io.ReadAll(io.LimitReader(f, maxPackage+1))
}
