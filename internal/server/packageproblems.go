package server

import (
	"context"
	"time"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

// Problems are looked for once nothing has changed for a moment, at the latest
// after a while of changes.
const (
	problemsCalm = 150 * time.Millisecond
	maxProblems  = 200
)

// watchProblems finds what is wrong with the package, anew after each change.
// What it sends is the latest; stop ends and waits for it.
func (w *packageWatch) watchProblems(ctx context.Context) (<-chan *weftv1.OpenPackageResponse, func()) {
	if w.problems == nil {
		return nil, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	found, done := make(chan *weftv1.OpenPackageResponse), make(chan struct{})
	go func() {
		defer close(done)
		number := int64(-1)
		for w.awaitCalm(ctx, number) {
			m, as, err := w.findProblems(ctx)
			if err != nil { // cut by a newer change, or it can't be told: the next change asks again
				number = as
				continue
			}
			select {
			case found <- m:
				number = as
			case <-ctx.Done():
			case <-w.d.Changed(as): // it is old already
			}
		}
	}()
	return found, func() {
		cancel()
		<-done
	}
}

// awaitCalm waits for an event after a number, and then until no other has
// come for a moment; false when ctx has ended.
func (w *packageWatch) awaitCalm(ctx context.Context, number int64) bool {
	select {
	case <-w.d.Changed(number):
	case <-ctx.Done():
		return false
	}
	timer := time.NewTimer(problemsCalm)
	defer timer.Stop()
	select {
	case <-timer.C:
		return w.d.State().Gone == nil
	case <-ctx.Done():
		return false
	}
}

// findProblems is cut by the next event. Of an error, the number is what was
// looked at.
func (w *packageWatch) findProblems(ctx context.Context) (*weftv1.OpenPackageResponse, int64, error) {
	as := w.d.State().Number
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	newer := make(chan struct{})
	go func() {
		defer close(newer)
		select {
		case <-w.d.Changed(as):
			cancel()
		case <-ctx.Done():
		}
	}()
	number, list, err := w.problems.Problems(ctx, w.caller.Account, w.d)
	cancel()
	<-newer
	if err != nil {
		return nil, as, err
	}
	return &weftv1.OpenPackageResponse{What: &weftv1.OpenPackageResponse_Problems{Problems: w.wireProblems(number, list)}}, number, nil
}

func (w *packageWatch) wireProblems(number int64, list errs.List) *weftv1.Problems {
	shown := list[:min(len(list), maxProblems)]
	out := &weftv1.Problems{Number: number, Omitted: uint32(len(list) - len(shown))}
	if len(shown) > 0 {
		out.Errors = rpc.WireErrors(shown, w.lang)
	}
	return out
}
