package server

import (
	"context"
	"unicode/utf8"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/workspace"
)

// Problems finds what is wrong with open documents.
type Problems interface {
	// Problems returns all that is wrong with a document as an account sees it,
	// and the number of the event that it is as of.
	Problems(ctx context.Context, account string, doc preview.Document) (number int64, found errs.List, err error)
}

// packages implements the Packages service.
type packages struct {
	weftv1.UnimplementedPackagesServer
	access
	hub      *document.Hub
	problems Problems
}

// NewPackages makes the Packages service. problems may be nil: then nobody is
// told any.
func NewPackages(a *auth.Auth, hub *document.Hub, problems Problems) weftv1.PackagesServer {
	return &packages{access: access{a}, hub: hub, problems: problems}
}

// maxCommand bounds a command in bytes.
const maxCommand = 256 << 10

var msgTooLong = errs.Message{
	ID: "server.too_long",
	En: "The field {field} is longer than {limit}.",
	Ru: "Поле {field} длиннее {limit}.",
}

// mayOn asks for a right on a path that a client has named.
func (p *packages) mayOn(ctx context.Context, r auth.Right, path string) (auth.Caller, error) {
	if err := workspace.CheckName(path); err != nil {
		return auth.Caller{}, err
	}
	return p.may(ctx, r, path)
}

// document finds an open document on which the caller has a right. One that
// the caller may not even read is not open to him. It must be released.
func (p *packages) document(ctx context.Context, id string, r auth.Right) (*document.Document, auth.Caller, error) {
	d, err := p.hub.Get(id)
	if err != nil {
		return nil, auth.Caller{}, err
	}
	c, err := p.may(ctx, auth.ReadFiles, d.Path())
	if err != nil {
		d.Release()
		return nil, c, hidden(err, document.NotOpen())
	}
	if err := p.auth.Check(ctx, c, r, "/"+d.Path()); err != nil {
		d.Release()
		return nil, c, err
	}
	return d, c, nil
}

// CreatePackage implements weftv1.PackagesServer.
func (p *packages) CreatePackage(ctx context.Context, r *weftv1.CreatePackageRequest) (*weftv1.CreatePackageResponse, error) {
	if _, err := p.mayOn(ctx, auth.WriteFiles, r.GetPath()); err != nil {
		return nil, err
	}
	if err := p.hub.Create(r.GetPath(), r.GetLabel()); err != nil {
		return nil, err
	}
	return &weftv1.CreatePackageResponse{}, nil
}

// request begins a request of a caller by a client's id.
func request(c auth.Caller, client string) (document.Request, error) {
	if client == "" {
		return document.Request{}, missing("client_id")
	}
	if utf8.RuneCountInString(client) > maxClientID {
		return document.Request{}, tooLong("client_id", maxClientID)
	}
	return document.Request{Account: c.Account, Name: c.Name, Client: client}, nil
}

func tooLong(field string, limit int) error {
	return errs.New(errs.Invalid, msgTooLong, errs.P{"field": field, "limit": limit}).At(errs.Place{Setting: field})
}

// SendCommand implements weftv1.PackagesServer.
func (p *packages) SendCommand(ctx context.Context, r *weftv1.SendCommandRequest) (*weftv1.SendCommandResponse, error) {
	d, c, err := p.document(ctx, r.GetDocument(), auth.WriteFiles)
	if err != nil {
		return nil, err
	}
	defer d.Release()
	req, err := request(c, r.GetClientId())
	if err != nil {
		return nil, err
	}
	if len(r.GetCommand()) > maxCommand {
		return nil, tooLong("command", maxCommand)
	}
	if req.Command, err = pack.DecodeCommand([]byte(r.GetCommand())); err != nil {
		return nil, err
	}
	req.Base = r.GetBase()
	a, err := d.Do(ctx, req)
	if err != nil {
		return nil, err
	}
	return &weftv1.SendCommandResponse{Number: a.Number, Nodes: a.Nodes[:min(len(a.Nodes), maxNodes)]}, nil
}

// maxNodes is how many ids of new nodes an answer has.
const maxNodes = 1000

// Undo implements weftv1.PackagesServer.
func (p *packages) Undo(ctx context.Context, r *weftv1.UndoRequest) (*weftv1.UndoResponse, error) {
	a, err := p.step(ctx, r.GetDocument(), r.GetClientId(), (*document.Document).Undo)
	if err != nil {
		return nil, err
	}
	return &weftv1.UndoResponse{Number: a.Number}, nil
}

// Redo implements weftv1.PackagesServer.
func (p *packages) Redo(ctx context.Context, r *weftv1.RedoRequest) (*weftv1.RedoResponse, error) {
	a, err := p.step(ctx, r.GetDocument(), r.GetClientId(), (*document.Document).Redo)
	if err != nil {
		return nil, err
	}
	return &weftv1.RedoResponse{Number: a.Number}, nil
}

// step undoes or does again.
func (p *packages) step(ctx context.Context, id, client string, take func(*document.Document, context.Context, document.Request) (document.Answer, error)) (document.Answer, error) {
	d, c, err := p.document(ctx, id, auth.WriteFiles)
	if err != nil {
		return document.Answer{}, err
	}
	defer d.Release()
	req, err := request(c, client)
	if err != nil {
		return document.Answer{}, err
	}
	return take(d, ctx, req)
}

// SavePackage implements weftv1.PackagesServer.
func (p *packages) SavePackage(ctx context.Context, r *weftv1.SavePackageRequest) (*weftv1.SavePackageResponse, error) {
	right := auth.WriteFiles
	if r.GetPath() != "" {
		right = auth.ReadFiles // it is a copy that is written
	}
	d, c, err := p.document(ctx, r.GetDocument(), right)
	if err != nil {
		return nil, err
	}
	defer d.Release()
	number, err := p.save(ctx, d, c, r)
	if err != nil {
		return nil, err
	}
	return &weftv1.SavePackageResponse{Number: number}, nil
}

func (p *packages) save(ctx context.Context, d *document.Document, c auth.Caller, r *weftv1.SavePackageRequest) (int64, error) {
	switch {
	case r.GetPath() != "":
		if _, err := p.mayOn(ctx, auth.WriteFiles, r.GetPath()); err != nil {
			return 0, err
		}
		return d.SaveAs(r.GetPath(), r.GetOverwrite())
	case r.GetReload():
		req, err := request(c, r.GetClientId())
		if err != nil {
			return 0, err
		}
		a, err := d.Reload(ctx, req)
		return a.Number, err
	default:
		return d.Save(r.GetOverwrite())
	}
}

// SetPresence implements weftv1.PackagesServer.
func (p *packages) SetPresence(ctx context.Context, r *weftv1.SetPresenceRequest) (*weftv1.SetPresenceResponse, error) {
	d, c, err := p.document(ctx, r.GetDocument(), auth.ReadFiles)
	if err != nil {
		return nil, err
	}
	defer d.Release()
	if len(r.GetNodes()) > document.MaxSelected {
		return nil, tooLong("nodes", document.MaxSelected)
	}
	for _, id := range append(r.GetNodes(), r.GetWorkflow()) {
		if len(id) > 255 {
			return nil, tooLong("nodes", 255)
		}
	}
	if err := d.Place(c.Ref(), r.GetWorkflow(), r.GetNodes()); err != nil {
		return nil, err
	}
	return &weftv1.SetPresenceResponse{}, nil
}
