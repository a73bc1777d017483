package store

import (
	"context"
	"time"
)

// Counter counts failed sign-ins under one key (an account, an address). What
// it means is auth's business.
type Counter struct {
	Recent []time.Time // failures that still count, the oldest first
	Level  int         // how often there was a wait
	Until  time.Time   // nobody may try before
	Last   time.Time   // the last change; Sweep goes by it
}

// Throttles keeps counters, which survive restarts.
type Throttles interface {
	// Update reads the counters of the keys, lets change alter them in place
	// and writes them back, with nobody between. A key without a counter has
	// the zero one. An error of change is returned and nothing is written.
	Update(ctx context.Context, keys []string, change func([]Counter) error) error
	// Sweep removes counters that were last changed before a time.
	Sweep(ctx context.Context, before time.Time) error
}
