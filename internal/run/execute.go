package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/worker"
	"github.com/weftworks/weft/internal/workspace"
)

// Job says what to run.
type Job struct {
	Graph   *plan.Graph
	Targets []plan.Target
	Limit   int64 // rows of each shown table; 0: all
	// Show receives the rows of targets that are no files, batch by batch,
	// each target's at one go. A batch is valid until Show returns.
	Show func(t plan.Target, b arrow.RecordBatch) error
	// Save stands in place of Show where targets are wanted as files of the
	// format SaveAs: it gets a file, or a folder of parts, that is gone when
	// the session closes.
	Save   func(t plan.Target, file string) error
	SaveAs rel.FileFormat
	// Commit, where it is not nil, is asked before the outputs are put in
	// place: its error ends the run, and nothing appears.
	Commit  func(outputs []workspace.Staged) error
	Observe Observer
}

// Result is what a run did.
type Result struct {
	Steps   []*plan.Step
	Written []Written
	Elapsed time.Duration
}

// Written is a file that a run put in place.
type Written struct {
	Node string
	Path string
	Rows int64
}

// Run carries out the job's plan step by step and puts all its files in place
// at the end, or none. The first error ends it; it stands at the node that
// failed.
func (s *Session) Run(ctx context.Context, job Job) (*Result, error) {
	if err := job.Graph.ErrorsOf(job.Targets).Err(); err != nil {
		return nil, err
	}
	begin := time.Now()
	var kept plan.Kept
	if s.kept != nil {
		kept = s.kept
	}
	steps := job.Graph.Steps(job.Targets, s.prints(job.Graph), kept)
	x := &execution{session: s, job: job, result: &Result{Steps: steps}}
	if err := x.checkOutputs(); err != nil {
		return nil, err
	}
	for _, step := range steps {
		if err := x.step(ctx, step); err != nil {
			job.Observe.tell(Event{Step: step, State: Failed, Percent: -1})
			if x.refused != nil {
				return nil, x.refused
			}
			return nil, s.locate(ctx, step, err)
		}
	}
	if job.Commit != nil {
		if err := job.Commit(x.staged); err != nil {
			return nil, err
		}
	}
	if err := s.files.Publish(x.staged); err != nil {
		return nil, x.atOutput(err)
	}
	x.result.Elapsed = time.Since(begin)
	return x.result, nil
}

// prints are the fingerprints that addresses of g's results depend on.
func (s *Session) prints(g *plan.Graph) plan.Prints {
	return plan.NewPrints(s.runner.Versions, g.Found)
}

// Errors is what keeps targets from being planned: the errors of every node
// that they read.
func Errors(g *plan.Graph, targets []plan.Target) error { return g.ErrorsOf(targets).Err() }

// execution is one run under way.
type execution struct {
	session *Session
	job     Job
	result  *Result
	staged  []workspace.Staged
	refused error // what the caller's Show or Save returned
}

// atOutput puts an error about a file at the node that writes it.
func (x *execution) atOutput(err error) error {
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return err
	}
	for _, w := range x.result.Written {
		if e.Params["path"] == w.Path {
			return e.At(errs.Place{Node: w.Node, Setting: "path"})
		}
	}
	return err
}

// checkOutputs refuses outputs that could not be put in place, before any
// work is done.
func (x *execution) checkOutputs() error {
	places := OutputPlaces{}
	for _, step := range x.result.Steps {
		if step.Kind != plan.Write {
			continue
		}
		err := places.Take(x.session.files, step.Output.Path)
		if err == nil {
			err = x.session.files.CheckFree(workspace.Staged{To: step.Output.Path, Replace: step.Output.Replace})
		}
		if err != nil {
			return errs.At(err, errs.Place{Node: step.Node.ID})
		}
	}
	return nil
}

// OutputPlaces are the files that the outputs of a run take, by absolute path.
type OutputPlaces map[string]bool

// Take notes the file of an output. It refuses one outside of the workspace,
// one that another output writes, and one over a package: a slip of the path
// must not cost the work that the package holds.
func (p OutputPlaces) Take(files *workspace.Workspace, name string) error {
	path, err := files.Real(name)
	switch {
	case err != nil:
		return err
	case strings.EqualFold(filepath.Ext(path), ".weft"):
		return errs.New(errs.Invalid, errOverPackage, errs.P{"path": name})
	case p[path]:
		return errs.New(errs.Invalid, errSameOutput, errs.P{"path": name})
	}
	p[path] = true
	return nil
}

var (
	errSameOutput = errs.Message{
		ID: "run.same_output",
		En: "Two nodes write the file {path}. Give one of them another path.",
		Ru: "Два узла пишут файл {path}. Задайте одному из них другой путь.",
	}
	errOverPackage = errs.Message{
		ID: "run.over_package",
		En: "{path} has the name of a package, and a run never writes over packages. Give the file another ending.",
		Ru: "У {path} имя пакета, а запуск никогда не пишет поверх пакетов. Задайте файлу другое окончание.",
	}
)

