package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// call is one call under way. Data and news come by data, in order, before
// the answer; nobody needs to take them once abandoned is closed.
type call struct {
	id        uint64
	data      chan frame
	answer    chan answer   // holds one
	settled   chan struct{} // closed once the answer is there
	abandoned chan struct{}
	abandon   func()        // closes abandoned
	finished  chan struct{} // closed when nobody waits for the worker any more
}

type frame struct {
	kind    frameType
	payload []byte
}

func newCall(id uint64) *call {
	k := &call{
		id:        id,
		data:      make(chan frame),
		answer:    make(chan answer, 1),
		settled:   make(chan struct{}),
		abandoned: make(chan struct{}),
		finished:  make(chan struct{}),
	}
	k.abandon = sync.OnceFunc(func() { close(k.abandoned) })
	return k
}

// take is called by the receiving goroutine for each frame of the call.
func (k *call) take(t frameType, payload []byte) error {
	switch t {
	case frameData, frameNews:
		select {
		case k.data <- frame{t, payload}:
		case <-k.abandoned:
		}
		return nil
	case frameAnswer:
		var a answer
		if err := json.Unmarshal(payload, &a); err != nil {
			return fmt.Errorf("answer frame: %w", err)
		}
		if a.ID != k.id {
			return fmt.Errorf("answer to call %d during call %d", a.ID, k.id)
		}
		select {
		case <-k.settled:
			return errors.New("two answers to one call")
		default:
		}
		k.answer <- a
		close(k.settled)
		return nil
	}
	return fmt.Errorf("frame of unknown type %d", t)
}

// do carries out a call without data.
func (c *Client) do(ctx context.Context, req request, progress func(Progress)) (answer, error) {
	var got answer
	err := c.begin(ctx, req, func(ctx context.Context, k *call) error {
		for {
			select {
			case f := <-k.data:
				if err := news(f, progress); err != nil {
					return c.broken(err)
				}
			case got = <-k.answer:
				return c.outcome(got)
			case <-ctx.Done():
				return contextError(ctx)
			case <-c.ended:
				return c.fate
			}
		}
	})
	return got, err
}

func news(f frame, progress func(Progress)) error {
	if f.kind != frameNews {
		return errors.New("data for a call that has none")
	}
	var p Progress
	if err := json.Unmarshal(f.payload, &p); err != nil {
		return fmt.Errorf("progress frame: %w", err)
	}
	if progress != nil {
		progress(p)
	}
	return nil
}

// outcome is the error of an answer. An internal one ends the worker, as one
// does that the engine did not survive: nobody knows what state it left (DuckDB
// serves nothing more after a fatal error).
func (c *Client) outcome(a answer) error {
	err := a.Errors.err()
	if err != nil && (a.Spent || errs.KindOf(err) == errs.Internal) {
		c.proc.kill(killInternal)
		<-c.ended
	}
	return err
}

// broken ends a worker that broke the protocol.
func (c *Client) broken(err error) error {
	c.proc.kill(killProtocol)
	<-c.ended
	return errs.New(errs.Crashed, msgProtocol, nil).Because(err)
}

// begin waits for its turn, sends the request, and lets use take what comes.
// When use returns before the answer is there, or ctx ends, the worker is
// interrupted and, if need be, killed. Only then does begin return, so that
// the next call meets an idle worker or none.
func (c *Client) begin(ctx context.Context, req request, use func(context.Context, *call) error) error {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return contextError(ctx)
	}
	if ctx.Err() != nil {
		return contextError(ctx)
	}
	if err := c.gone(); err != nil {
		return err
	}
	req.ID = c.lastID.Add(1)
	payload, err := json.Marshal(req)
	if err != nil {
		return err
	}
	if len(payload) > maxFrame {
		return errs.New(errs.Exhausted, msgTooLarge, errs.P{"size": len(payload) >> 20, "limit": maxFrame >> 20})
	}
	k := newCall(req.ID)
	c.set(k)
	defer c.set(nil)

	inner, stop := context.WithCancel(ctx)
	defer stop()
	var guard sync.WaitGroup
	defer guard.Wait()
	defer close(k.finished)
	guard.Go(func() { c.guard(inner, k) })

	_ = c.proc.send(frameCall, payload) // it fails where the worker has ended, which use will see
	err = use(inner, k)
	select {
	case <-k.settled:
	default:
		stop()
		select {
		case <-k.settled:
		case <-c.ended:
		}
	}
	if ctx.Err() != nil && (errs.KindOf(err) == errs.Crashed || errs.KindOf(err) == errs.Canceled) {
		return contextError(ctx) // the one is but what came of the other
	}
	return err
}

// guard interrupts the call when ctx ends, and kills the process when that
// does not help in time.
func (c *Client) guard(ctx context.Context, k *call) {
	select {
	case <-ctx.Done():
	case <-k.finished:
		return
	}
	k.abandon()
	deadline := time.Now().Add(grace)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	payload, _ := json.Marshal(cancelRequest{ID: k.id})
	_ = c.proc.sendBefore(deadline, frameCancel, payload) // if it fails, the timer settles it
	select {
	case <-k.finished:
	case <-c.ended:
	case <-timer.C:
		c.proc.kill(killStopped)
	}
}

func (c *Client) set(k *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = k
}

// gone says why no call is possible any more; nil if one is.
func (c *Client) gone() error {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return errs.New(errs.Crashed, msgClosed, nil)
	}
	if !c.Alive() {
		return c.fate
	}
	return nil
}
