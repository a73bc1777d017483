package server

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/workspace"
)

var msgPiece = errs.Message{
	ID: "server.piece_too_large",
	En: "A piece of an upload has at most {limit} bytes.",
	Ru: "Часть загрузки не может быть больше {limit} байт.",
}

// owned finds an upload of the caller, who must still have the right to write
// where it goes.
func (f *files) owned(ctx context.Context, id string) (workspace.Upload, error) {
	c, err := f.caller(ctx)
	if err != nil {
		return workspace.Upload{}, err
	}
	u, err := f.uploads.Get(c.Account, id)
	if err != nil {
		return u, err
	}
	return u, f.auth.Check(ctx, c, auth.WriteFiles, "/"+u.Path)
}

// AppendUpload implements weftv1.FilesServer.
func (f *files) AppendUpload(s grpc.ClientStreamingServer[weftv1.AppendUploadRequest, weftv1.AppendUploadResponse]) error {
	var u workspace.Upload
	for {
		m, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return s.SendAndClose(&weftv1.AppendUploadResponse{Offset: u.Offset})
		}
		if err != nil {
			return err
		}
		if u.ID == "" || m.GetUpload() != u.ID {
			if u, err = f.owned(s.Context(), m.GetUpload()); err != nil {
				return err
			}
		}
		if len(m.GetData()) > piece {
			return errs.New(errs.Invalid, msgPiece, errs.P{"limit": piece})
		}
		if err := f.room(); err != nil {
			return err
		}
		if u.Offset, err = f.uploads.Append(u.Owner, u.ID, m.GetOffset(), m.GetData()); err != nil {
			return err
		}
	}
}

// GetUpload implements weftv1.FilesServer.
func (f *files) GetUpload(ctx context.Context, r *weftv1.GetUploadRequest) (*weftv1.GetUploadResponse, error) {
	u, err := f.owned(ctx, r.GetUpload())
	if err != nil {
		return nil, err
	}
	return &weftv1.GetUploadResponse{Offset: u.Offset, Size: u.Size}, nil
}

var msgSum = errs.Message{
	ID: "server.bad_sha256",
	En: "A SHA-256 has 32 bytes.",
	Ru: "SHA-256 занимает 32 байта.",
}

// CommitUpload implements weftv1.FilesServer.
func (f *files) CommitUpload(ctx context.Context, r *weftv1.CommitUploadRequest) (*weftv1.CommitUploadResponse, error) {
	if n := len(r.GetSha256()); n != 0 && n != 32 {
		return nil, errs.New(errs.Invalid, msgSum, nil)
	}
	u, err := f.owned(ctx, r.GetUpload())
	if err != nil {
		return nil, err
	}
	if err := f.mayChange(ctx, u.Path); err != nil {
		return nil, err
	}
	e, err := f.uploads.Commit(u.Owner, u.ID, r.GetSha256())
	if err != nil {
		return nil, err
	}
	return &weftv1.CommitUploadResponse{File: wireFile(e)}, nil
}

// AbortUpload implements weftv1.FilesServer.
func (f *files) AbortUpload(ctx context.Context, r *weftv1.AbortUploadRequest) (*weftv1.AbortUploadResponse, error) {
	c, err := f.caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.uploads.Abort(c.Account, r.GetUpload()); err != nil {
		return nil, err
	}
	return &weftv1.AbortUploadResponse{}, nil
}
