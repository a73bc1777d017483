package server

import (
	"context"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rpc"
)

// runs implements the Runs service.
type runs struct {
	weftv1.UnimplementedRunsServer
	access
	documents OpenDocuments
	jobs      *job.Jobs
}

// NewRuns makes the Runs service.
func NewRuns(a *auth.Auth, documents OpenDocuments, jobs *job.Jobs) weftv1.RunsServer {
	return &runs{access: access{a}, documents: documents, jobs: jobs}
}

// maxClientID bounds a client's id in characters.
const maxClientID = 64

var (
	msgClientID = errs.Message{
		ID: "server.client_id",
		En: "A client's id has at most {most} characters.",
		Ru: "Идентификатор клиента не длиннее {most} символов.",
	}
	msgVariable = errs.Message{
		ID: "server.variable_json",
		En: "The value of the variable {variable} is no JSON.",
		Ru: "Значение переменной {variable} — не JSON.",
	}
)

// StartRun implements weftv1.RunsServer.
func (s *runs) StartRun(ctx context.Context, r *weftv1.StartRunRequest) (*weftv1.StartRunResponse, error) {
	if utf8.RuneCountInString(r.GetClientId()) > maxClientID {
		return nil, errs.New(errs.Invalid, msgClientID, errs.P{"most": maxClientID})
	}
	doc, c, err := s.document(ctx, r)
	if err != nil {
		return nil, err
	}
	defer doc.Release()
	set, err := variables(r.GetVariables())
	if err != nil {
		return nil, err
	}
	p, _ := doc.Current()
	q := job.Request{
		Account: c.Account, Name: c.Name, ClientID: r.GetClientId(), Path: doc.Path(), Package: p,
		Workflow: r.GetWorkflow(), Variables: set, Limit: time.Duration(r.GetLimitMs()) * time.Millisecond,
	}
	for _, t := range r.GetTargets() {
		q.Targets = append(q.Targets, job.Target{Node: t.GetNode(), Output: int(min(t.GetOutput(), 1<<20))})
	}
	id, err := s.jobs.Start(q)
	if err != nil {
		return nil, err
	}
	return &weftv1.StartRunResponse{Run: id}, nil
}

// document is what shall run: an open document as it is now, or the package at
// a path, with what was not saved of it yet.
func (s *runs) document(ctx context.Context, r *weftv1.StartRunRequest) (OpenDocument, auth.Caller, error) {
	if r.GetDocument() != "" {
		return readable(ctx, s.access, s.documents, r.GetDocument(), auth.StartRuns)
	}
	c, err := s.may(ctx, auth.StartRuns, r.GetPath())
	if err != nil {
		return nil, c, err
	}
	doc, err := s.documents.Open(ctx, r.GetPath())
	return doc, c, err
}

// variables reads the values of variables.
func variables(all map[string]string) ([]pack.Entry, error) {
	var out []pack.Entry
	for name, text := range all {
		v, err := pack.ParseJSON([]byte(text))
		if err != nil {
			return nil, errs.New(errs.Invalid, msgVariable, errs.P{"variable": name}).Because(err)
		}
		out = append(out, pack.E(name, v))
	}
	return out, nil
}

// watched finds a run that the caller may see.
func (s *runs) watched(ctx context.Context, id string, r auth.Right) (job.Info, error) {
	i, err := s.jobs.Get(id)
	if err != nil {
		return i, err
	}
	if _, err := s.may(ctx, auth.WatchRuns, i.Path); err != nil {
		return i, hidden(err, job.NoRun())
	}
	_, err = s.may(ctx, r, i.Path)
	return i, err
}

// hidden is the answer for what the caller may not see: that for what is not
// there.
func hidden(err, missing error) error {
	if auth.IsHidden(err) {
		return missing
	}
	return err
}

// WatchRun implements weftv1.RunsServer.
func (s *runs) WatchRun(r *weftv1.WatchRunRequest, out grpc.ServerStreamingServer[weftv1.WatchRunResponse]) error {
	ctx := out.Context()
	i, err := s.watched(ctx, r.GetRun(), auth.WatchRuns)
	if err != nil {
		return err
	}
	lang := rpc.Language(ctx)
	return s.jobs.Watch(ctx, r.GetRun(), r.GetAfter(), func(e job.Event) error {
		if _, err := s.may(ctx, auth.WatchRuns, i.Path); err != nil {
			return err
		}
		return out.Send(wireEvent(e, lang))
	})
}