func (x *execution) step(ctx context.Context, step *plan.Step) error {
	begin := time.Now()
	x.job.Observe.tell(Event{Step: step, State: Running, Percent: -1})
	rows, err := x.compute(ctx, step)
	if err != nil {
		return err
	}
	x.job.Observe.tell(Event{Step: step, State: Done, Percent: 100, Rows: rows, Elapsed: time.Since(begin)})
	return nil
}

func (x *execution) compute(ctx context.Context, step *plan.Step) (rows int64, err error) {
	r := step.Rel
	if step.Kind == plan.Show && x.job.Limit > 0 {
		r = rel.Builder{NodeID: step.Node.ID}.Limit(r, x.job.Limit, 0)
	}
	stored := step.Kind == plan.Table || step.Kind == plan.Keep
	query, err := x.session.render(ctx, r, sql.Options{Total: stored})
	if err != nil {
		return 0, err
	}
	progress := func(p worker.Progress) {
		x.job.Observe.tell(Event{Step: step, State: Running, Percent: p.Percent, Rows: p.Rows})
	}
	switch step.Kind {
	case plan.Table:
		return x.session.engine.Exec(ctx, sql.DuckDB().CreateTable(step.ID, query), progress)
	case plan.Keep:
		return x.keep(ctx, step, query, progress)
	case plan.Write:
		return x.write(ctx, step, query, progress)
	default:
		if x.job.Save != nil {
			return x.save(ctx, step, query, progress)
		}
		return x.show(ctx, step, query)
	}
}

func (x *execution) show(ctx context.Context, step *plan.Step, query string) (rows int64, err error) {
	target := plan.Target{Node: step.Node, Port: step.Port}
	err = x.session.engine.Query(ctx, query, 0, func(b arrow.RecordBatch) error {
		rows += b.NumRows()
		x.refused = x.job.Show(target, b)
		return x.refused
	})
	return rows, err
}

func (x *execution) save(ctx context.Context, step *plan.Step, query string, progress func(worker.Progress)) (int64, error) {
	file := filepath.Join(x.session.dir, "save-"+step.ID)
	rows, err := x.session.engine.Exec(ctx, sql.DuckDB().Copy(query, file, x.job.SaveAs), progress)
	if err != nil {
		return 0, err
	}
	x.refused = x.job.Save(plan.Target{Node: step.Node, Port: step.Port}, file)
	return rows, x.refused
}

func (x *execution) keep(ctx context.Context, step *plan.Step, query string, progress func(worker.Progress)) (int64, error) {
	file := filepath.Join(x.session.dir, step.ID+".parquet")
	rows, err := x.session.engine.Exec(ctx, sql.DuckDB().Copy(query, file, rel.FileFormat{Parquet: true}), progress)
	if err != nil {
		return 0, err
	}
	return rows, x.session.kept.Publish(step.Address, file, step.Rel.Schema(), rows)
}

// write makes the output's file in the run's folder; it is put in place when
// all steps have succeeded.
func (x *execution) write(ctx context.Context, step *plan.Step, query string, progress func(worker.Progress)) (int64, error) {
	out := step.Output
	file := filepath.Join(x.session.dir, fmt.Sprintf("out-%d", len(x.staged)))
	rows, err := x.session.engine.Exec(ctx, sql.DuckDB().Copy(query, file, out.Format), progress)
	if err != nil {
		return 0, err
	}
	if out.BOM || out.Encoding != "" && out.Encoding != utf8Name {
		if file, err = x.session.recode(ctx, file, out); err != nil {
			return 0, errs.At(err, errs.Place{Node: step.Node.ID})
		}
	}
	x.staged = append(x.staged, workspace.Staged{From: file, To: out.Path, Replace: out.Replace})
	x.result.Written = append(x.result.Written, Written{Node: step.Node.ID, Path: out.Path, Rows: rows})
	return rows, nil
}

const utf8Name = "utf-8"

// recode brings a text file to the output's encoding, with its mark if asked.
func (s *Session) recode(ctx context.Context, file string, out *component.Output) (string, error) {
	encoding := out.Encoding
	if encoding == "" {
		encoding = utf8Name
	}
	if marked, ok := map[string]string{utf8Name: "utf-8-bom", "utf-16le": "utf-16"}[encoding]; ok && out.BOM {
		encoding = marked
	}
	coded := file + ".coded"
	if err := s.engine.Recode(ctx, file, coded, encoding); err != nil {
		return "", err
	}
	return coded, os.Remove(file)
}
