package rpc

import (
	"context"
	"slices"
	"sync"
)

// outbox orders what goes out on one connection. Frames of control go first
// and never wait; of messages each stream has at most one frame here, so that
// streams take turns. It has a goroutine only while there is something to
// write.
type outbox struct {
	write func([]byte) error // called from one goroutine at a time
	fail  func(error)
	spawn func(func())

	mu      sync.Mutex
	control []*parcel
	data    []*parcel
	pong    []byte // the latest; earlier ones that were not written are replaced
	busy    bool
	err     error
}

// parcel is a frame that somebody may wait to see written.
type parcel struct {
	frame []byte
	done  chan struct{} // closed when it was written, or never will be
}

// push queues a frame of control. The channel is closed when it was written,
// or never will be.
func (o *outbox) push(frame []byte) <-chan struct{} {
	p := &parcel{frame: frame, done: make(chan struct{})}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		close(p.done)
		return p.done
	}
	o.control = append(o.control, p)
	o.start()
	return p.done
}

// answer queues a pong in the place of one that waits.
func (o *outbox) answer(pong []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.pong = pong
		o.start()
	}
}

// send writes a frame of a message and returns when it is written.
func (o *outbox) send(ctx context.Context, frame []byte) error {
	p := &parcel{frame: frame, done: make(chan struct{})}
	o.mu.Lock()
	if o.err != nil {
		defer o.mu.Unlock()
		return o.err
	}
	o.data = append(o.data, p)
	o.start()
	o.mu.Unlock()
	select {
	case <-p.done:
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.err
	case <-ctx.Done():
		o.drop(p)
		return ctx.Err()
	}
}

func (o *outbox) drop(p *parcel) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, q := range o.data {
		if q == p {
			o.data = append(o.data[:i:i], o.data[i+1:]...)
			return
		}
	}
}

// waiting reports whether something is not written yet.
func (o *outbox) waiting() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.busy
}

// start begins writing; o.mu is held.
func (o *outbox) start() {
	if !o.busy {
		o.busy = true
		o.spawn(o.pump)
	}
}

func (o *outbox) pump() {
	for {
		frame, done, ok := o.next()
		if !ok {
			return
		}
		err := o.write(frame)
		if err != nil {
			o.close(err)
		}
		if done != nil {
			close(done)
		}
		if err != nil {
			o.fail(err)
			return
		}
	}
}

func (o *outbox) next() (frame []byte, done chan struct{}, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.err != nil:
	case len(o.control) > 0:
		p := o.control[0]
		o.control = o.control[1:]
		return p.frame, p.done, true
	case o.pong != nil:
		frame, o.pong = o.pong, nil
		return frame, nil, true
	case len(o.data) > 0:
		p := o.data[0]
		o.data = o.data[1:]
		return p.frame, p.done, true
	}
	o.busy = false
	o.control, o.data = nil, nil // an idle connection keeps no memory
	return nil, nil, false
}

// close drops what waits; everything fails with err from then on.
func (o *outbox) close(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return
	}
	o.err = err
	for _, p := range slices.Concat(o.control, o.data) {
		close(p.done)
	}
	o.control, o.data, o.pong = nil, nil, nil
}
