package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/leak"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/sqlite"
)

func TestMain(m *testing.M) { leak.Main(m) }

// cheap is a cost that tests can pay.
var cheap = Cost{Memory: 8, Passes: 1, Lanes: 1}

// world is a Server's door with a clock of its own.
type world struct {
	*Auth
	t     *testing.T
	ctx   context.Context
	time  time.Time
	file  string
	db    *sqlite.DB
	first map[string]string // secrets by account
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, ctx: t.Context(), file: filepath.Join(t.TempDir(), "store.db"),
		time: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), first: map[string]string{},
	}
	w.start()
	t.Cleanup(func() { w.ok(w.db.Close()) })
	credentials, err := w.First(w.ctx, filepath.Join(filepath.Dir(w.file), "first-passwords"))
	w.ok(err)
	for _, c := range credentials {
		w.first[c.Name] = c.Secret
	}
	return w
}

func (w *world) start() {
	w.t.Helper()
	db, err := sqlite.Open(w.ctx, sqlite.Options{File: w.file})
	w.ok(err)
	w.db = db
	w.Auth = New(db.Store(), Options{Clock: func() time.Time { return w.time }, Cost: cheap, Cores: 2})
}

func (w *world) restart() {
	w.t.Helper()
	w.ok(w.db.Close())
	w.start()
}

func (w *world) pass(d time.Duration) { w.time = w.time.Add(d) }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused wants an error with a message.
func (w *world) refused(err error, kind errs.Kind, m errs.Message) {
	w.t.Helper()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != kind || e.Message.ID != m.ID {
		w.t.Fatalf("got %v, want %s %s", err, kind, m.ID)
	}
}

func (w *world) denied(err error, m errs.Message) {
	w.t.Helper()
	w.refused(err, errs.Denied, m)
}

// from is an address of its own for each number.
func from(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
}

// try signs in a second later, from a new address each time.
func (w *world) try(name, password string) (Signed, error) {
	w.pass(time.Second)
	return w.SignIn(w.ctx, Request{Name: name, Password: password, From: from(int(w.time.Unix() % (1 << 24))), Client: "test"})
}

// person makes an account with a password of its own and signs it in.
func (w *world) person(name string, role store.Role) Caller {
	w.t.Helper()
	_, password, err := w.Owner().CreateAccount(w.ctx, name, role)
	w.ok(err)
	s, err := w.try(name, password)
	w.ok(err)
	w.ok(w.ChangePassword(w.ctx, s.Caller, password, secretOf(name)))
	c, err := w.Present(w.ctx, s.Caller)
	w.ok(err)
	return c
}

func secretOf(name string) string { return fmt.Sprintf("the %s has four words", name) }
