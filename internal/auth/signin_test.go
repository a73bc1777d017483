package auth

import (
	"sync"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	w.person("Maria", store.User)
	s, err := w.try("MARIA", secretOf("Maria"))
	w.ok(err)
	if s.Caller.Name != "Maria" || s.Caller.Role != store.User || s.Caller.MustChange || s.Caller.Local {
		t.Errorf("caller %+v", s.Caller)
	}
	c, err := w.Enter(w.ctx, s.Secret)
	w.ok(err)
	if c.Session != s.Caller.Session {
		t.Errorf("another session: %+v", c)
	}
	list, err := w.Sessions(w.ctx, c)
	w.ok(err)
	if len(list) != 2 || list[0].ID != c.Session || list[0].Hash != nil || list[0].Client != "test" || list[0].Address == "" {
		t.Errorf("sessions %+v", list)
	}
}

// Who exists can be told neither by the answer nor by the work it takes.
func TestSameAnswer(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	gone := w.person("gone", store.User)
	w.ok(w.Owner().SetDisabled(w.ctx, gone.Account, true))
	for name, r := range map[string][2]string{
		"unknown":                     {"nobody", "some password"},
		"wrong":                       {"maria", "some password"},
		"disabled":                    {"gone", secretOf("gone")},
		"disabled, wrong":             {"gone", "some password"},
		"a service":                   {"service", w.first["service"]},
		"first password, wrong":       {"user", "some password"},
		"no name":                     {"", "some password"},
		"no password":                 {"maria", ""},
		"longer than a password":      {"maria", string(make([]byte, MaxPassword+1))},
		"much longer than a password": {"maria", string(make([]byte, 1<<20))},
		"longer than a name":          {string(make([]byte, 1<<20)), "some password"},
		"not text":                    {"\xff", "\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.hasher.slow.Load()
			_, err := w.try(r[0], r[1])
			w.denied(err, msgWrong)
			if n := w.hasher.slow.Load() - before; n != 1 {
				t.Errorf("%d slow hashes, want 1", n)
			}
		})
	}
}

func TestHashGrowsWithTheCost(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	w.hasher = NewHasher(Cost{Memory: 16, Passes: 1, Lanes: 1}, 1)
	_, err := w.try("maria", secretOf("maria"))
	w.ok(err)
	a, err := w.store.Accounts.ByKey(w.ctx, "maria")
	w.ok(err)
	if p, err := parsePHC(a.Password); err != nil || p.cost.Memory != 16 {
		t.Errorf("stored %s, %v", a.Password, err)
	}
	_, err = w.try("maria", secretOf("maria"))
	w.ok(err)
}

// fail signs in with a wrong password n times.
func (w *world) fail(name string, n int) {
	w.t.Helper()
	for range n {
		_, err := w.try(name, "wrong password")
		w.denied(err, msgWrong)
	}
}

func (w *world) waits(err error, seconds int64) {
	w.t.Helper()
	w.refused(err, errs.Exhausted, msgWait)
	if got := errs.All(err)[0].Params["seconds"]; got != seconds {
		w.t.Fatalf("wait %v s, want %d", got, seconds)
	}
}

