package server

import (
	"context"
	"errors"
	"io"
	"slices"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/run"
)

// data implements the Data service.
type data struct {
	weftv1.UnimplementedDataServer
	access
	documents OpenDocuments
	previews  *preview.Previews
	jobs      *job.Jobs
}

// NewData makes the Data service.
func NewData(a *auth.Auth, documents OpenDocuments, previews *preview.Previews, jobs *job.Jobs) weftv1.DataServer {
	return &data{access: access{a}, documents: documents, previews: previews, jobs: jobs}
}

// arrowPiece is how much of a stream of Arrow one message has, in bytes.
const arrowPiece = 128 << 10

// document finds an open document that the caller may read.
func (d *data) document(ctx context.Context, id string) (OpenDocument, auth.Caller, error) {
	return readable(ctx, d.access, d.documents, id, auth.ReadFiles)
}

// readable finds an open document on whose path the caller has a right. One
// that the caller may not see is none: its path stays untold.
func readable(ctx context.Context, a access, documents OpenDocuments, id string, r auth.Right) (OpenDocument, auth.Caller, error) {
	doc, err := documents.Get(id)
	if err != nil {
		return nil, auth.Caller{}, err
	}
	c, err := a.may(ctx, r, doc.Path())
	if err != nil {
		doc.Release()
		_, missing := documents.Get("")
		return nil, c, hidden(err, missing)
	}
	return doc, c, nil
}

// ReadPage implements weftv1.DataServer.
func (d *data) ReadPage(r *weftv1.ReadPageRequest, out grpc.ServerStreamingServer[weftv1.ReadPageResponse]) error {
	ctx := out.Context()
	path, err := d.jobs.Of(r.GetResult())
	if err != nil {
		return err
	}
	c, err := d.may(ctx, auth.WatchRuns, path)
	if err != nil {
		return hidden(err, job.NoResult())
	}
	if err := checkPage(r); err != nil {
		return err
	}
	rows, total, err := d.jobs.Read(ctx, c.Account, job.Page{
		Result: r.GetResult(), Offset: r.GetOffset(), Limit: int64(r.GetLimit()), Columns: r.GetColumns(),
	})
	if err != nil {
		return err
	}
	first := true
	err = rows.Each(arrowPiece, func(piece []byte) error {
		m := &weftv1.ReadPageResponse{Arrow: piece}
		if first {
			m.Total, first = total, false
		}
		return out.Send(m)
	})
	return errors.Join(err, rows.Close())
}

var (
	msgRows = errs.Message{
		ID: "server.page_rows",
		En: "Ask for 1 to {most} rows, not {found}.",
		Ru: "Можно запросить от 1 до {most} строк, а не {found}.",
	}
	msgPageOffset = errs.Message{
		ID: "server.page_offset",
		En: "A page begins at row 0 or later, not at {found}.",
		Ru: "Страница начинается со строки 0 или дальше, а не с {found}.",
	}
)

func checkPage(r *weftv1.ReadPageRequest) error {
	switch n := r.GetLimit(); {
	case n == 0 || n > job.MostRows:
		return errs.New(errs.Invalid, msgRows, errs.P{"most": job.MostRows, "found": n})
	case r.GetOffset() < 0:
		return errs.New(errs.Invalid, msgPageOffset, errs.P{"found": r.GetOffset()})
	}
	return nil
}

// WatchPreview implements weftv1.DataServer: a request ends what is sent for
// the one before. A client that asks no more is answered on until it cancels.
func (d *data) WatchPreview(stream grpc.BidiStreamingServer[weftv1.WatchPreviewRequest, weftv1.WatchPreviewResponse]) error {
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	requests, failed := make(chan *weftv1.WatchPreviewRequest), make(chan error, 1)
	go func() { // it ends with the stream, which Recv does not outlive
		failed <- receive(ctx, stream, requests)
	}()
	stop := func() error { return nil }
	for {
		select {
		case r := <-requests:
			if err := stop(); err != nil {
				return err
			}
			stop = d.begin(ctx, r, stream)
		case err := <-failed:
			if err == nil { // the client asks no more, and goes on looking
				<-ctx.Done()
			}
			return errors.Join(err, stop())
		}
	}
}

