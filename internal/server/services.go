package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/publish"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/worker"
)

// Bounds of calls, in bytes: of a table in one message, and of one that comes
// in pieces.
const (
	mostInMessage = 768 << 10
	mostStreamed  = 64 << 20
	outputPiece   = 128 << 10
)

// partOperations is how many operations one message describes, and relook how
// often the rights of whoever watches are looked at.
const (
	partOperations = 100
	relook         = 5 * time.Second
)

var (
	msgAnswerSize = errs.Message{
		ID: "server.answer_size",
		En: "The answer takes more than {limit} KiB, which is more than one message may hold.",
		Ru: "Ответ занимает больше {limit} КиБ, а это больше, чем вмещает одно сообщение.",
	}
	msgTableSize = errs.Message{
		ID: "server.table_size",
		En: "The given table takes more than {limit} MiB.",
		Ru: "Переданная таблица занимает больше {limit} МиБ.",
	}
	msgArrow = errs.Message{
		ID: "server.arrow",
		En: "The given table is no stream of Arrow IPC.",
		Ru: "Переданная таблица — не поток Arrow IPC.",
	}
	msgFirstCall = errs.Message{
		ID: "server.call_first",
		En: "The stream must begin with the call, and hold it once.",
		Ru: "Поток должен начинаться с вызова и содержать его один раз.",
	}
	msgOnBehalf = errs.Message{
		ID: "server.on_behalf",
		En: "Only a service account may call for somebody else.",
		Ru: "Вызывать от чужого имени может только служебная учётная запись.",
	}
)

// services implements the Services service.
type services struct {
	weftv1.UnimplementedServicesServer
	access
	calls    *auth.Calls
	registry *publish.Registry
}

// NewServices makes the Services service.
func NewServices(a *auth.Auth, r *publish.Registry) weftv1.ServicesServer {
	return &services{access: access{a}, calls: a.Calls(), registry: r}
}

// caller is whose rights a call has: the account's that makes it, or those of
// the external caller for whom a service account makes it.
func (s *services) caller(ctx context.Context) (auth.Caller, error) {
	c, ok := rpc.CallerFrom(ctx)
	if !ok {
		return auth.Caller{}, errs.New(errs.Denied, msgNoCaller, nil)
	}
	token, behalf := rpc.BehalfOf(ctx)
	switch {
	case !behalf:
		return auth.ByRef(c.Session), nil
	case c.Role != weftv1.Role_ROLE_SERVICE:
		return auth.Caller{}, errs.New(errs.Denied, msgOnBehalf, nil)
	}
	return s.calls.External(ctx, token)
}

// find returns an operation that the caller may call. The answer for one that
// is not there is the one for one that is hidden.
func (s *services) find(ctx context.Context, service, operation string) (*publish.Operation, error) {
	c, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	o, err := s.registry.State().Find(service, operation)
	path := "/"
	if o != nil {
		path = "/" + o.Path
	}
	if hidden := s.calls.Check(ctx, c, service, path); hidden != nil {
		return nil, hidden
	}
	return o, err
}

// CallService implements weftv1.ServicesServer.
func (s *services) CallService(ctx context.Context, r *weftv1.CallServiceRequest) (*weftv1.CallServiceResponse, error) {
	o, err := s.find(ctx, r.GetService(), r.GetOperation())
	if err != nil {
		return nil, err
	}
	if len(r.GetInput()) > mostInMessage {
		return nil, errs.New(errs.Exhausted, msgTableSize, errs.P{"limit": float64(mostInMessage) / (1 << 20)})
	}
	var out bytes.Buffer
	if err := call(ctx, o, r.GetVariables(), r.GetInput(), limited{&out, mostInMessage}); err != nil {
		return nil, err
	}
	return &weftv1.CallServiceResponse{Output: out.Bytes()}, nil
}

// limited writes no more than a message holds.
type limited struct {
	*bytes.Buffer
	most int
}

func (l limited) Write(b []byte) (int, error) {
	if l.Len()+len(b) > l.most {
		return 0, errs.New(errs.Exhausted, msgAnswerSize, errs.P{"limit": l.most >> 10})
	}
	return l.Buffer.Write(b)
}

// StreamService implements weftv1.ServicesServer.
func (s *services) StreamService(stream grpc.BidiStreamingServer[weftv1.StreamServiceRequest, weftv1.StreamServiceResponse]) error {
	ctx := stream.Context()
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	r := first.GetCall()
	if r == nil || len(r.GetInput()) > 0 {
		return errs.New(errs.Invalid, msgFirstCall, nil)
	}
	o, err := s.find(ctx, r.GetService(), r.GetOperation())
	if err != nil {
		return err
	}
	input, err := gather(stream)
	if err != nil {
		return err
	}
	p := &pieces{send: func(b []byte) error { return stream.Send(&weftv1.StreamServiceResponse{Output: b}) }}
	if err := call(ctx, o, r.GetVariables(), input, p); err != nil {
		return err
	}
	return p.flush()
}

// gather takes in the pieces of a table.
func gather(stream grpc.BidiStreamingServer[weftv1.StreamServiceRequest, weftv1.StreamServiceResponse]) ([]byte, error) {
	var input []byte
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return input, nil
		}
		if err != nil {
			return nil, err
		}
		if m.GetCall() != nil {
			return nil, errs.New(errs.Invalid, msgFirstCall, nil)
		}
		if len(input)+len(m.GetInput()) > mostStreamed {
			return nil, errs.New(errs.Exhausted, msgTableSize, errs.P{"limit": mostStreamed >> 20})
		}
		input = append(input, m.GetInput()...)
	}
}

