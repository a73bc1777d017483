package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/worker"
	"github.com/weftworks/weft/internal/workspace"
)

var errDifferentFields = errs.Message{
	ID: "run.different_fields",
	En: "{file} does not have the same columns as {first}: {found} instead of {want}. Files of one pattern must agree.",
	Ru: "В {file} не те же столбцы, что в {first}: {found} вместо {want}. Файлы одного шаблона должны совпадать.",
}

// Discover looks at the files of every source of g, puts what is wrong with
// one at its node, and compiles the graph. The error returned is one of the
// engine or the caller, not of a file.
func (s *Session) Discover(ctx context.Context, g *plan.Graph) error {
	found := map[string]*component.Discovery{}
	for _, n := range g.Sources() {
		d, err := s.discover(ctx, n.Wants)
		if err != nil {
			if ctx.Err() != nil || errs.KindOf(err) == errs.Crashed || errs.KindOf(err) == errs.Canceled {
				return err
			}
			n.Fail(err)
			continue
		}
		found[n.ID] = d
	}
	g.Compile(found)
	LookForFiles(g, s.files)
	return nil
}

// LookForFiles looks for the files that nodes name whose settings or inputs
// are wrong: so a missing file is told together with all else, not only once
// the rest is right. The contents are not looked at.
func LookForFiles(g *plan.Graph, files *workspace.Workspace) {
	for _, n := range g.Nodes {
		if n.Bound == nil || n.Given != nil || n.Wants != nil || len(n.Errors) == 0 && !n.Blocked {
			continue
		}
		for _, f := range n.Bound.Files {
			var err error
			if f.Write {
				err = OutputPlaces{}.Take(files, f.File)
			} else {
				_, err = files.Find(f.File)
			}
			n.Fail(errs.At(err, errs.Place{Setting: f.Path}))
		}
	}
}

// Unchanged reports whether the files of g's sources are still those that were
// found. A source whose files could not be read counts as changed.
func Unchanged(files *workspace.Workspace, g *plan.Graph) bool {
	for _, n := range g.Sources() {
		d := g.Found[n.ID]
		if d == nil {
			return false
		}
		now, err := files.Find(n.Wants.Pattern)
		if err != nil || !slices.EqualFunc(now, d.Files, func(a workspace.File, b component.File) bool { return component.File(a) == b }) {
			return false
		}
	}
	return true
}

func (s *Session) discover(ctx context.Context, w *component.Wants) (*component.Discovery, error) {
	files, err := s.files.Find(w.Pattern)
	if err != nil {
		return nil, errs.At(err, errs.Place{Setting: w.Setting})
	}
	d := &component.Discovery{Rows: -1}
	for _, f := range files {
		d.Files = append(d.Files, component.File(f))
	}
	key := noteKey(w, d.Files)
	if s.kept != nil {
		if note, ok := s.kept.Note(key); ok && json.Unmarshal(note, d) == nil {
			return d, nil
		}
	}
	if s.runner.Crashes.enough(key) {
		return nil, damaged(w, d.Files, nil)
	}
	if w.Parquet {
		err = s.lookAtParquet(ctx, d)
	} else {
		err = s.lookAtText(ctx, w.Text, d)
	}
	s.runner.Crashes.note(key, err)
	if worker.Broke(err) {
		return nil, damaged(w, d.Files, err)
	}
	if err != nil {
		return nil, errs.At(err, errs.Place{Setting: w.Setting})
	}
	if s.kept != nil {
		if note, err := json.Marshal(d); err == nil {
			if err := s.kept.SetNote(key, note); err != nil {
				s.runner.Log.WarnContext(ctx, "discovery not kept", "error", err)
			}
		}
	}
	return d, nil
}

// noteKey names a discovery by what was asked for and the files' fingerprints.
func noteKey(w *component.Wants, files []component.File) string {
	h := sha256.New()
	// Both marshal without fail: they hold plain data.
	request, _ := json.Marshal(w)
	prints, _ := json.Marshal(files)
	fmt.Fprintf(h, "discovery 1\n%s\n%s", request, prints)
	return hex.EncodeToString(h.Sum(nil))[:40]
}

// lookAtText sniffs the first file and holds the others to its columns.
func (s *Session) lookAtText(ctx context.Context, req discover.Request, d *component.Discovery) error {
	for i, f := range d.Files {
		path, err := s.files.Real(f.Path)
		if err != nil {
			return err
		}
		req.Path, req.Shown = path, f.Path
		res, err := s.engine.Discover(ctx, req)
		if err != nil {
			return errs.At(err, errs.Place{File: f.Path})
		}
		if i == 0 {
			d.Text = &res
			req = settled(req, res)
			continue
		}
		if a, b := labels(*d.Text), labels(res); res.Header && fmt.Sprint(a) != fmt.Sprint(b) || len(a) != len(b) {
			return errs.New(errs.Unreadable, errDifferentFields, errs.P{
				"file": f.Path, "first": d.Files[0].Path, "found": fmt.Sprint(b), "want": fmt.Sprint(a),
			}).At(errs.Place{File: f.Path})
		}
	}
	return nil
}

// settled asks for the other files what was found in the first.
func settled(req discover.Request, res discover.Result) discover.Request {
	req.Encoding, req.Delimiter, req.Quote = res.Encoding, res.Delimiter, res.Quote
	req.Header, req.Skip = &res.Header, &res.Skip
	req.Rows = 100
	return req
}

func labels(r discover.Result) []string {
	out := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		out[i] = c.Label
	}
	return out
}

// lookAtParquet asks the engine for columns and rows.
func (s *Session) lookAtParquet(ctx context.Context, d *component.Discovery) error {
	paths, err := s.realPaths(d.Paths())
	if err != nil {
		return err
	}
	columns, err := s.engine.Describe(ctx, sql.DuckDB().DescribeParquet(paths))
	if err != nil {
		return errs.At(err, errs.Place{File: d.Files[0].Path})
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	for i, name := range discover.Names(names) {
		t, ok := sql.ParseType(columns[i].Type)
		if !ok {
			t = rel.String
		}
		label := columns[i].Name
		if label == name {
			label = ""
		}
		d.Columns = append(d.Columns, rel.EngineColumn{Name: columns[i].Name, Type: columns[i].Type})
		d.Schema = append(d.Schema, rel.Column{
			Name: name, Label: label, Type: t, Nullable: true, Continuous: t == rel.Real || t.ID == rel.DecimalID,
		})
	}
	err = s.engine.Query(ctx, sql.DuckDB().CountParquet(paths), 1, func(b arrow.RecordBatch) error {
		rows := Rows(b)
		if n, ok := rows[0][0].(int64); ok && len(rows) == 1 {
			d.Rows = n
		}
		return nil
	})
	return err
}

func (s *Session) realPaths(names []string) ([]string, error) {
	out := make([]string, len(names))
	var found error
	for i, n := range names {
		p, err := s.files.Real(n)
		found = errors.Join(found, err)
		out[i] = p
	}
	return out, found
}
