package batch

import (
	"context"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
)

var (
	errNoServer = errs.Message{
		ID: "batch.no_server",
		En: "No connection to the Server {address}: {reason}.",
		Ru: "Нет соединения с Сервером {address}: {reason}.",
	}
	errLost = errs.Message{
		ID: "batch.lost",
		En: "The connection to the Server {address} was lost and did not come back. The run {run} may go on there.",
		Ru: "Соединение с Сервером {address} потеряно и не восстановилось. Запуск {run} может там продолжаться.",
	}
	errCancelled = errs.Message{
		ID: "batch.cancelled",
		En: "The run {run} was asked to end, and the Server has not said that it has.",
		Ru: "Запуск {run} прерван, но Сервер не подтвердил его завершения.",
	}
	errRefused = errs.Message{
		ID: "batch.refused",
		En: "The Server {address} refuses: {reason}",
		Ru: "Сервер {address} отказывает: {reason}",
	}
)

// lost reports whether a call failed because the Server did not answer, or is
// going away.
func lost(err error) bool { return status.Code(err) == codes.Unavailable }

// Flag is the flag of a key of the connection's encryption: --ca-file.
func Flag(key string) string { return "--" + strings.ReplaceAll(key, "_", "-") }

// failure is a failed call as people are told of it.
func (l *Launcher) failure(ctx context.Context, err error) error {
	st, _ := status.FromError(err)
	if lost(err) {
		u, kind := l.client.WhyUnreached(ctx, err, Flag), errs.Unavailable
		if u.Refused {
			kind = errs.Denied
		}
		return errs.New(kind, errNoServer, errs.P{"address": l.cfg.Address, "reason": u.Why}).Because(err)
	}
	switch st.Code() {
	case codes.Unauthenticated, codes.PermissionDenied:
		return errs.New(errs.Denied, errRefused, errs.P{"address": l.cfg.Address, "reason": st.Message()}).Because(err)
	case codes.Canceled:
		return worded(errs.Canceled, "batch.canceled", st.Message()).Because(err)
	}
	if list := Errors(rpc.Errors(err)); len(list) > 0 {
		return list
	}
	return err
}

// Errors are errors that a Server has worded, as this program has them.
func Errors(list []*weftv1.Error) errs.List {
	var out errs.List
	for _, w := range list {
		e := worded(kindOf(w.GetKind()), w.GetId(), w.GetText())
		if p := w.GetPlace(); p != nil {
			e = e.At(errs.Place{
				File: p.GetFile(), Line: int(p.GetLine()), Column: int(p.GetColumn()), Workflow: p.GetWorkflow(),
				Node: p.GetNode(), Setting: p.GetSetting(), Offset: int(p.GetOffset()), Length: int(p.GetLength()),
			})
		}
		out = append(out, e)
	}
	return out
}

// worded is an error whose words are in the person's language already.
func worded(k errs.Kind, id, text string) *errs.Error {
	var m errs.Message
	m.ID, m.En, m.Ru = id, "{text}", "{text}"
	return errs.New(k, m, errs.P{"text": text})
}

// kindOf is the kind of a name; an unknown one is internal.
func kindOf(name string) errs.Kind {
	for k := errs.Internal; k <= errs.Crashed; k++ {
		if k.String() == name {
			return k
		}
	}
	return errs.Internal
}
