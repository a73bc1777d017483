package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
)

var (
	errColumnFailed = errs.Message{
		ID: "run.column_failed",
		En: "The column {column} cannot be computed: {reason}",
		Ru: "Не удаётся вычислить столбец {column}: {reason}",
	}
	errStepFailed = errs.Message{
		ID: "run.step_failed",
		En: "{reason} One query computed the nodes {nodes}.",
		Ru: "{reason} Один запрос вычислял узлы {nodes}.",
	}
)

// mostColumns bounds how many columns of a node are tried one by one.
const mostColumns = 64

// locate puts an error of a step at the node that caused it. A fused query
// has no single node: what the nodes give is computed one after another, and
// the first that fails is the one; so with its columns. Only errors in the
// data are looked for: other errors, and a locating that itself is cut short,
// keep the step's nodes as their place.
func (s *Session) locate(ctx context.Context, step *plan.Step, err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || ctx.Err() != nil {
		return err
	}
	if e.Place.Node != "" {
		return err
	}
	if e.Place.File != "" {
		return s.locateFile(step, e)
	}
	if e.Kind != errs.Failed {
		return inStep(step, e)
	}
	for _, r := range nodeOutputs(step.Rel) {
		if found := s.try(ctx, r); found != nil {
			return s.locateColumn(ctx, r, *found)
		}
	}
	return inStep(step, e)
}

// inStep puts an error that no single node caused at the step's last node, and
// names all of its nodes.
func inStep(step *plan.Step, e *errs.Error) error {
	place := errs.Place{Node: step.Node.ID}
	if len(step.Nodes) < 2 {
		return e.At(place)
	}
	reason := errs.Words{En: e.Text("en"), Ru: e.Text("ru")}
	return errs.New(e.Kind, errStepFailed, errs.P{"reason": reason, "nodes": listed(step.Nodes)}).
		Because(e.Cause).At(e.Place).At(place)
}

// mostListed bounds how many nodes a message names.
const mostListed = 12

// listed spells names: all of a few, the first and the last of many.
func listed(names []string) string {
	if len(names) > mostListed {
		first, last := names[:mostListed-3], names[len(names)-2:]
		names = slices.Concat(first, []string{"…"}, last)
	}
	return strings.Join(names, ", ")
}

// locateFile puts an error in a file that a step reads at the node that reads
// it, under the name that the package gives the file.
func (s *Session) locateFile(step *plan.Step, e *errs.Error) error {
	found := e.At(errs.Place{Node: step.Node.ID})
	rel.Visit(step.Rel, func(r rel.Rel) {
		scan, ok := r.(*rel.Scan)
		if !ok {
			return
		}
		for _, name := range scan.Source.Paths() {
			if real, err := s.files.Real(name); err == nil && (s.isCopy(e.Place.File, name) || strings.HasSuffix(real, "/"+e.Place.File)) {
				place := e.Place
				place.File, place.Node, place.Setting = name, scan.Node(), "path"
				found = errs.New(e.Kind, e.Message, e.Params).At(place).Because(e.Cause)
			}
		}
	})
	return found
}

// isCopy reports whether file is a copy that the session made of name.
func (s *Session) isCopy(file, name string) bool {
	for key, made := range s.copies {
		if _, of, _ := strings.Cut(key, "\x00"); of == name && filepath.Base(made) == filepath.Base(file) {
			return true
		}
	}
	return false
}

// nodeOutputs lists, for each node in a plan, the last expression that it
// built, inputs first.
func nodeOutputs(r rel.Rel) []rel.Rel {
	var order []rel.Rel
	at := map[string]int{}
	rel.Visit(r, func(x rel.Rel) {
		if i, ok := at[x.Node()]; ok {
			order[i] = nil
		}
		at[x.Node()] = len(order)
		order = append(order, x)
	})
	out := order[:0]
	for _, x := range order {
		if x != nil {
			out = append(out, x)
		}
	}
	return out
}

// try computes r for its errors alone.
func (s *Session) try(ctx context.Context, r rel.Rel) *errs.Error {
	file := filepath.Join(s.dir, "try.parquet")
	defer os.Remove(file)
	query, err := s.render(ctx, r, sql.Options{})
	if err == nil {
		_, err = s.engine.Exec(ctx, sql.DuckDB().Copy(query, file, rel.FileFormat{Parquet: true, Compression: "none"}), nil)
	}
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind == errs.Failed {
		return e
	}
	return nil
}

// locateColumn names the column of a projection that fails.
func (s *Session) locateColumn(ctx context.Context, r rel.Rel, e errs.Error) error {
	place := errs.Place{Node: r.Node()}
	p, ok := r.(*rel.Project)
	if !ok || len(p.Items) > mostColumns {
		return e.At(place)
	}
	for _, it := range p.Items {
		if _, plain := it.Expr.(*rel.Ref); plain {
			continue
		}
		one, err := rel.Builder{NodeID: r.Node()}.Project(p.Input, []rel.Item{it})
		if err != nil {
			return e.At(place)
		}
		if found := s.try(ctx, one); found != nil {
			reason := errs.Words{En: found.Text("en"), Ru: found.Text("ru")}
			return errs.New(errs.Failed, errColumnFailed, errs.P{"column": it.Column.Name, "reason": reason}).
				Because(found.Cause).At(place)
		}
	}
	return e.At(place)
}
