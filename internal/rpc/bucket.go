package rpc

import "time"

// bucket meters events of a connection. Beyond the burst it first asks to be
// slow, then refuses, then gives the client up.
type bucket struct {
	rate, burst float64
	tokens      float64
	at          time.Time
}

// verdict is what becomes of an event.
type verdict uint8

const (
	pass   verdict = iota
	slow           // after a pause of half the time that a token takes
	refuse         // with resource_exhausted
	giveUp         // with close code 1008
)

func newBucket(rate, burst float64) bucket {
	return bucket{rate: rate, burst: burst, tokens: burst, at: time.Now()}
}

// take counts an event at a time. Debts are as deep as the burst: a client
// that heeds neither pauses nor refusals is gone after two bursts at once.
func (b *bucket) take(now time.Time) verdict {
	b.tokens = min(b.burst, b.tokens+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	b.tokens--
	switch {
	case b.tokens >= 0:
		return pass
	case b.tokens >= -b.burst/4:
		return slow
	case b.tokens >= -b.burst:
		return refuse
	default:
		return giveUp
	}
}

// pause is how long a slow event waits.
func (b *bucket) pause() time.Duration {
	return time.Duration(float64(time.Second) / b.rate / 2)
}
