package auth

import (
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// A token within the process takes none of the two that may hold, stands in no
// list, obeys its account's state at each call, and ends with the process.
func TestInnerToken(t *testing.T) {
	w := newWorld(t)
	m := w.Owner()
	service, err := m.Account(w.ctx, "service")
	w.ok(err)
	secret, err := w.InnerToken(w.ctx, "Service")
	w.ok(err)
	_, _, err = m.CreateToken(w.ctx, NewToken{Account: service.ID, Kind: store.ServiceToken})
	w.ok(err) // the second, beside the first
	list, err := m.Tokens(w.ctx, service.ID)
	w.ok(err)
	if len(list) != 2 {
		t.Errorf("tokens %+v", list)
	}
	c, err := w.Program(w.ctx, "service", secret)
	w.ok(err)
	again, err := w.Referred(w.ctx, c.Ref())
	w.ok(err)
	if again.Account != service.ID || again.Kind != store.ServiceToken {
		t.Errorf("caller %+v", again)
	}
	_, err = w.External(w.ctx, secret)
	w.denied(err, msgWrongToken)
	_, err = w.Program(w.ctx, "admin", secret)
	w.denied(err, msgWrongToken)
	w.pass(2 * 365 * 24 * time.Hour)
	_, err = w.Program(w.ctx, "service", secret)
	w.ok(err)
	w.ok(m.SetDisabled(w.ctx, service.ID, true))
	_, err = w.Program(w.ctx, "service", secret)
	w.denied(err, msgWrongToken)
	if _, err := w.Referred(w.ctx, c.Ref()); errs.KindOf(err) != errs.Denied {
		t.Error(err)
	}
	w.ok(m.SetDisabled(w.ctx, service.ID, false))
	_, err = w.InnerToken(w.ctx, "user")
	w.refused(err, errs.Invalid, msgTokenFor)
	_, err = w.InnerToken(w.ctx, "nobody")
	w.refused(err, errs.NotFound, msgNoAccount)
	w.restart()
	_, err = w.Program(w.ctx, "service", secret)
	w.denied(err, msgWrongToken)
}
