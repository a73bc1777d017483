package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/weftworks/weft/internal/store"
)

type throttles struct{ db *DB }

func (s throttles) Update(ctx context.Context, keys []string, change func([]store.Counter) error) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		counters := make([]store.Counter, len(keys))
		for i, k := range keys {
			var err error
			if counters[i], err = s.get(ctx, tx, k); err != nil {
				return err
			}
		}
		if err := change(counters); err != nil {
			return err
		}
		for i, k := range keys {
			if err := s.put(ctx, tx, k, counters[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s throttles) get(ctx context.Context, tx *sql.Tx, key string) (store.Counter, error) {
	var c store.Counter
	var recent string
	err := tx.QueryRowContext(ctx, "SELECT recent, level, until, changed FROM throttles WHERE key = ?", key).
		Scan(&recent, &c.Level, instant{&c.Until}, instant{&c.Last})
	if errors.Is(err, sql.ErrNoRows) {
		return store.Counter{}, nil
	} else if err != nil {
		return c, err
	}
	var at []int64
	if err := json.Unmarshal([]byte(recent), &at); err != nil {
		return c, err
	}
	for _, n := range at {
		c.Recent = append(c.Recent, fromMicros(n))
	}
	return c, nil
}

// put writes a counter; one that counts nothing is removed.
func (s throttles) put(ctx context.Context, tx *sql.Tx, key string, c store.Counter) error {
	if len(c.Recent) == 0 && c.Level == 0 {
		return s.db.any(ctx, tx, "DELETE FROM throttles WHERE key = ?", key)
	}
	at := make([]int64, len(c.Recent))
	for i, t := range c.Recent {
		at[i] = micros(t)
	}
	recent, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return s.db.any(ctx, tx, "INSERT OR REPLACE INTO throttles (key, recent, level, until, changed) VALUES (?, ?, ?, ?, ?)",
		key, string(recent), c.Level, micros(c.Until), micros(c.Last))
}

func (s throttles) Sweep(ctx context.Context, before time.Time) error {
	return s.db.any(ctx, s.db.write, "DELETE FROM throttles WHERE changed < ?", micros(before))
}