func TestOneAccountFromManyAddresses(t *testing.T) {
	w := newWorld(t)
	known := w.person("maria", store.User)
	secret := func() string {
		s, err := w.try("maria", secretOf("maria"))
		w.ok(err)
		return s.Secret
	}()
	w.fail("maria", 10)
	for n, wait := range []int64{30, 60, 120, 240, 480, 900, 900, 900} {
		before := w.hasher.slow.Load()
		_, err := w.try("maria", secretOf("maria")) // even with the right one
		w.waits(err, wait-1)
		if w.hasher.slow.Load() != before {
			t.Error("a hash was made for one who has to wait")
		}
		if n == 2 { // a restart forgives nothing
			w.restart()
			_, err = w.try("maria", secretOf("maria"))
			w.waits(err, wait-2)
			w.time = w.time.Add(-time.Second)
		}
		w.pass(time.Duration(wait-2) * time.Second)
		w.fail("maria", 1) // when the wait is over one may try again
	}
	_, err := w.try("other", "wrong password") // others do not wait
	w.denied(err, msgWrong)

	// The owner, in a browser that is signed in, works on and signs in.
	w.ok(w.Check(w.ctx, known, ReadFiles, "/maria"))
	_, err = w.Confirm(w.ctx, known, secretOf("maria"))
	w.ok(err)
	r := Request{Name: "maria", Password: secretOf("maria"), From: from(1), Known: secret}
	_, err = w.SignIn(w.ctx, r)
	w.ok(err)
	r.Password = "wrong password"
	for range 10 {
		w.pass(time.Second)
		_, err = w.SignIn(w.ctx, r)
		w.denied(err, msgWrong)
	}
	w.pass(time.Second)
	_, err = w.SignIn(w.ctx, r) // a stolen session is no way to guess
	w.waits(err, 29)

	// An hour without a try after the last wait, and all begins anew.
	w.pass(15*time.Minute + time.Hour)
	w.fail("maria", 9)
	_, err = w.try("maria", secretOf("maria"))
	w.ok(err)
}

func TestSuccessClears(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	for range 3 {
		w.fail("maria", 9)
		_, err := w.try("maria", secretOf("maria"))
		w.ok(err)
	}
	w.fail("maria", 9)
	w.pass(15 * time.Minute) // the window has passed
	w.fail("maria", 9)
}

func TestManyAccountsFromOneAddress(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	try := func(i int, name, password string) error {
		w.pass(time.Second)
		r := Request{Name: name, Password: password, From: from(1)}
		_, err := w.SignIn(w.ctx, r)
		return err
	}
	for i := range 30 {
		w.denied(try(i, "nobody"+string(rune('a'+i)), "wrong password"), msgWrong)
		w.ok(try(i, "maria", secretOf("maria"))) // those who know their password do not count
	}
	for i := range 30 {
		w.denied(try(i, "noone"+string(rune('a'+i)), "wrong password"), msgWrong)
	}
	w.waits(try(0, "maria", secretOf("maria")), 29)
	_, err := w.try("maria", secretOf("maria")) // from elsewhere
	w.ok(err)
}

func TestInAll(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	w.pass(time.Minute)
	for i := range 20 {
		_, err := w.SignIn(w.ctx, Request{Name: string(rune('a' + i)), Password: "wrong password", From: from(i)})
		w.denied(err, msgWrong)
	}
	_, err := w.SignIn(w.ctx, Request{Name: "maria", Password: secretOf("maria"), From: from(21)})
	w.refused(err, errs.Exhausted, msgBusy)
	w.pass(50 * time.Millisecond)
	_, err = w.SignIn(w.ctx, Request{Name: "maria", Password: secretOf("maria"), From: from(21)})
	w.ok(err)
}

// Many tries at the same moment are counted before any of them is answered.
func TestTogether(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	w.pass(time.Minute)
	var wg sync.WaitGroup
	kinds := make([]errs.Kind, 18)
	for i := range kinds {
		wg.Go(func() {
			_, err := w.SignIn(w.ctx, Request{Name: "maria", Password: "wrong password", From: from(i)})
			kinds[i] = errs.KindOf(err)
		})
	}
	wg.Wait()
	n := map[errs.Kind]int{}
	for _, k := range kinds {
		n[k]++
	}
	if n[errs.Denied] != 10 || n[errs.Exhausted] != 8 {
		t.Errorf("got %v", n)
	}
}

func TestAddressKeys(t *testing.T) {
	for a, want := range map[string]string{
		"192.0.2.1": "address:192.0.2.1", "::ffff:192.0.2.1": "address:192.0.2.1",
		"2001:db8:1:2:3::1": "address:2001:db8:1:2::/64", "fe80::1%eth0": "address:fe80::/64", "": "address:invalid IP",
	} {
		if got := addressKey(fromText(a)); got != want {
			t.Errorf("%s: got %s", a, got)
		}
	}
}
