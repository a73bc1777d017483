package auth

import (
	"net/netip"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// signed signs a person in anew.
func (w *world) signed(name string) Signed {
	w.t.Helper()
	s, err := w.try(name, secretOf(name))
	w.ok(err)
	return s
}

func TestSessionEnds(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	root := w.person("root", store.Admin)
	for name, c := range map[string]struct {
		end func(s Signed) error
		why errs.Message
	}{
		"idle":            {func(Signed) error { w.pass(8 * time.Hour); return nil }, msgIdle},
		"too old":         {func(Signed) error { w.pass(8 * 24 * time.Hour); return nil }, msgOld},
		"logout":          {func(s Signed) error { return w.Logout(w.ctx, s.Caller) }, msgElsewhere},
		"ended elsewhere": {func(s Signed) error { return w.EndSession(w.ctx, w.signed("maria").Caller, s.Caller.Session) }, msgElsewhere},
		"all others":      {func(s Signed) error { return w.LogoutElsewhere(w.ctx, w.signed("maria").Caller) }, msgElsewhere},
		"password": {func(s Signed) error {
			c := w.signed("maria").Caller
			w.ok(w.ChangePassword(w.ctx, c, secretOf("maria"), "something else altogether"))
			return w.ChangePassword(w.ctx, c, "something else altogether", secretOf("maria"))
		}, msgNewPassword},
		"role": {func(s Signed) error { return w.Owner().SetRole(w.ctx, s.Caller.Account, store.User) }, msgNewRole},
		"disabled": {func(s Signed) error {
			w.ok(w.Owner().SetDisabled(w.ctx, s.Caller.Account, true))
			_, err := w.Enter(w.ctx, s.Secret)
			w.denied(err, msgDisabled)
			return w.Owner().SetDisabled(w.ctx, s.Caller.Account, false)
		}, msgDisabled},
		"restart and idle": {func(Signed) error { w.restart(); w.pass(9 * time.Hour); return nil }, msgIdle},
	} {
		t.Run(name, func(t *testing.T) {
			s := w.signed("maria")
			w.ok(w.Check(w.ctx, s.Caller, ReadCatalogue, ""))
			w.ok(c.end(s))
			w.denied(w.Check(w.ctx, s.Caller, ReadCatalogue, ""), c.why) // the open connection
			_, err := w.Enter(w.ctx, s.Secret)                           // and a new one
			w.denied(err, c.why)
			w.ok(w.Logout(w.ctx, s.Caller)) // again, which is no error
		})
	}
	_, err := w.Enter(w.ctx, "guessed")
	w.denied(err, msgEnded)
	w.denied(w.Check(w.ctx, Caller{Account: root.Account, Role: store.Admin}, ReadCatalogue, ""), msgEnded) // made up
}

func TestSessionLives(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	s := w.signed("maria")
	for range 7*24/7 - 1 { // used every seven hours, for nearly seven days
		w.pass(7 * time.Hour)
		_, err := w.Enter(w.ctx, s.Secret)
		w.ok(err)
	}
	w.restart()
	w.pass(6 * time.Hour)
	w.ok(w.Check(w.ctx, s.Caller, ReadCatalogue, "")) // calls keep it alive
	c, err := w.Referred(w.ctx, s.Caller.Ref())
	w.ok(err)
	if c.used != w.now() {
		t.Errorf("used %v, noted %v", w.now(), c.used)
	}
	w.pass(time.Hour)
	_, err = w.Enter(w.ctx, s.Secret)
	w.denied(err, msgOld) // seven days
	w.ok(w.Sweep(w.ctx))
	if list, err := w.store.Sessions.List(w.ctx, s.Caller.Account); err != nil || len(list) > 0 {
		t.Errorf("after the sweep: %v, %v", list, err)
	}
}

func TestSessionsOfOthers(t *testing.T) {
	w := newWorld(t)
	maria, ivan := w.person("maria", store.User), w.person("ivan", store.User)
	w.refused(w.EndSession(w.ctx, ivan, maria.Session), errs.NotFound, msgNoSession)
	w.refused(w.EndSession(w.ctx, ivan, "none"), errs.NotFound, msgNoSession)
	w.ok(w.Check(w.ctx, maria, ReadCatalogue, ""))
}

func TestChangePassword(t *testing.T) {
	w := newWorld(t)
	c := w.person("maria", store.User)
	old := secretOf("maria")
	w.denied(w.ChangePassword(w.ctx, c, "not the old one", "a new one that is good"), msgWrongPassword)
	w.refused(w.ChangePassword(w.ctx, c, old, "short"), errs.Invalid, msgShort)
	w.refused(w.ChangePassword(w.ctx, c, old, old), errs.Invalid, msgSamePassword)
	w.pass(time.Minute)
	w.ok(w.ChangePassword(w.ctx, c, old, "a new one that is good"))
	w.ok(w.Check(w.ctx, c, ReadCatalogue, "")) // this session goes on
	_, err := w.try("maria", old)
	w.denied(err, msgWrong)
	_, err = w.try("maria", "a new one that is good")
	w.ok(err)
	for range 10 {
		w.pass(time.Second)
		_, err = w.Confirm(w.ctx, c, "guess")
		w.denied(err, msgWrongPassword)
	}
	w.pass(time.Second)
	_, err = w.Confirm(w.ctx, c, "guess") // an unlocked screen is no way to guess
	w.waits(err, 29)
}

func TestFirst(t *testing.T) {
	w := newWorld(t)
	again, err := w.First(w.ctx, w.file+".again")
	w.ok(err)
	if again != nil {
		t.Error("made twice")
	}
	if n := w.hasher.slow.Load(); n != 0 {
		t.Errorf("%d slow hashes held the start up", n)
	}
	w.restart()
	for _, name := range []string{"admin", "user"} {
		s, err := w.try(name, w.first[name])
		w.ok(err)
		w.denied(w.Check(w.ctx, s.Caller, ReadCatalogue, ""), msgMustChange)
		w.ok(w.Check(w.ctx, s.Caller, OwnSession, ""))
		w.ok(w.ChangePassword(w.ctx, s.Caller, w.first[name], secretOf(name)))
		w.ok(w.Check(w.ctx, s.Caller, ReadCatalogue, ""))
		w.ok(w.Check(w.ctx, s.Caller, WriteFiles, "/"+name+"/x.weft"))
		_, err = w.try(name, w.first[name])
		w.denied(err, msgWrong)
	}
	c, err := w.Program(w.ctx, "service", w.first["service"])
	w.ok(err)
	w.ok(w.Check(w.ctx, c, StartRuns, "/user/x.weft"))
}

func TestTicket(t *testing.T) {
	w := newWorld(t)
	loopback := netip.MustParseAddr("::1")
	ticket, err := w.Ticket(w.ctx, "user")
	w.ok(err)
	_, err = w.UseTicket(w.ctx, ticket, from(7), "Studio")
	w.denied(err, msgTicket)
	_, err = w.UseTicket(w.ctx, "guess", loopback, "Studio")
	w.denied(err, msgTicket)
	s, err := w.UseTicket(w.ctx, ticket, loopback, "Studio")
	w.ok(err)
	if !s.Caller.Local || s.Caller.MustChange {
		t.Errorf("caller %+v", s.Caller)
	}
	w.ok(w.Check(w.ctx, s.Caller, WriteFiles, "/user/x"))
	_, err = w.UseTicket(w.ctx, ticket, loopback, "Studio")
	w.denied(err, msgTicket)

	first, err := w.Ticket(w.ctx, "user")
	w.ok(err)
	for range maxTickets {
		_, err = w.Ticket(w.ctx, "user")
		w.ok(err)
	}
	_, err = w.UseTicket(w.ctx, first, loopback, "Studio") // void: there are too many
	w.denied(err, msgTicket)

	last, err := w.Ticket(w.ctx, "user")
	w.ok(err)
	w.ok(w.Owner().SetDisabled(w.ctx, s.Caller.Account, true))
	_, err = w.UseTicket(w.ctx, last, loopback, "Studio")
	w.denied(err, msgDisabled)
	_, err = w.Ticket(w.ctx, "nobody")
	w.refused(err, errs.NotFound, msgNoAccount)
}
