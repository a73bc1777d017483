package storetest

import (
	"testing"

	"github.com/weftworks/weft/internal/store"
)

func session(id, account string, made int) store.Session {
	return store.Session{
		ID: id, Account: account, Hash: hash(id), Created: at(made), Used: at(made), Confirmed: at(made),
		Address: "192.0.2.7", Client: "Studio", Local: made%2 == 0,
	}
}

func (f *fixture) sessions(account string) []string {
	f.t.Helper()
	list, err := f.Sessions.List(f.ctx, account)
	f.ok(err)
	ids := []string{}
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return ids
}

func testSessions(t *testing.T, f *fixture) {
	a := f.account("a", store.User)
	f.account("b", store.User)
	f.is(f.Sessions.Add(f.ctx, session("x", "nobody", 1), 3), store.ErrNotFound)
	for i, id := range []string{"1", "2", "3"} {
		f.ok(f.Sessions.Add(f.ctx, session(id, "a", i+1), 3))
	}
	f.ok(f.Sessions.Add(f.ctx, session("other", "b", 1), 3))
	f.restart()

	got, owner, err := f.Sessions.ByHash(f.ctx, hash("2"))
	f.ok(err)
	f.same(got, session("2", "a", 2))
	a.SignedIn = at(3)
	f.same(owner, a)
	_, _, err = f.Sessions.ByHash(f.ctx, hash("4"))
	f.is(err, store.ErrNotFound)

	f.ok(f.Sessions.Touch(f.ctx, "1", at(10)))
	f.ok(f.Sessions.Touch(f.ctx, "1", at(9))) // an older use says nothing new
	f.ok(f.Sessions.Confirm(f.ctx, "1", at(11)))
	got, _, err = f.Sessions.ByID(f.ctx, "1")
	f.ok(err)
	want := session("1", "a", 1)
	want.Used, want.Confirmed = at(10), at(11)
	f.same(got, want)
	f.is(f.Sessions.Touch(f.ctx, "none", at(1)), store.ErrNotFound)

	f.ok(f.Sessions.Add(f.ctx, session("4", "a", 4), 3)) // one too many: 2 goes
	f.same(f.sessions("a"), []string{"1", "4", "3"})
	f.is(f.Sessions.End(f.ctx, "b", "1"), store.ErrNotFound) // another's
	f.ok(f.Sessions.End(f.ctx, "a", "1"))
	f.is(f.Sessions.End(f.ctx, "a", "1"), store.ErrNotFound)
	f.ok(f.Sessions.EndAll(f.ctx, "a", "4"))
	f.same(f.sessions("a"), []string{"4"})
	f.same(f.sessions("b"), []string{"other"})
	over := func(idle, made int, want ...string) {
		t.Helper()
		got, err := f.Sessions.Over(f.ctx, []string{"1", "3", "4", "other", "no'ne"}, at(idle), at(made))
		f.ok(err)
		f.same(got, want)
	}
	over(0, 0, "1", "3", "no'ne")
	over(1, 0, "1", "3", "other", "no'ne") // last used then
	over(0, 4, "1", "3", "4", "other", "no'ne")
	f.same(f.endings("1", "3", "4"), []store.Ending{store.Elsewhere, store.Elsewhere, ""})
	f.is(f.Sessions.Touch(f.ctx, "1", at(20)), store.ErrNotFound) // what has ended is in use no more
	f.is(f.Sessions.Confirm(f.ctx, "1", at(20)), store.ErrNotFound)
	f.ok(f.Sessions.Add(f.ctx, session("5", "a", 5), 2)) // those that have ended go first
	f.same(f.sessions("a"), []string{"5", "4"})
	f.is(f.gone("1"), store.ErrNotFound)

	f.ok(f.Sessions.Sweep(f.ctx, at(2), at(0)))
	f.same(f.sessions("b"), []string{})
	f.ok(f.Sessions.End(f.ctx, "a", "5"))
	f.ok(f.Sessions.Sweep(f.ctx, at(0), at(5)))
	f.same(f.sessions("a"), []string{})
	f.is(f.gone("5"), store.ErrNotFound)
}

func (f *fixture) gone(id string) error {
	_, _, err := f.Sessions.ByID(f.ctx, id)
	return err
}

// endings are why sessions have ended.
func (f *fixture) endings(ids ...string) []store.Ending {
	f.t.Helper()
	var out []store.Ending
	for _, id := range ids {
		s, _, err := f.Sessions.ByHash(f.ctx, hash(id))
		f.ok(err)
		out = append(out, s.Ended)
	}
	return out
}

func testWhatEnds(t *testing.T, f *fixture) {
	f.account("root", store.Admin)
	for name, c := range map[string]struct {
		change func(id string) error
		why    store.Ending
	}{
		"password": {func(id string) error { return f.Accounts.SetPassword(f.ctx, id, "p", false, "") }, store.NewPassword},
		"reset":    {func(id string) error { return f.Accounts.SetPassword(f.ctx, id, "p", true, "") }, store.PasswordReset},
		"role":     {func(id string) error { return f.Accounts.SetRole(f.ctx, id, store.Viewer) }, store.NewRole},
		"disabled": {func(id string) error { return f.Accounts.SetDisabled(f.ctx, id, true) }, store.NowDisabled},
		"removed":  {func(id string) error { return f.Accounts.Remove(f.ctx, id) }, ""},
	} {
		f.account(name, store.User)
		f.ok(f.Sessions.Add(f.ctx, session(name, name, 1), 9))
		f.ok(c.change(name))
		if got := f.sessions(name); len(got) > 0 {
			t.Errorf("%s: sessions %v are left", name, got)
		}
		if c.why == "" {
			f.is(f.gone(name), store.ErrNotFound)
			continue
		}
		f.same(f.endings(name), []store.Ending{c.why})
	}
	f.account("k", store.User)
	f.ok(f.Sessions.Add(f.ctx, session("k1", "k", 1), 9))
	f.ok(f.Sessions.Add(f.ctx, session("k2", "k", 2), 9))
	f.ok(f.Accounts.SetPassword(f.ctx, "k", "p", false, "k1"))
	f.same(f.sessions("k"), []string{"k1"})
	f.ok(f.Accounts.SetDisabled(f.ctx, "k", false)) // it was enabled: nothing ends
	f.same(f.sessions("k"), []string{"k1"})
}
