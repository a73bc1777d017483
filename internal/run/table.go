package run

import (
	"context"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

// Compute runs a plan and hands its rows to each, batch by batch; caps bound
// what is read of sources. A batch is valid until each returns.
func (s *Session) Compute(ctx context.Context, r rel.Rel, caps map[*rel.Scan]int64, each func(arrow.RecordBatch) error) error {
	query, err := s.render(ctx, r, sql.Options{Cap: caps})
	if err != nil {
		return err
	}
	return s.engine.Query(ctx, query, 0, each)
}

// Table computes a plan once, into a table of the session that is read in its
// place until drop is called.
func (s *Session) Table(ctx context.Context, name string, r rel.Rel, caps map[*rel.Scan]int64) (_ rel.Rel, drop func(), err error) {
	query, err := s.render(ctx, r, sql.Options{Cap: caps})
	if err != nil {
		return nil, nil, err
	}
	remove := func() error {
		_, err := s.engine.Exec(context.WithoutCancel(ctx), sql.DuckDB().DropTable(name), nil)
		return err
	}
	if _, err := s.engine.Exec(ctx, sql.DuckDB().CreateTable(name, query), nil); err != nil {
		return nil, nil, err
	}
	scan, err := rel.Builder{NodeID: r.Node()}.Scan(&rel.Stored{Address: name, Rows: -1}, r.Schema(), r.Ordering().Known())
	if err != nil {
		_ = remove() // the error is the one to tell
		return nil, nil, err
	}
	return scan, func() { _ = remove() }, nil // it fails only where the worker is gone, and the table with it
}
