package auth

import (
	"context"
	"sync/atomic"

	"github.com/weftworks/weft/internal/errs"
)

// Queue is how many passwords may wait to be hashed. One more is refused:
// each takes memory, and a flood of sign-ins must not take it all.
const Queue = 32

var msgBusy = errs.Message{
	ID: "auth.busy",
	En: "Too many people are signing in at the moment. Try again in a few seconds.",
	Ru: "Сейчас входит слишком много пользователей. Повторите попытку через несколько секунд.",
}

// Hasher hashes passwords, a few at a time.
type Hasher struct {
	cost    Cost
	slots   chan struct{}
	waiting atomic.Int64
	nobody  phc
	slow    atomic.Int64 // slow hashes made, so that tests see that no answer does fewer
}

// NewHasher makes a hasher that does at most so many at once. A zero cost is
// DefaultCost.
func NewHasher(c Cost, atOnce int) *Hasher {
	if c == (Cost{}) {
		c = DefaultCost()
	}
	return &Hasher{cost: c, slots: make(chan struct{}, max(atOnce, 1)), nobody: nobodys(c)}
}

// Hash returns the PHC string of a password. errs.Exhausted: too many wait.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	p := phc{scheme: slow, cost: h.cost, salt: random(saltBytes)}
	p.hash = h.compute(p, password)
	return p.String(), nil
}

func (h *Hasher) compute(p phc, password string) []byte {
	if p.scheme == slow {
		h.slow.Add(1)
	}
	return p.of(password)
}

// Verify compares a password with a PHC string, and says whether that should
// be made anew, being weaker than what Hash makes. An empty string is the
// hash of nobody: it takes as long as any and matches nothing.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (ok, weak bool, err error) {
	p := h.nobody
	if stored != "" {
		if p, err = parsePHC(stored); err != nil {
			return false, false, err
		}
	}
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	if p.scheme == quick {
		h.compute(h.nobody, password) // a quick answer would tell that the password was never changed
		return p.matches(h.compute(p, password)), false, nil
	}
	return p.matches(h.compute(p, password)), p.cost.weaker(h.cost), nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
	}
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > Queue {
		return errs.New(errs.Exhausted, msgBusy, nil)
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Hasher) leave() { <-h.slots }
