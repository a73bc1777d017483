package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
)

// maxDetails bounds the details of a status in bytes: on TCP they travel in a
// header, and some clients take no more than 8 KiB of those.
const maxDetails = 6 << 10

// CodeOf is the one table from kinds of errors to codes of gRPC.
func CodeOf(k errs.Kind) codes.Code {
	switch k {
	case errs.Invalid:
		return codes.InvalidArgument
	case errs.NotFound:
		return codes.NotFound
	case errs.Exists:
		return codes.AlreadyExists
	case errs.Denied:
		return codes.PermissionDenied
	case errs.Unavailable:
		return codes.Unavailable
	case errs.Exhausted:
		return codes.ResourceExhausted
	case errs.Canceled:
		return codes.Canceled
	case errs.Timeout:
		return codes.DeadlineExceeded
	case errs.Conflict:
		return codes.Aborted
	case errs.Unreadable, errs.Failed:
		return codes.FailedPrecondition
	default:
		return codes.Internal
	}
}

// WireErrors is the errors of err, worded in a language.
func WireErrors(err error, lang string) []*weftv1.Error {
	var out []*weftv1.Error
	for _, e := range errs.All(err) {
		out = append(out, wireError(e, lang))
	}
	return out
}

func wireError(e *errs.Error, lang string) *weftv1.Error {
	w := &weftv1.Error{Id: e.Message.ID, Kind: e.Kind.String(), Text: toValid(e.Text(lang))}
	if len(e.Params) > 0 {
		w.Params = make(map[string]string, len(e.Params))
	}
	for k, v := range e.Params {
		if l, ok := v.(errs.Localized); ok {
			v = l.Text(lang)
		}
		w.Params[k] = toValid(fmt.Sprint(v))
	}
	if p := e.Place; p != (errs.Place{}) {
		w.Place = &weftv1.Place{
			File: toValid(p.File), Line: count(p.Line), Column: count(p.Column), Workflow: toValid(p.Workflow),
			Node: toValid(p.Node), Setting: toValid(p.Setting), Offset: count(p.Offset), Length: count(p.Length),
		}
	}
	return w
}

func count(n int) uint32 { return uint32(min(max(n, 0), 1<<31)) }

// Errors returns the details of a failed call; nil when it has none.
func Errors(err error) []*weftv1.Error {
	st, ok := status.FromError(err)
	if !ok {
		return nil
	}
	var out []*weftv1.Error
	for _, d := range st.Details() {
		if e, ok := d.(*weftv1.Error); ok {
			out = append(out, e)
		}
	}
	return out
}

// toStatus makes an error that a handler returned what clients are told. A
// status stays as it is; the cause of any other error stays here.
func toStatus(err error, lang string) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*statusError](err); ok {
		return build(e.code, e.err, lang)
	}
	var made interface{ GRPCStatus() *status.Status }
	if errors.As(err, &made) {
		return err
	}
	err = known(err)
	return build(CodeOf(errs.KindOf(err)), err, lang)
}

// known gives errors of the standard library their message.
func known(err error) error {
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[errs.List](err); ok {
		return err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errs.New(errs.Timeout, msgTimeout, nil).Because(err)
	case errors.Is(err, context.Canceled):
		return errs.New(errs.Canceled, msgCanceled, nil).Because(err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errs.New(errs.Invalid, msgBadMessage, nil).Because(err)
	}
	return err
}

func build(code codes.Code, err error, lang string) error {
	st := status.New(code, "")
	var details []protoadapt.MessageV1
	size := 0
	for _, e := range WireErrors(err, lang) {
		size += proto.Size(e)
		if size > maxDetails && len(details) > 0 {
			break
		}
		if st.Message() == "" {
			st = status.New(code, e.GetText())
		}
		details = append(details, protoadapt.MessageV1Of(e))
	}
	full, e := st.WithDetails(details...)
	if e != nil {
		return st.Err()
	}
	return full.Err()
}

// statusError is an error with a code that its kind doesn't tell.
type statusError struct {
	code codes.Code
	err  error
}

func (e *statusError) Error() string { return e.err.Error() }

func (e *statusError) Unwrap() error { return e.err }

// unauthenticated is the answer to a caller whom nobody knows. Causes that the
// authenticator worded are kept.
func unauthenticated(cause error) error {
	if cause == nil {
		cause = errs.New(errs.Denied, msgSignIn, nil)
	}
	if k := errs.KindOf(cause); k != errs.Denied && k != errs.NotFound {
		return cause
	}
	return &statusError{codes.Unauthenticated, cause}
}
