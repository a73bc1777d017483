package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
)

// shutdown is how long a call may take to stop when the control pipe ends.
const shutdown = 300 * time.Millisecond

// server is the inside of a worker: one call at a time, and a cancel at any.
type server struct {
	setup  Setup
	engine Engine
	out    io.Writer
	write  sync.Mutex // held for a frame

	mu     sync.Mutex
	id     uint64 // of the call under way; 0: none
	cancel context.CancelFunc
	calls  sync.WaitGroup
}

// Serve opens the engine and answers the frames that come from in until it
// ends, which is the sign to stop: a call under way is canceled. A frame that
// makes no sense ends it too, with an error. If a call does not stop within
// 300 ms, Serve returns without it, and the caller must end the process.
func Serve(ctx context.Context, in io.Reader, out io.Writer, setup Setup, open Open) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{setup: setup, out: out}
	engine, err := open(ctx, setup)
	if werr := s.send(frameReady, ready{Protocol: protocol, Errors: encodeOptional(err)}); err != nil || werr != nil {
		return errors.Join(err, werr)
	}
	s.engine = engine
	err = s.loop(ctx, in)
	cancel()
	if !s.idle(shutdown) {
		return errors.Join(err, errors.New("a call did not stop"))
	}
	return errors.Join(err, engine.Close())
}

func (s *server) loop(ctx context.Context, in io.Reader) error {
	for {
		t, payload, err := readFrame(in)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t {
		case frameCall:
			err = s.call(ctx, payload)
		case frameCancel:
			err = s.interrupt(payload)
		default:
			err = fmt.Errorf("frame of unknown type %d", t)
		}
		if err != nil {
			return err
		}
	}
}

// idle waits for the call under way, at most for d.
func (s *server) idle(d time.Duration) bool {
	done := make(chan struct{})
	go func() { s.calls.Wait(); close(done) }() // outlives Serve only where the process ends with it
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// call starts a call; a second one at the same time is a breach of the protocol.
func (s *server) call(ctx context.Context, payload []byte) error {
	var req request
	if err := strict(payload, &req); err != nil {
		return fmt.Errorf("call frame: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id != 0 || req.ID == 0 {
		return fmt.Errorf("call %d during call %d", req.ID, s.id)
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.id = req.ID
	s.calls.Go(func() { s.answer(ctx, req) })
	return nil
}

// interrupt cancels the call that it names; another one's time is over.
func (s *server) interrupt(payload []byte) error {
	var c cancelRequest
	if err := strict(payload, &c); err != nil {
		return fmt.Errorf("cancel frame: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id == c.ID && s.cancel != nil {
		s.cancel()
	}
	return nil
}

func (s *server) answer(ctx context.Context, req request) {
	a, err := s.run(ctx, req)
	a.ID, a.Errors = req.ID, encodeOptional(err)
	_, a.Spent = errors.AsType[spent](err)
	s.mu.Lock()
	s.cancel()
	s.id, s.cancel = 0, nil
	s.mu.Unlock()
	if err := s.send(frameAnswer, a); errors.Is(err, errFrameSize) {
		tooLarge := errs.New(errs.Exhausted, msgAnswerTooLarge, errs.P{"limit": maxFrame >> 20}).Because(err)
		_ = s.send(frameAnswer, answer{ID: req.ID, Errors: encodeError(tooLarge)})
	} // any other failure means that nobody listens any more, which the loop sees
}

// run carries out a call. A panic in it becomes its error.
func (s *server) run(ctx context.Context, req request) (a answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, msgPanic, nil).Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	switch req.Op {
	case opNothing:
	case opDescribe:
		a.Columns, err = s.engine.Describe(ctx, req.SQL)
	case opQuery:
		err = s.query(ctx, req)
	case opExec:
		a.Rows, err = s.engine.Exec(ctx, req.SQL, func(p Progress) { _ = s.send(frameNews, p) })
	case opDiscover:
		a.Discover, err = s.discover(ctx, req.Discover)
	case opTranscode:
		err = transcode(ctx, s.setup, req)
	case opRecode:
		err = recode(ctx, s.setup, req)
	case opPrepare:
		err = s.prepare(ctx, req)
	case opExecute:
		err = s.execute(ctx, req)
	default:
		err = fmt.Errorf("unknown operation %q", req.Op)
	}
	return a, err
}

func (s *server) query(ctx context.Context, req request) error {
	w := &batchWriter{frames: s, row: s.setup.Row}
	err := s.engine.Query(ctx, req.SQL, req.Rows, w.write)
	if err != nil {
		return err
	}
	return w.close()
}

var errNoPrepared = errors.New("the engine prepares no queries")

func (s *server) prepare(ctx context.Context, req request) error {
	e, ok := s.engine.(Preparer)
	if !ok {
		return errNoPrepared
	}
	return e.Prepare(ctx, req.Name, req.SQL)
}

func (s *server) execute(ctx context.Context, req request) error {
	e, ok := s.engine.(Preparer)
	if !ok {
		return errNoPrepared
	}
	w := &batchWriter{frames: s, row: s.setup.Row}
	if err := e.Execute(ctx, req.Name, req.Args, req.Rows, w.write); err != nil {
		return err
	}
	return w.close()
}

func (s *server) discover(ctx context.Context, req *discover.Request) (*discover.Result, error) {
	if req == nil {
		return nil, errors.New("discover without a request")
	}
	f, err := openRead(s.setup, req.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	res, err := discover.Head(ctx, f, *req)
	if err != nil {
		return nil, err
	}
	return &res, nil
}

func (s *server) send(t frameType, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.sendBytes(t, payload)
}

func (s *server) sendBytes(t frameType, payload []byte) error {
	s.write.Lock()
	defer s.write.Unlock()
	return writeFrame(s.out, t, payload)
}

func encodeOptional(err error) wireErrors {
	if err == nil {
		return nil
	}
	return encodeError(err)
}

// strict decodes JSON that may hold nothing unknown.
func strict(payload []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(payload))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