// receive hands on requests until the client has no more.
func receive(ctx context.Context, stream grpc.BidiStreamingServer[weftv1.WatchPreviewRequest, weftv1.WatchPreviewResponse], to chan<- *weftv1.WatchPreviewRequest) error {
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case to <- r:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// begin answers a request until what it returns is called, which waits for the
// end and tells why the stream can't go on.
func (d *data) begin(ctx context.Context, r *weftv1.WatchPreviewRequest, stream sender) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.show(ctx, r, stream) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// sender is where answers go.
type sender interface {
	Send(*weftv1.WatchPreviewResponse) error
}

// show answers one request. That there is nothing to show is an answer too.
func (d *data) show(ctx context.Context, r *weftv1.WatchPreviewRequest, to sender) error {
	if r.GetPort() == nil {
		return nil
	}
	p := panel{ctx: ctx, request: r.GetRequest(), to: to, lang: rpc.Language(ctx)}
	doc, c, err := d.document(ctx, r.GetPort().GetDocument())
	if err != nil {
		return p.failed(0, err)
	}
	defer doc.Release()
	limit := min(r.GetLimit(), preview.MostRows)
	if limit == 0 {
		limit = 100
	}
	q := preview.Request{Port: portOf(r.GetPort()), Limit: int64(limit), Exact: r.GetExact()}
	err = d.previews.Show(ctx, c.Account, doc, q, func(a preview.Answer) error {
		// Rights may be gone since the request.
		if _, err := d.may(ctx, auth.ReadFiles, doc.Path()); err != nil {
			return err
		}
		return p.answer(a)
	})
	if p.broken != nil || err == nil || ctx.Err() != nil {
		return p.broken
	}
	return p.failed(0, err)
}

// WatchStatistics implements weftv1.DataServer.
func (d *data) WatchStatistics(r *weftv1.WatchStatisticsRequest, out grpc.ServerStreamingServer[weftv1.WatchStatisticsResponse]) error {
	ctx := out.Context()
	doc, c, err := d.document(ctx, r.GetPort().GetDocument())
	if err != nil {
		return err
	}
	defer doc.Release()
	return d.previews.Describe(ctx, c.Account, doc, portOf(r.GetPort()), r.GetColumns(), func(s preview.Statistics) error {
		// Rights may be gone since the call began.
		if _, err := d.may(ctx, auth.ReadFiles, doc.Path()); err != nil {
			return err
		}
		for _, m := range wireStatistics(s, rpc.Language(ctx)) {
			if err := out.Send(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// statisticsColumns is how many columns one message tells about: bins may hold
// long texts.
const statisticsColumns = 20

func wireStatistics(s preview.Statistics, lang string) []*weftv1.WatchStatisticsResponse {
	if s.Err != nil {
		return []*weftv1.WatchStatisticsResponse{{Number: s.Number, Errors: wireErrors(s.Err, lang)}}
	}
	var out []*weftv1.WatchStatisticsResponse
	for columns := range slices.Chunk(s.Columns, statisticsColumns) {
		m := &weftv1.WatchStatisticsResponse{Number: s.Number, Rows: s.Rows, Exact: s.Exact}
		for _, c := range columns {
			m.Columns = append(m.Columns, wireColumn(c))
		}
		out = append(out, m)
	}
	return out
}

func wireColumn(c preview.Column) *weftv1.ColumnStatistics {
	out := &weftv1.ColumnStatistics{
		Name: c.Name, Nulls: c.Nulls, Distinct: c.Distinct, Mean: c.Mean, Deviation: c.Deviation,
		Min: cell(c.Min), Max: cell(c.Max),
	}
	for _, b := range c.Bins {
		out.Bins = append(out.Bins, &weftv1.Bin{From: shortened(b.From), To: b.To, Count: b.Count})
	}
	return out
}

// cell is a value as text, unset where there is none.
func cell(v rel.Value) *string {
	if v == nil {
		return nil
	}
	s := shortened(preview.Spell(v))
	return &s
}

func portOf(p *weftv1.Port) preview.Port {
	return preview.Port{Workflow: p.GetWorkflow(), Node: p.GetNode(), Output: int(min(p.GetOutput(), 1<<20))}
}

// panel is one request of a panel.
type panel struct {
	ctx     context.Context
	request int64
	to      sender
	lang    string
	broken  error // of the stream
}

func (p *panel) send(number int64, m *weftv1.WatchPreviewResponse) error {
	if err := p.ctx.Err(); err != nil {
		return err // something newer was asked for
	}
	m.Request, m.Number = p.request, number
	if err := p.to.Send(m); err != nil {
		p.broken = err
		return err
	}
	return nil
}

func (p *panel) failed(number int64, err error) error {
	_ = p.send(number, &weftv1.WatchPreviewResponse{Part: &weftv1.WatchPreviewResponse_Failed{
		Failed: &weftv1.PreviewFailed{Errors: wireErrors(err, p.lang)},
	}})
	return p.broken
}

// answer sends columns, rows, and how they are to be taken.
func (p *panel) answer(a preview.Answer) error {
	if a.Err != nil {
		return p.failed(a.Number, a.Err)
	}
	err := p.send(a.Number, &weftv1.WatchPreviewResponse{Part: &weftv1.WatchPreviewResponse_Schema{Schema: wireSchema(a.Schema)}})
	if err != nil {
		return err
	}
	if err := p.rows(a.Number, a.Rows); err != nil {
		return err
	}
	return p.send(a.Number, &weftv1.WatchPreviewResponse{Part: &weftv1.WatchPreviewResponse_Done{Done: &weftv1.PreviewDone{
		Rows: a.Rows.Rows(), Exact: a.Exact, Follows: a.Follows, ElapsedMs: a.Elapsed.Milliseconds(),
	}}})
}

func (p *panel) rows(number int64, rows *run.Spool) error {
	return rows.Each(arrowPiece, func(piece []byte) error {
		return p.send(number, &weftv1.WatchPreviewResponse{Part: &weftv1.WatchPreviewResponse_Arrow{Arrow: piece}})
	})
}

// wireSchema describes the columns of a table.
func wireSchema(s rel.Schema) *weftv1.TableSchema {
	out := &weftv1.TableSchema{}
	for _, c := range s {
		usage := ""
		if c.Usage != rel.UsageUnset {
			usage = c.Usage.String()
		}
		out.Columns = append(out.Columns, &weftv1.Column{
			Name: c.Name, Label: c.Label, Type: c.Type.String(), Usage: usage, Nullable: c.Nullable,
		})
	}
	return out
}
