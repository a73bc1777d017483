package run

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

// headBytes is how much of a file in a foreign encoding is transcoded for a
// preview.
const headBytes = 8 << 20

// render spells r as a query over real files. Of o, Cap and Total count.
func (s *Session) render(ctx context.Context, r rel.Rel, o sql.Options) (string, error) {
	r, o, err := s.readable(ctx, r, o)
	if err != nil {
		return "", err
	}
	return sql.DuckDB().Query(r, o)
}

// readable brings r to files that the engine reads. Text in an encoding that
// it does not read is transcoded first: whole, or for a capped scan only the
// head.
func (s *Session) readable(ctx context.Context, r rel.Rel, o sql.Options) (rel.Rel, sql.Options, error) {
	with := map[rel.Rel]rel.Rel{}
	capped := map[*rel.Scan]int64{}
	var failed error
	rel.Visit(r, func(x rel.Rel) {
		scan, ok := x.(*rel.Scan)
		if !ok || failed != nil {
			return
		}
		text, ok := scan.Source.(*rel.TextFile)
		if ok && text.Encoding != "" && text.Encoding != utf8Name {
			var out *rel.Scan
			if out, failed = s.transcoded(ctx, scan, text, o.Cap[scan] > 0); failed != nil {
				return
			}
			with[scan], scan = out, out
		}
		if n := o.Cap[x.(*rel.Scan)]; n > 0 {
			capped[scan] = n
		}
	})
	o.Resolve, o.Cap = s.resolve, capped
	return rel.Replace(r, with), o, failed
}

// resolve finds a plan's path on the disk: a copy that the session made, or a
// file of the workspace.
func (s *Session) resolve(name string) (string, error) {
	if filepath.Dir(name) == s.dir {
		return name, nil
	}
	return s.files.Real(name)
}

// transcoded returns a scan of UTF-8 copies of the files.
func (s *Session) transcoded(ctx context.Context, scan *rel.Scan, text *rel.TextFile, head bool) (*rel.Scan, error) {
	copied := *text
	copied.Encoding, copied.Files = utf8Name, nil
	for _, name := range text.Files {
		file, err := s.utf8Copy(ctx, name, text.Encoding, head)
		if err != nil {
			return nil, err
		}
		copied.Files = append(copied.Files, file)
	}
	return rel.Builder{NodeID: scan.Node()}.Scan(&copied, scan.Schema(), scan.Ordering().Natural)
}

// utf8Copy makes the copy of one file, once for each encoding.
func (s *Session) utf8Copy(ctx context.Context, name, encoding string, head bool) (string, error) {
	made, key := s.copies, encoding+"\x00"+name
	if head {
		made = s.heads
	}
	if file, ok := made[key]; ok {
		return file, nil
	}
	src, err := s.files.Real(name)
	if err != nil {
		return "", err
	}
	file := filepath.Join(s.dir, fmt.Sprintf("utf8-%d-%t.txt", len(made), head))
	if head {
		err = s.engine.TranscodeHead(ctx, src, file, encoding, headBytes)
	} else {
		err = s.engine.Transcode(ctx, src, file, encoding)
	}
	if err != nil {
		if e, ok := errors.AsType[*errs.Error](err); ok && e.Place.Line > 0 {
			err = e.At(errs.Place{File: name})
		}
		return "", err
	}
	made[key] = file
	return file, nil
}

// Render spells r as the query that a run would send to the engine.
func (s *Session) Render(ctx context.Context, r rel.Rel) (string, error) {
	return s.render(ctx, r, sql.Options{})
}

// Prepare spells r as a query whose variables and given tables come with each
// execution.
func (s *Session) Prepare(ctx context.Context, r rel.Rel) (sql.Prepared, error) {
	r, o, err := s.readable(ctx, r, sql.Options{})
	if err != nil {
		return sql.Prepared{}, err
	}
	return sql.DuckDB().Prepare(r, o)
}

// Store computes r once and keeps its rows in a table of the engine, which a
// scan of rel.Stored with that address reads.
func (s *Session) Store(ctx context.Context, address string, r rel.Rel) error {
	query, err := s.render(ctx, r, sql.Options{Total: true})
	if err != nil {
		return err
	}
	_, err = s.engine.Exec(ctx, sql.DuckDB().CreateTable(address, query), nil)
	return err
}
