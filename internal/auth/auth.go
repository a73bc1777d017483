// Package auth decides who may come in and what each may do: passwords,
// sessions, tokens, limits of sign-in, roles, and rights on folders.
//
// What it answers holds at that moment: rights are read from the store at each
// check, so that what was taken away is gone at the next call. It keeps
// secrets nowhere: passwords are hashed slowly, random secrets fast, and the
// store has only the hashes.
//
// It knows no HTTP, no gRPC and no SQL; docs/decisions/0013 tells its rules.
package auth

import (
	"cmp"
	"runtime"
	"time"

	"github.com/weftworks/weft/internal/store"
)

// Options are what a Server may set. The zero value has the defaults.
type Options struct {
	Clock    func() time.Time // nil: Steady()
	Cost     Cost             // zero: 64 MiB, 3 passes, 1 lane
	Cores    int              // passwords hashed at once; 0: as many as the machine's cores
	Idle     time.Duration    // a session ends when it is not used for so long; 0: 8 hours
	Absolute time.Duration    // a session ends so long after sign-in; 0: 7 days
	Limits   Limits           // zero: DefaultLimits()
}

// How long a password given again lets an administrator act, and how many
// sessions an account has at most.
const (
	ConfirmFor  = 15 * time.Minute
	MaxSessions = 100
)

// Auth is the one door. Its methods may be called at once from everywhere.
type Auth struct {
	store    store.Store
	clock    func() time.Time
	hasher   *Hasher
	limiter  *limiter
	tickets  tickets
	inner    innerTokens
	idle     time.Duration
	absolute time.Duration
}

// New makes the door of a store. It hashes nothing, so that a start does not
// wait for it.
func New(s store.Store, o Options) *Auth {
	if o.Clock == nil {
		o.Clock = Steady()
	}
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	a := &Auth{
		store: s, clock: o.Clock,
		hasher:   NewHasher(o.Cost, cmp.Or(o.Cores, runtime.GOMAXPROCS(0))),
		idle:     cmp.Or(o.Idle, 8*time.Hour),
		absolute: cmp.Or(o.Absolute, 7*24*time.Hour),
	}
	a.limiter = &limiter{store: s.Throttles, limits: o.Limits, now: a.now}
	return a
}

// now is the time as it is stored.
func (a *Auth) now() time.Time { return a.clock().UTC().Truncate(time.Microsecond) }

// Steady returns a clock that begins with the machine's and then goes on
// evenly, so that setting the machine's clock ends no session.
func Steady() func() time.Time { return steady(time.Now) }

func steady(now func() time.Time) func() time.Time {
	start := now()
	wall := start.Round(0) // without the monotonic reading
	return func() time.Time { return wall.Add(now().Sub(start)) }
}
