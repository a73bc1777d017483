package auth

import (
	"context"
	"sync"
	"time"
)

// Calls answers for calls of published services, of which there are thousands
// a second: what was found right holds for CallsHold, so that a call costs no
// read of the store. Refusals are never remembered.
type Calls struct {
	auth *Auth

	mu     sync.Mutex
	begun  time.Time // of the answers that are remembered
	tokens map[string]Caller
	rights map[callRight]bool
}

// CallsHold is how long a right to call, or an external caller's token, holds
// after it was looked at: what is taken away is gone that much later.
const CallsHold = time.Second

// mostCalls bounds what is remembered.
const mostCalls = 10_000

type callRight struct{ session, token, service, path string }

// Calls makes a memory of its own.
func (a *Auth) Calls() *Calls { return &Calls{auth: a} }

// fresh forgets what has been remembered for long enough. The caller holds mu.
func (c *Calls) fresh() {
	now := c.auth.now()
	if c.tokens == nil || now.Sub(c.begun) >= CallsHold || len(c.tokens)+len(c.rights) > mostCalls {
		c.begun, c.tokens, c.rights = now, map[string]Caller{}, map[callRight]bool{}
	}
}

// External is Auth.External.
func (c *Calls) External(ctx context.Context, token string) (Caller, error) {
	key := string(hashSecret(token))
	c.mu.Lock()
	c.fresh()
	known, ok := c.tokens[key]
	c.mu.Unlock()
	if ok {
		return known, nil
	}
	caller, err := c.auth.External(ctx, token)
	if err == nil {
		c.mu.Lock()
		c.tokens[key] = caller
		c.mu.Unlock()
	}
	return caller, err
}

// Check is Auth.CheckService.
func (c *Calls) Check(ctx context.Context, who Caller, service, path string) error {
	key := callRight{who.Session, who.Token, service, path}
	c.mu.Lock()
	c.fresh()
	known := c.rights[key]
	c.mu.Unlock()
	if known {
		return nil
	}
	err := c.auth.CheckService(ctx, who, service, path)
	if err == nil {
		c.mu.Lock()
		c.rights[key] = true
		c.mu.Unlock()
	}
	return err
}
