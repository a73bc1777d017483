package auth

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/weftworks/weft/internal/errs"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func TestHasher(t *testing.T) {
	h := NewHasher(cheap, 1)
	stored, err := h.Hash(t.Context(), "пароль пароль")
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.Hash(t.Context(), "пароль пароль")
	if err != nil || again == stored {
		t.Errorf("two hashes of one password are the same: %v", err)
	}
	quick := quickHash("abcde-fghjk")
	stronger := NewHasher(Cost{Memory: 16, Passes: 1, Lanes: 1}, 1)
	for name, c := range map[string]struct {
		h                *Hasher
		stored, password string
		ok, weak         bool
	}{
		"right":           {h, stored, "пароль пароль", true, false},
		"wrong":           {h, stored, "пароль паролъ", false, false},
		"nobody's":        {h, "", "", false, false},
		"weaker":          {stronger, stored, "пароль пароль", true, true},
		"random":          {h, quick, "abcde-fghjk", true, false},
		"random, but not": {h, quick, "abcde-fghjl", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.h.slow.Load()
			ok, weak, err := c.h.Verify(t.Context(), c.stored, c.password)
			if err != nil || ok != c.ok || weak != c.weak {
				t.Errorf("got %v, %v, %v", ok, weak, err)
			}
			if n := c.h.slow.Load() - before; n != 1 {
				t.Errorf("%d slow hashes: the time tells who exists", n)
			}
		})
	}
	if _, _, err := h.Verify(t.Context(), "nonsense", "x"); err == nil {
		t.Error("a broken hash was taken")
	}
}

func TestDefaultCost(t *testing.T) {
	stored, err := NewHasher(Cost{}, 1).Hash(t.Context(), "password")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("got %s, %v", stored, err)
	}
}

func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(cheap, 2)
		for range 2 { // two are being hashed
			if err := h.enter(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range Queue {
			wg.Go(func() {
				var err error
				if i == 0 {
					_, err = h.Hash(ctx, "gives up")
					if !errors.Is(err, context.Canceled) {
						t.Errorf("got %v", err)
					}
					return
				}
				if _, err = h.Hash(t.Context(), "waits"); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // all of them wait
		if _, err := h.Hash(t.Context(), "one too many"); errs.KindOf(err) != errs.Exhausted {
			t.Errorf("got %v", err)
		}
		cancel()
		synctest.Wait()
		wg.Go(func() { // there is a place again
			if _, err := h.Hash(t.Context(), "waits"); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		h.leave()
		h.leave()
		wg.Wait()
		if h.waiting.Load() != 0 || len(h.slots) != 0 {
			t.Errorf("%d wait, %d are in", h.waiting.Load(), len(h.slots))
		}
	})
}
