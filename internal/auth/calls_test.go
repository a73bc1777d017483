package auth_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/sqlite"
)

// What is taken away is gone a second later; what is given is there at once,
// for refusals are not remembered.
func TestCallsHoldForASecond(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	db, err := sqlite.Open(t.Context(), sqlite.Options{File: filepath.Join(dir, "weft.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	a := auth.New(db.Store(), auth.Options{Clock: func() time.Time { return now }})
	if _, err := a.First(t.Context(), filepath.Join(dir, "first.txt")); err != nil {
		t.Fatal(err)
	}
	owner, calls := a.Owner(), a.Calls()
	account, err := owner.Account(t.Context(), "service")
	if err != nil {
		t.Fatal(err)
	}
	token, secret, err := owner.CreateToken(t.Context(), auth.NewToken{Account: account.ID, Kind: store.CallerToken, Label: "x", Only: []string{"good"}})
	if err != nil {
		t.Fatal(err)
	}
	check := func(service string, want bool) {
		t.Helper()
		c, err := calls.External(t.Context(), secret)
		if err == nil {
			err = calls.Check(t.Context(), c, service, "/user/p.weft")
		}
		if (err == nil) != want || err != nil && errs.KindOf(err) != errs.Denied {
			t.Errorf("%s: %v", service, err)
		}
	}
	check("good", true)
	check("bad", false)
	if _, err := calls.External(t.Context(), "weft_x"); errs.KindOf(err) != errs.Denied {
		t.Error(err)
	}
	if err := owner.Grant(t.Context(), "/user", auth.Subject{Name: "service"}, 0); err != nil {
		t.Fatal(err)
	}
	now = now.Add(auth.CallsHold - time.Millisecond)
	check("good", true)
	now = now.Add(time.Millisecond)
	check("good", false)
	if err := owner.Grant(t.Context(), "/user", auth.Subject{Name: "service"}, store.Read|store.Run); err != nil {
		t.Fatal(err)
	}
	check("good", true)
	if err := owner.RevokeToken(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	now = now.Add(auth.CallsHold)
	check("good", false)
}
