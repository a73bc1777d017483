package auth

import (
	"context"
	"encoding/hex"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// Limits bound guessing. Failures count in a window; from the limit on, each
// makes everybody wait under that key, longer each time, but never for good:
// a lasting lock would let anyone lock anyone out.
type Limits struct {
	Account   int           // failures of one account in the window
	Address   int           // failures from one address (of IPv6, one /64) in the window
	Window    time.Duration // in which failures count
	FirstWait time.Duration // doubled at each further failure
	MaxWait   time.Duration
	Forget    time.Duration // waits begin again with the first so long after the last one
	PerSecond int           // sign-ins in all
}

// DefaultLimits returns 10 failures of an account and 60 from an address in
// 15 minutes, then waits from 30 seconds to 15 minutes, and 20 sign-ins a
// second in all.
func DefaultLimits() Limits {
	return Limits{
		Account: 10, Address: 60, Window: 15 * time.Minute,
		FirstWait: 30 * time.Second, MaxWait: 15 * time.Minute, Forget: time.Hour, PerSecond: 20,
	}
}

var msgWait = errs.Message{
	ID: "auth.wait",
	En: "There were too many failed sign-ins. Try again in {seconds} s.",
	Ru: "Слишком много неудачных попыток входа. Повторите через {seconds} с.",
}

// limiter counts attempts. Each counts as failed before the password is
// looked at, and is taken back when it was right: many at once, or a Server
// that is killed meanwhile, gain nothing.
type limiter struct {
	store  store.Throttles
	limits Limits
	now    func() time.Time

	mu     sync.Mutex
	budget float64 // sign-ins that may begin now
	filled time.Time
}

// attempt is one sign-in that counted as failed.
type attempt struct {
	l      *limiter
	at     time.Time
	keys   []string
	raised []time.Time // per key: until when this attempt made people wait; zero: it did not
}

// limited is a key with its number of failures.
type limited struct {
	key   string
	limit int
}

// begin counts an attempt, or refuses it (errs.Exhausted) without counting.
// whose is the account or the session that is asked for, from where the
// address.
func (l *limiter) begin(ctx context.Context, whose string, from netip.Addr) (*attempt, error) {
	if !l.inAll() {
		return nil, errs.New(errs.Exhausted, msgBusy, nil)
	}
	under := []limited{{whose, l.limits.Account}, {addressKey(from), l.limits.Address}}
	a := &attempt{l: l, at: l.now(), raised: make([]time.Time, len(under))}
	for _, u := range under {
		a.keys = append(a.keys, u.key)
	}
	err := l.store.Update(ctx, a.keys, func(c []store.Counter) error {
		for i := range c {
			l.mend(&c[i], a.at)
		}
		if wait := longest(c, a.at); wait > 0 {
			seconds := int64((wait + time.Second - 1) / time.Second)
			return errs.New(errs.Exhausted, msgWait, errs.P{"seconds": seconds})
		}
		for i := range c {
			a.raised[i] = l.fail(&c[i], under[i].limit, a.at)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// mend takes out what lies further ahead than it can: it was counted while the
// machine's clock was wrong, and would make people wait until then.
func (l *limiter) mend(c *store.Counter, now time.Time) {
	if c.Until.Sub(now) > l.limits.MaxWait {
		c.Until, c.Level = time.Time{}, 0
	}
	c.Recent = slices.DeleteFunc(c.Recent, func(t time.Time) bool { return t.Sub(now) > l.limits.Window })
}

func longest(c []store.Counter, now time.Time) (wait time.Duration) {
	for i := range c {
		wait = max(wait, c[i].Until.Sub(now))
	}
	return wait
}

// fail counts a failure, and returns until when it makes people wait.
func (l *limiter) fail(c *store.Counter, limit int, now time.Time) time.Time {
	if now.Sub(c.Until) > l.limits.Forget {
		c.Level = 0
	}
	c.Recent = slices.DeleteFunc(c.Recent, func(t time.Time) bool { return now.Sub(t) >= l.limits.Window })
	c.Recent = append(c.Recent, now)
	c.Last = now
	if len(c.Recent) < limit && c.Level == 0 {
		return time.Time{}
	}
	wait := l.limits.MaxWait
	if c.Level < 16 { // beyond, doubling would overflow
		wait = min(wait, l.limits.FirstWait<<c.Level)
	}
	c.Level++
	c.Until = now.Add(wait)
	return c.Until
}

// succeeded takes the attempt back, and clears what was counted under its
// first key: whoever knows the password need not pay for those who guess.
func (a *attempt) succeeded(ctx context.Context) error {
	return a.l.store.Update(ctx, a.keys, func(c []store.Counter) error {
		c[0] = store.Counter{}
		for i := 1; i < len(c); i++ {
			if at := slices.Index(c[i].Recent, a.at); at >= 0 {
				c[i].Recent = slices.Delete(c[i].Recent, at, at+1)
			}
			if !a.raised[i].IsZero() {
				c[i].Level = max(0, c[i].Level-1)
				if c[i].Until.Equal(a.raised[i]) {
					c[i].Until = time.Time{}
				}
			}
		}
		return nil
	})
}

// inAll takes one of the sign-ins that may begin in this second.
func (l *limiter) inAll() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, most := l.now(), float64(l.limits.PerSecond)
	if l.filled.IsZero() {
		l.budget = most
	} else if passed := now.Sub(l.filled); passed > 0 {
		l.budget = min(most, l.budget+passed.Seconds()*most)
	}
	l.filled = now
	if l.budget < 1 {
		return false
	}
	l.budget--
	return true
}

// sweep removes counters that no longer count.
func (l *limiter) sweep(ctx context.Context) error {
	return l.store.Sweep(ctx, l.now().Add(-l.limits.Window-l.limits.MaxWait-l.limits.Forget))
}

// accountKey hides the name: people type passwords in its place.
func accountKey(nameKey string) string {
	return "account:" + hex.EncodeToString(hashSecret(nameKey)[:16])
}

func sessionKey(id string) string { return "session:" + id }

// addressKey is one for a whole /64, since one machine may have all of it.
func addressKey(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return "address:" + p.String()
		}
	}
	return "address:" + a.String()
}
