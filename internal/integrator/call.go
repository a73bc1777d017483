package integrator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

// Sizes of messages, in bytes: of a table that goes in one, and of the pieces
// of a larger one.
const (
	oneMessage = 700 << 10
	onePiece   = 128 << 10
)

var (
	errNoServer = errs.Message{
		ID: "integrator.no_server",
		En: "No Server that offers this is healthy now. Try again in a moment.",
		Ru: "Сейчас нет исправного Сервера с этим сервисом. Повторите чуть позже.",
	}
	errOwnAccount = errs.Message{
		ID: "integrator.own_account",
		En: "The Server does not take the Integrator's own account. Its administrator must mend that.",
		Ru: "Сервер не принимает учётную запись самого Интегратора. Это должен исправить администратор.",
	}
	errLate = errs.Message{
		ID: "integrator.timeout",
		En: "The call took longer than {limit}.",
		Ru: "Вызов занял больше {limit}.",
	}
)

// call carries out POST /api/v1/{service}/{operation}.
func (in *Integrator) call(ctx context.Context, x *exchange, service, operation string) *problem {
	src, p := in.body(x)
	if p != nil {
		return p
	}
	list, known := in.choose(service + "/" + operation)
	if len(list) == 0 {
		return in.nobody(known, service, operation)
	}
	in.budget.earn()
	ctx = x.outgoing(ctx)
	repeats := 0
	for _, u := range list {
		o := u.published.Load().operations[service+"/"+operation]
		if o == nil {
			continue // it was taken back meanwhile
		}
		req, err := parse(o, src)
		if err != nil {
			return malformed(err, src, x.lang)
		}
		out, begun, err := u.call(ctx, o, req)
		if err == nil {
			body, err := answer(out)
			if err != nil {
				return internal(err)
			}
			x.send(body)
			return nil
		}
		if !gone(ctx, err) {
			return in.refused(err, service, operation)
		}
		if list := rpc.Errors(err); len(list) == 0 || list[0].GetId() != "publish.gone" {
			u.down(err.Error())
		} else {
			begun = false // the Server says so
		}
		// A call that no Server had begun does no harm elsewhere; another is a
		// repetition.
		if begun && (!o.decl.GetIdempotent() || repeats == mostRepeats || !in.budget.spend()) {
			break
		}
		if begun {
			repeats++
		}
	}
	return unavailable()
}

// mostRepeats is how often a call that may have begun is tried again elsewhere.
const mostRepeats = 2

// outgoing is the context of calls for the exchange's caller.
func (x *exchange) outgoing(ctx context.Context) context.Context {
	ctx = metadata.AppendToOutgoingContext(ctx, "accept-language", x.lang)
	if x.token != "" {
		ctx = rpc.OnBehalf(ctx, x.token)
	}
	return ctx
}

// nobody is the problem where no Server can be called.
func (in *Integrator) nobody(known bool, service, operation string) *problem {
	if !known && in.Ready() && in.knowsAll() {
		return problemOf(http.StatusNotFound, errs.NotFound, errUnknown, errs.P{"service": service, "operation": operation})
	}
	return unavailable()
}

func unavailable() *problem {
	p := problemOf(http.StatusServiceUnavailable, errs.Unavailable, errNoServer, nil)
	p.retry = 2
	return p
}

// gone reports whether a call failed because its Server did not answer, or is
// going away.
func gone(ctx context.Context, err error) bool {
	return status.Code(err) == codes.Unavailable && ctx.Err() == nil
}

// call has the Server run an operation. Tables that no message holds go and
// come in pieces. Of a call that failed begun tells whether it was sent, so
// that the Server may have begun it.
func (u *upstream) call(ctx context.Context, o *operation, req *request) (out []byte, begun bool, err error) {
	m := &weftv1.CallServiceRequest{Service: o.decl.GetService(), Operation: o.decl.GetOperation(), Variables: req.variables}
	if len(req.table) <= oneMessage {
		m.Input = req.table
		var to peer.Peer // known once the call has a stream of its own
		r, err := u.services.CallService(ctx, m, grpc.Peer(&to))
		if err == nil || !answerTooLarge(err) {
			return r.GetOutput(), to.Addr != nil, err
		}
		m.Input = nil
	}
	stream, err := u.services.StreamService(ctx)
	if err != nil {
		return nil, false, err
	}
	out, err = exchanged(stream, m, req.table)
	return out, true, err
}

