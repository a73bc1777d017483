package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// statements are the queries of the readers, parsed once: parsing takes
// longer than most of them do.
type statements struct {
	db *sql.DB

	mu sync.Mutex
	of map[string]*sql.Stmt
}

// get returns the statement of a query. There are as many as the code has
// queries: none is made of what a caller gave.
func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.of[query]; ok {
		return stmt, nil
	}
	stmt, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.of[query] = stmt
	return stmt, nil
}

// close frees the statements.
func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, stmt := range s.of {
		err = errors.Join(err, stmt.Close())
	}
	clear(s.of)
	return err
}
