package job

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/workspace"
)

// execute carries a run out in a worker of its own, and returns what it made.
func (j *Jobs) execute(ctx context.Context, e *entry) (_ []Result, err error) {
	defer run.Recovered(j.o.Log, &err)
	if err := j.o.Ready(); err != nil {
		return nil, err // it was ready when the run came into the queue
	}
	var guard workspace.Guard
	if j.o.Guard != nil {
		guard = j.o.Guard(e.account)
	}
	files, err := workspace.OpenIn(j.o.Tree, e.path, guard)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	var kept run.Kept
	if j.o.Kept != nil {
		if kept, err = j.o.Kept(e.path); err != nil {
			j.o.Log.WarnContext(ctx, "kept results cannot be used", "run", e.id, "error", err)
			kept = nil
		}
	}
	session, err := j.runner.Open(ctx, files, kept)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	x := &execution{jobs: j, entry: e, files: files, guard: guard, session: session}
	return x.run(ctx)
}

// execution is a run under way.
type execution struct {
	jobs    *Jobs
	entry   *entry
	files   *workspace.Workspace
	guard   workspace.Guard // nil: the account may all
	session *run.Session
	results []Result
}

func (x *execution) run(ctx context.Context) ([]Result, error) {
	q, r := x.entry.request, &x.jobs.runner
	g, err := plan.Bind(q.Package, q.Workflow, plan.Options{Catalogue: r.Catalogue, Functions: r.Functions, Set: q.Variables})
	if err != nil {
		return nil, err
	}
	if err := x.session.Discover(ctx, g); err != nil {
		return nil, err
	}
	targets, err := choose(g, q.Targets)
	if err != nil {
		return nil, err
	}
	done, err := x.steps(ctx, g, targets)
	if err != nil {
		return nil, err
	}
	for _, w := range done.Written {
		path, err := x.files.Path(w.Path)
		if err != nil {
			return nil, err
		}
		x.results = append(x.results, Result{Node: w.Node, Path: path, Rows: w.Rows})
	}
	x.proveTypes(ctx, g, targets)
	return x.results, nil
}

// steps carries the plan out, as long as the account may read what it reads.
func (x *execution) steps(ctx context.Context, g *plan.Graph, targets []plan.Target) (*run.Result, error) {
	ctx, stop := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { watchRights(ctx, askEvery, x.guard, x.inputs(g), stop) })
	defer watching.Wait()
	defer stop(nil)
	done, err := x.session.Run(ctx, run.Job{
		Graph: g, Targets: targets, SaveAs: run.PartsFormat(),
		Save:    func(t plan.Target, folder string) error { return x.save(ctx, t, folder) },
		Commit:  x.commit,
		Observe: x.entry.observe,
	})
	return done, lost(ctx, err)
}

// commit is asked before outputs are put in place: whether there is room for
// them, and whether they are still wanted.
func (x *execution) commit(outputs []workspace.Staged) error {
	if x.jobs.o.Room != nil && len(outputs) > 0 {
		var bytes int64
		for _, o := range outputs {
			info, err := os.Lstat(o.From) // a worker's link counts as what it is
			if err != nil {
				return err
			}
			bytes += info.Size()
		}
		if err := x.jobs.o.Room(x.entry.path, bytes, int64(len(outputs))); err != nil {
			return err
		}
	}
	return x.entry.commit()
}

// proveTypes tells the values that were not of their types. The outputs are in
// place by now, so that what goes wrong here only leaves it out.
func (x *execution) proveTypes(ctx context.Context, g *plan.Graph, targets []plan.Target) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	x.entry.committed(cancel)
	found, err := x.session.Misfits(ctx, g, targets)
	if err != nil {
		x.jobs.o.Log.WarnContext(ctx, "types not proved", "run", x.entry.id, "error", err)
		return
	}
	x.entry.misfits(found)
}

// save keeps the rows of a target that is no file.
func (x *execution) save(ctx context.Context, t plan.Target, folder string) error {
	parts, err := x.session.Parts(ctx, folder)
	if err != nil {
		return err
	}
	n := strconv.Itoa(len(x.results) + 1)
	r := Result{
		Node: t.Node.ID, Output: t.Port, ID: x.entry.id + "-" + n, Schema: t.Rel().Schema(), Parts: parts,
	}
	for _, p := range parts {
		info, err := os.Stat(filepath.Join(folder, p.Name))
		if err != nil {
			return err
		}
		r.Rows += p.Rows
		r.Bytes += info.Size()
	}
	if err := os.Rename(folder, filepath.Join(x.jobs.folder(x.entry.id), n)); err != nil {
		return err
	}
	x.results = append(x.results, r)
	return nil
}

var (
	errNoNode = errs.Message{
		ID: "job.no_node",
		En: "The workflow has no node {node}. {suggest}",
		Ru: "В сценарии нет узла {node}. {suggest}",
	}
	errNoOutput = errs.Message{
		ID: "job.no_output",
		En: "{node} has no output {number}.",
		Ru: "У узла {node} нет выхода {number}.",
	}
	errNothing = errs.Message{
		ID: "job.nothing",
		En: "The workflow has no nodes, so there is nothing to run.",
		Ru: "В сценарии нет узлов, запускать нечего.",
	}
)

// choose returns the targets that were asked for; of none, every file that the
// workflow writes and every first output that nothing reads, and then all of
// the workflow must be right.
func choose(g *plan.Graph, asked []Target) ([]plan.Target, error) {
	var out []plan.Target
	for _, a := range asked {
		n := g.Node(a.Node)
		if n == nil {
			var ids []string
			for _, n := range g.Nodes {
				ids = append(ids, n.ID)
			}
			return nil, errs.New(errs.NotFound, errNoNode, errs.P{"node": a.Node, "suggest": errs.Suggest(a.Node, ids)})
		}
		if a.Output < 0 || n.Def != nil && a.Output >= max(1, len(n.Def.Outputs)) {
			return nil, errs.New(errs.NotFound, errNoOutput, errs.P{"node": a.Node, "number": a.Output})
		}
		out = append(out, plan.Target{Node: n, Port: a.Output})
	}
	if len(asked) > 0 {
		return out, nil
	}
	if err := g.Errors().Err(); err != nil {
		return nil, err
	}
	if out = outputs(g); len(out) == 0 {
		return nil, errs.New(errs.Invalid, errNothing, nil)
	}
	return out, nil
}

func outputs(g *plan.Graph) (out []plan.Target) {
	read := map[*plan.Node]bool{}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if in.From != nil && in.Port == 0 {
				read[in.From] = true
			}
		}
	}
	for _, n := range g.Nodes {
		if n.Def != nil && (n.Def.IsSink() || !read[n]) {
			out = append(out, plan.Target{Node: n})
		}
	}
	return out
}
