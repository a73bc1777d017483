package job

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/workspace"
)

// askEvery is how often a run that is under way asks whether the account may
// still read what it reads.
const askEvery = 2 * time.Second

var errLost = errs.Message{
	ID: "job.rights_lost",
	En: "You may no longer read {path}, so the run was stopped.",
	Ru: "Вам больше не разрешено читать {path}, поэтому запуск остановлен.",
}

// inputs are the files that a run reads, the package's own among them, in the
// Server's tree.
func (x *execution) inputs(g *plan.Graph) []string {
	out := []string{x.entry.path}
	for _, d := range g.Found {
		for _, f := range d.Paths() {
			if path, err := x.files.Path(f); err == nil {
				out = append(out, path)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// watchRights stops the run when the account may no longer read one of its
// inputs, until ctx ends.
func watchRights(ctx context.Context, every time.Duration, guard workspace.Guard, inputs []string, stop context.CancelCauseFunc) {
	if guard == nil {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, path := range inputs {
			if err := guard.MayRead(path); errs.KindOf(err) == errs.Denied {
				stop(errs.New(errs.Denied, errLost, errs.P{"path": path}).Because(err))
				return
			}
		}
	}
}

// lost is the error of a run whose context has ended because rights were taken
// away; else err.
func lost(ctx context.Context, err error) error {
	e, ok := errors.AsType[*errs.Error](context.Cause(ctx))
	if ok && e.Message.ID == errLost.ID && err != nil {
		return e
	}
	return err
}
