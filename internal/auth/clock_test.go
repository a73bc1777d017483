package auth

import (
	"net/netip"
	"testing"
	"time"
	"unsafe"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// setBy is now as a machine tells it whose clock was set by so many seconds:
// what time.Time keeps of the clock that nobody sets stays. Its first word holds
// the seconds of the other from bit 30 on.
func setBy(seconds int64) time.Time {
	t := time.Now()
	*(*uint64)(unsafe.Pointer(&t)) += uint64(seconds) << 30 //nolint:gosec // that is how it is laid out
	return t
}

// Setting the machine's clock, daylight saving and suspending end no session and
// no ticket, and make nobody wait longer or shorter.
func TestClockIsSet(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	for name, seconds := range map[string]int64{"a day on": 86400, "a day back": -86400, "an hour on": 3600, "an hour back": -3600, "ten years back": -10 * 365 * 86400} {
		t.Run(name, func(t *testing.T) {
			jump := int64(0)
			a := New(w.store, Options{Cost: cheap, Clock: steady(func() time.Time { return setBy(jump) })})
			if jumped := setBy(seconds); time.Until(jumped).Abs() > time.Second || jumped.Round(0).Sub(time.Now().Round(0)).Abs() < time.Minute {
				t.Fatal("the clock is not set as this test believes")
			}
			s, err := a.SignIn(w.ctx, Request{Name: "maria", Password: secretOf("maria"), From: from(1)})
			w.ok(err)
			ticket, err := a.Ticket(w.ctx, "user")
			w.ok(err)
			jump = seconds
			_, err = a.Enter(w.ctx, s.Secret)
			w.ok(err)
			w.ok(a.Check(w.ctx, s.Caller, ReadCatalogue, ""))
			w.ok(a.Sweep(w.ctx))
			_, err = a.UseTicket(w.ctx, ticket, netip.MustParseAddr("::1"), "test")
			w.ok(err)
			jump = 0
			for range 10 {
				_, err := a.SignIn(w.ctx, Request{Name: "nobody" + name, Password: "wrong password", From: from(2)})
				w.denied(err, msgWrong)
			}
			jump = seconds
			_, err = a.SignIn(w.ctx, Request{Name: "nobody" + name, Password: "wrong password", From: from(3)})
			w.refused(err, errs.Exhausted, msgWait)
		})
	}
}

// What was counted while the machine's clock was years ahead makes nobody wait
// for years once the clock is right and the Server starts anew.
func TestClockWasWrong(t *testing.T) {
	w := newWorld(t)
	w.person("maria", store.User)
	right := w.time
	w.time = w.time.AddDate(3, 0, 0)
	w.fail("maria", 10)
	w.time = right
	w.restart()
	_, err := w.try("maria", secretOf("maria"))
	w.ok(err)
	w.fail("maria", 9)
	_, err = w.try("maria", secretOf("maria"))
	w.ok(err)
}
