package integrator

import (
	"math/rand/v2"
	"sync"
)

// choose finds the Servers that publish an operation, in the order in which
// they are to be tried: the healthy unreserved ones at random, then the healthy
// reserved ones. known reports whether any Server, healthy or not, publishes it.
func (in *Integrator) choose(name string) (list []*upstream, known bool) {
	var reserved []*upstream
	for _, u := range in.servers {
		p := u.published.Load()
		if p == nil || p.operations[name] == nil {
			continue
		}
		known = true
		switch {
		case !u.serving.Load():
		case u.cfg.Reserved:
			reserved = append(reserved, u)
		default:
			list = append(list, u)
		}
	}
	shuffle(list)
	shuffle(reserved)
	return append(list, reserved...), known
}

func shuffle(list []*upstream) {
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// budget bounds the calls that are tried again: a tenth of all, so that a sick
// Server is not finished by repeats, and some more at once, for those that were
// under way when it died.
type budget struct {
	mu   sync.Mutex
	left float64
}

const (
	budgetMost  = 200
	budgetShare = 0.1
)

func newBudget() *budget { return &budget{left: budgetMost} }

// earn notes a call.
func (b *budget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(budgetMost, b.left+budgetShare)
}

// spend takes one repeat; false: there is none left.
func (b *budget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