// pieces cuts what is written into messages.
type pieces struct {
	send func([]byte) error
	rest []byte
}

func (p *pieces) Write(b []byte) (int, error) {
	p.rest = append(p.rest, b...)
	for len(p.rest) >= outputPiece {
		if err := p.send(p.rest[:outputPiece:outputPiece]); err != nil {
			return 0, err
		}
		p.rest = append([]byte(nil), p.rest[outputPiece:]...)
	}
	return len(b), nil
}

func (p *pieces) flush() error {
	if len(p.rest) == 0 {
		return nil
	}
	return p.send(p.rest)
}

// call runs an operation and writes its answer as a stream of Arrow IPC.
func call(ctx context.Context, o *publish.Operation, variables map[string]string, input []byte, out io.Writer) error {
	given, err := batches(input)
	if err != nil {
		return err
	}
	defer release(given)
	var w *ipc.Writer
	err = o.Call(ctx, publish.Call{Variables: variables, Input: given}, func(b arrow.RecordBatch) error {
		if w == nil {
			w = ipc.NewWriter(out, ipc.WithSchema(b.Schema()))
		}
		return w.Write(b)
	})
	if err == nil && w != nil {
		err = w.Close()
	}
	return err
}

// batches reads a table that somebody sent, trusting nothing in it. One
// without rows has one batch.
func batches(input []byte) (out []arrow.RecordBatch, err error) {
	if len(input) == 0 {
		return nil, nil
	}
	err = worker.Decode(bytes.NewReader(input), func(b arrow.RecordBatch) error {
		b.Retain()
		out = append(out, b)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = errors.New("no batch")
	}
	if err != nil {
		release(out)
		return nil, errs.New(errs.Invalid, msgArrow, nil).Because(err)
	}
	return out, nil
}

func release(list []arrow.RecordBatch) {
	for _, b := range list {
		b.Release()
	}
}

// WatchServices implements weftv1.ServicesServer.
func (s *services) WatchServices(r *weftv1.WatchServicesRequest, stream grpc.ServerStreamingServer[weftv1.WatchServicesResponse]) error {
	ctx := stream.Context()
	timer := time.NewTicker(relook)
	defer timer.Stop()
	for hash := r.GetHash(); ; {
		c, err := s.caller(ctx)
		if err != nil {
			return err
		}
		if err := s.auth.Check(ctx, c, auth.ListServices, ""); err != nil {
			return err
		}
		state := s.registry.State()
		seen := s.seen(ctx, c, state)
		if seen.hash != hash {
			hash = seen.hash
			if err := seen.send(stream.Send, rpc.Language(ctx)); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-state.Changed():
		case <-timer.C:
		}
	}
}

// seen is what a caller may know of what is published.
type seen struct {
	operations []*publish.Operation
	problems   []publish.Problem
	hash       string
}

func (s *services) seen(ctx context.Context, c auth.Caller, state *publish.State) seen {
	out := seen{}
	h := sha256.New()
	fmt.Fprintln(h, state.Hash)
	allowed := map[string]bool{}
	for _, o := range state.Operations {
		may, known := allowed[o.Service]
		if !known {
			may = s.auth.CheckService(ctx, c, o.Service, "/"+o.Path) == nil
			allowed[o.Service] = may
		}
		if may {
			out.operations = append(out.operations, o)
			fmt.Fprintln(h, o.Service, o.Operation)
		}
	}
	for _, p := range state.Problems {
		if s.auth.Check(ctx, c, auth.ReadFiles, "/"+p.Path) == nil {
			out.problems = append(out.problems, p)
			fmt.Fprintln(h, p.Path, p.Service, p.Operation)
		}
	}
	out.hash = hex.EncodeToString(h.Sum(nil))[:32]
	return out
}

// send sends the whole in parts.
func (s seen) send(send func(*weftv1.WatchServicesResponse) error, lang string) error {
	list := s.operations
	for {
		n := min(len(list), partOperations)
		m := &weftv1.WatchServicesResponse{Hash: s.hash, Last: n == len(list)}
		for _, o := range list[:n] {
			m.Operations = append(m.Operations, wireOperation(o))
		}
		if list = list[n:]; m.GetLast() {
			for _, p := range s.problems[:min(len(s.problems), partOperations)] {
				m.Problems = append(m.Problems, &weftv1.ServiceProblem{
					Path: p.Path, Service: p.Service, Operation: p.Operation, Errors: rpc.WireErrors(p.Errors, lang),
				})
			}
		}
		if err := send(m); err != nil || m.GetLast() {
			return err
		}
	}
}

func wireOperation(o *publish.Operation) *weftv1.ServiceOperation {
	out := &weftv1.ServiceOperation{
		Service: o.Service, Operation: o.Operation, Label: o.Label, Note: o.Note, Path: o.Path,
		Output: wireSchema(o.Output), Required: o.Required,
		// An operation reads, and writes nothing.
		Idempotent: true,
	}
	if o.HasInput {
		out.Input = wireSchema(o.Input)
	}
	for _, v := range o.Variables {
		w := &weftv1.ServiceVariable{Name: v.Name, Type: v.Type.String(), Label: v.Label}
		if v.Default != nil {
			text := string(rel.AppendJSON(nil, v.Default))
			w.Default = &text
		}
		out.Variables = append(out.Variables, w)
	}
	return out
}