// CancelRun implements weftv1.RunsServer.
func (s *runs) CancelRun(ctx context.Context, r *weftv1.CancelRunRequest) (*weftv1.CancelRunResponse, error) {
	if _, err := s.watched(ctx, r.GetRun(), auth.StartRuns); err != nil {
		return nil, err
	}
	return &weftv1.CancelRunResponse{}, s.jobs.Cancel(r.GetRun())
}

// GetRun implements weftv1.RunsServer.
func (s *runs) GetRun(ctx context.Context, r *weftv1.GetRunRequest) (*weftv1.GetRunResponse, error) {
	i, err := s.watched(ctx, r.GetRun(), auth.WatchRuns)
	if err != nil {
		return nil, err
	}
	return &weftv1.GetRunResponse{Run: wireRun(i, rpc.Language(ctx))}, nil
}

// ListRuns implements weftv1.RunsServer.
func (s *runs) ListRuns(ctx context.Context, r *weftv1.ListRunsRequest) (*weftv1.ListRunsResponse, error) {
	c, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	if r.GetPath() != "" {
		if _, err := s.may(ctx, auth.WatchRuns, r.GetPath()); err != nil {
			return nil, err
		}
	}
	limit := 50
	if n := r.GetLimit(); n > 0 {
		limit = int(min(n, 200))
	}
	known := map[string]bool{} // many runs are of one package
	list, more := s.jobs.List(r.GetPath(), r.GetBefore(), limit, func(path string) bool {
		may, ok := known[path]
		if !ok {
			may = s.auth.Check(ctx, c, auth.WatchRuns, "/"+path) == nil
			known[path] = may
		}
		return may
	})
	out := &weftv1.ListRunsResponse{More: more}
	for _, i := range list {
		out.Runs = append(out.Runs, wireRun(i, rpc.Language(ctx)))
	}
	return out, nil
}

func wireState(s job.State) weftv1.RunState {
	switch s {
	case job.Queued:
		return weftv1.RunState_RUN_STATE_QUEUED
	case job.Running:
		return weftv1.RunState_RUN_STATE_RUNNING
	case job.Done:
		return weftv1.RunState_RUN_STATE_DONE
	case job.Failed:
		return weftv1.RunState_RUN_STATE_FAILED
	case job.Cancelled:
		return weftv1.RunState_RUN_STATE_CANCELLED
	}
	return weftv1.RunState_RUN_STATE_UNSPECIFIED
}

func wireEvent(e job.Event, lang string) *weftv1.WatchRunResponse {
	out := &weftv1.WatchRunResponse{Number: e.Number}
	switch {
	case e.Run != nil:
		out.What = &weftv1.WatchRunResponse_Run{Run: wireRun(*e.Run, lang)}
	case e.Step != nil:
		out.What = &weftv1.WatchRunResponse_Step{Step: wireStep(*e.Step)}
	case e.Misfit != nil:
		out.What = &weftv1.WatchRunResponse_Misfit{Misfit: &weftv1.Misfit{
			Node: e.Misfit.Node, Column: e.Misfit.Column, Type: e.Misfit.Type.String(),
			Count: e.Misfit.Count, Rows: e.Misfit.Rows, Example: shortened(e.Misfit.Example),
		}}
	}
	return out
}

// shortened cuts a text to the 1,000 characters that are shown.
func shortened(s string) string {
	if utf8.RuneCountInString(s) <= 1000 {
		return s
	}
	return string([]rune(s)[:999]) + "…"
}

func wireStep(s job.Step) *weftv1.RunStep {
	out := &weftv1.RunStep{
		Step: s.ID, State: wireState(s.State), Nodes: s.Nodes, Rows: s.Rows, ElapsedMs: s.Elapsed.Milliseconds(),
	}
	if s.Percent >= 0 {
		out.Percent = &s.Percent
	}
	return out
}

// maxResults and maxColumns bound what one message tells of a run. The columns
// of further results stand in their pages.
const (
	maxResults = 1000
	maxColumns = 10_000
)

func wireRun(i job.Info, lang string) *weftv1.RunInfo {
	out := &weftv1.RunInfo{
		Run: i.ID, Path: i.Path, State: wireState(i.State), Name: i.Name,
		Started: timestamp(i.Started), Ended: timestamp(i.Ended), Errors: wireErrors(i.Failures().Err(), lang),
	}
	columns := 0
	for _, r := range i.Results[:min(len(i.Results), maxResults)] {
		w := &weftv1.RunResult{Node: r.Node, Output: uint32(r.Output), Path: r.Path, Result: r.ID, Rows: r.Rows}
		if columns += len(r.Schema); r.Schema != nil && columns <= maxColumns {
			w.Schema = wireSchema(r.Schema)
		}
		out.Results = append(out.Results, w)
	}
	return out
}
