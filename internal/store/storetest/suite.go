// Package storetest is the suite that every backend of the store passes.
package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/store"
)

// Run tests a backend. open makes an empty store, which it closes itself when
// the test is over, and returns it with a function that closes it and opens
// it again, as after a restart.
func Run(t *testing.T, open func(t *testing.T) (s store.Store, reopen func() store.Store)) {
	for name, test := range map[string]func(*testing.T, *fixture){
		"first":        testFirst,
		"accounts":     testAccounts,
		"last admin":   testLastAdmin,
		"passwords":    testPasswords,
		"what ends":    testWhatEnds,
		"sessions":     testSessions,
		"tokens":       testTokens,
		"throttles":    testThrottles,
		"grants":       testGrants,
		"moved grants": testMovedGrants,
		"together":     testTogether,
	} {
		t.Run(name, func(t *testing.T) {
			s, reopen := open(t)
			test(t, &fixture{t: t, ctx: t.Context(), Store: s, reopen: reopen})
		})
	}
}

// fixture is a store under test.
type fixture struct {
	t   *testing.T
	ctx context.Context
	store.Store
	reopen func() store.Store
}

// restart goes on with what is on the disk.
func (f *fixture) restart() { f.Store = f.reopen() }

func (f *fixture) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) is(got, want error) {
	f.t.Helper()
	if !errors.Is(got, want) {
		f.t.Fatalf("got %v, want %v", got, want)
	}
}

func (f *fixture) same(got, want any) {
	f.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		f.t.Fatalf("(-want +got):\n%s", diff)
	}
}

// at is a moment so many seconds into the test's time, with microseconds.
func at(seconds int) time.Time {
	return time.Date(2026, 11, 24, 9, 0, seconds, 123456000, time.UTC)
}

func hash(of string) []byte {
	h := sha256.Sum256([]byte(of))
	return h[:]
}

// account adds an account named for its id.
func (f *fixture) account(id string, role store.Role) store.Account {
	f.t.Helper()
	a := store.Account{ID: id, Name: "The " + id, Key: "key " + id, Role: role, Password: "$p$" + id, Created: at(0)}
	f.ok(f.Accounts.Add(f.ctx, a))
	return a
}

func (f *fixture) byID(id string) store.Account {
	f.t.Helper()
	a, err := f.Accounts.ByID(f.ctx, id)
	f.ok(err)
	return a
}