// exchanged gives a call in pieces and takes its answer.
func exchanged(stream grpc.BidiStreamingClient[weftv1.StreamServiceRequest, weftv1.StreamServiceResponse], m *weftv1.CallServiceRequest, table []byte) ([]byte, error) {
	if err := give(stream, m, table); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var out bytes.Buffer
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
		out.Write(part.GetOutput())
	}
}

func answerTooLarge(err error) bool {
	list := rpc.Errors(err)
	return len(list) > 0 && list[0].GetId() == "server.answer_size"
}

// give sends a call and its table. io.EOF: the Server has ended the stream, and
// Recv tells why.
func give(stream grpc.BidiStreamingClient[weftv1.StreamServiceRequest, weftv1.StreamServiceResponse], m *weftv1.CallServiceRequest, table []byte) error {
	err := stream.Send(&weftv1.StreamServiceRequest{Part: &weftv1.StreamServiceRequest_Call{Call: m}})
	for err == nil && len(table) > 0 {
		n := min(len(table), onePiece)
		err = stream.Send(&weftv1.StreamServiceRequest{Part: &weftv1.StreamServiceRequest_Input{Input: table[:n]}})
		table = table[n:]
	}
	if err != nil {
		return err
	}
	return stream.CloseSend()
}

// refused is the problem that a Server's answer makes.
func (in *Integrator) refused(err error, service, operation string) *problem {
	list := rpc.Errors(err)
	p := &problem{status: statusOf(status.Code(err), list)}
	switch {
	case status.Code(err) == codes.Unauthenticated:
		p.err, p.retry = errs.New(errs.Unavailable, errOwnAccount, nil).Because(err), 60
	case p.status == http.StatusNotFound:
		p.err = errs.New(errs.NotFound, errUnknown, errs.P{"service": service, "operation": operation})
	case status.Code(err) == codes.DeadlineExceeded && len(list) == 0:
		p.err = errs.New(errs.Timeout, errLate, errs.P{"limit": in.cfg.Timeout})
	case len(list) == 0 || p.status == http.StatusInternalServerError:
		return internal(err)
	default:
		p.text, p.id = list[0].GetText(), list[0].GetId()
		for _, e := range list {
			p.details = append(p.details, detail{ID: e.GetId(), Pointer: pointerOf(e.GetPlace()), Detail: e.GetText()})
		}
	}
	switch p.status {
	case http.StatusUnauthorized:
		p.realm = true
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		p.retry = max(p.retry, 1)
	}
	return p
}

// statusOf is the one table from answers of Servers to statuses of HTTP.
func statusOf(c codes.Code, list []*weftv1.Error) int {
	id := ""
	if len(list) > 0 {
		id = list[0].GetId()
	}
	switch c {
	case codes.InvalidArgument, codes.FailedPrecondition:
		return http.StatusUnprocessableEntity
	case codes.NotFound:
		return http.StatusNotFound
	case codes.PermissionDenied:
		switch id {
		case "auth.no_service", "auth.hidden":
			return http.StatusNotFound
		case "auth.wrong_token", "auth.ended":
			return http.StatusUnauthorized
		}
		return http.StatusForbidden
	case codes.Unauthenticated, codes.Unavailable:
		return http.StatusServiceUnavailable
	case codes.ResourceExhausted:
		if id == "publish.busy" {
			return http.StatusTooManyRequests
		}
		return http.StatusUnprocessableEntity
	case codes.Aborted:
		return http.StatusConflict
	case codes.DeadlineExceeded:
		return http.StatusGatewayTimeout
	case codes.Canceled:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// pointerOf is where in a request's body an error of a Server stands.
func pointerOf(p *weftv1.Place) string {
	if name, ok := strings.CutPrefix(p.GetSetting(), "variables."); ok {
		return "/variables/" + escape(name)
	}
	if strings.HasPrefix(p.GetSetting(), "input.") {
		return "/input"
	}
	return ""
}
