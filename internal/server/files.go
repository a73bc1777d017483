package server

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/workspace"
)

// Documents hears what becomes of files that somebody may have open.
type Documents interface {
	// Flush writes what is not in the files yet, at a path and below it.
	Flush(ctx context.Context, path string) error
	// Moved lets the documents of a file, or of all files in a folder, follow.
	Moved(ctx context.Context, from, to string) error
	// Removed says that somebody, by his name, has deleted a file or folder.
	Removed(ctx context.Context, path, by string) error
}

// FilesOptions are what the Files service works on.
type FilesOptions struct {
	Auth      *auth.Auth
	Tree      *workspace.Tree
	Uploads   *workspace.Uploads
	Documents Documents
	Room      func() error // says why nothing new is written, since the disk has so little room; nil: it always is
}

// files implements the Files service.
type files struct {
	weftv1.UnimplementedFilesServer
	access
	tree      *workspace.Tree
	uploads   *workspace.Uploads
	documents Documents
	room      func() error
}

// NewFiles makes the Files service.
func NewFiles(o FilesOptions) weftv1.FilesServer {
	if o.Room == nil {
		o.Room = func() error { return nil }
	}
	return &files{access: access{o.Auth}, tree: o.Tree, uploads: o.Uploads, documents: o.Documents, room: o.Room}
}

// maxList is how many entries one answer has.
const maxList = 1000

// piece is the payload of one message of a download in bytes.
const piece = 256 << 10

// mayIn asks for a right on a path that is a name. The root itself has nothing
// to hide.
func (f *files) mayIn(ctx context.Context, r auth.Right, name string) (auth.Caller, error) {
	if err := workspace.CheckName(name); err != nil {
		return auth.Caller{}, err
	}
	return f.may(ctx, r, name)
}

// ListFiles implements weftv1.FilesServer.
func (f *files) ListFiles(ctx context.Context, r *weftv1.ListFilesRequest) (*weftv1.ListFilesResponse, error) {
	c, err := f.mayList(ctx, r.GetPath())
	if err != nil {
		return nil, err
	}
	limit := maxList
	if n := r.GetLimit(); n > 0 {
		limit = int(min(n, maxList))
	}
	out := &weftv1.ListFilesResponse{Writable: f.auth.Check(ctx, c, auth.WriteFiles, "/"+r.GetPath()) == nil}
	after := r.GetAfter()
	for {
		list, more, err := f.tree.List(r.GetPath(), after, limit)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			after = path.Base(e.Path)
			shown, err := f.shows(ctx, c, e)
			if err != nil {
				return nil, err
			}
			if shown {
				out.Files = append(out.Files, f.listed(e))
			}
			if len(out.GetFiles()) == limit {
				out.More = more || e.Path != list[len(list)-1].Path
				return out, nil
			}
		}
		if !more {
			return out, nil
		}
	}
}

// listed describes an entry of a folder; a package with its label.
func (f *files) listed(e workspace.Entry) *weftv1.FileInfo {
	info := wireFile(e)
	if e.Folder || !strings.EqualFold(path.Ext(e.Path), document.Extension) {
		return info
	}
	in, _, err := f.tree.Open(e.Path)
	if err != nil {
		return info // it is gone by now, or nobody's to open; whoever opens it is told
	}
	defer in.Close()
	head := make([]byte, pack.HeadBytes)
	n, _ := io.ReadFull(in, head)
	info.Label = pack.HeadLabel(head[:n])
	return info
}

// mayList says whether the caller may list a folder: the root everybody may,
// who then sees the folders that are open to him.
func (f *files) mayList(ctx context.Context, folder string) (auth.Caller, error) {
	if folder != "" {
		return f.mayIn(ctx, auth.ReadFiles, folder)
	}
	return f.may(ctx, auth.OwnSession, "")
}

// shows says whether a caller sees an entry of a folder that he may list. A
// folder may be shut by a grant of its own; in the root nothing else is shown.
func (f *files) shows(ctx context.Context, c auth.Caller, e workspace.Entry) (bool, error) {
	if !e.Folder {
		return strings.Contains(e.Path, "/"), nil
	}
	rights, err := f.auth.FolderRights(ctx, c, "/"+e.Path)
	return rights&store.Read != 0, err
}

// StatFile implements weftv1.FilesServer.
func (f *files) StatFile(ctx context.Context, r *weftv1.StatFileRequest) (*weftv1.StatFileResponse, error) {
	if _, err := f.mayIn(ctx, auth.ReadFiles, r.GetPath()); err != nil {
		return nil, err
	}
	e, err := f.tree.Stat(r.GetPath())
	if err != nil {
		return nil, err
	}
	return &weftv1.StatFileResponse{File: wireFile(e)}, nil
}

var (
	msgOffset = errs.Message{
		ID: "server.bad_offset",
		En: "{path} has {size} bytes, so there is nothing at {offset}.",
		Ru: "В {path} {size} байт, поэтому с {offset} читать нечего.",
	}
	msgChanged = errs.Message{
		ID: "server.file_changed",
		En: "{path} has changed meanwhile. Download it from the beginning.",
		Ru: "Файл {path} за это время изменился. Скачайте его с начала.",
	}
)

// DownloadFile implements weftv1.FilesServer.
func (f *files) DownloadFile(r *weftv1.DownloadFileRequest, s grpc.ServerStreamingServer[weftv1.DownloadFileResponse]) error {
	if _, err := f.mayIn(s.Context(), auth.ReadFiles, r.GetPath()); err != nil {
		return err
	}
	in, e, err := f.tree.Open(r.GetPath())
	if err != nil {
		return err
	}
	defer in.Close()
	changed := errs.New(errs.Conflict, msgChanged, errs.P{"path": e.Path})
	switch {
	case r.GetFingerprint() != "" && r.GetFingerprint() != e.Fingerprint:
		return changed
	case r.GetOffset() < 0 || r.GetOffset() > e.Size:
		return errs.New(errs.Invalid, msgOffset, errs.P{"path": e.Path, "size": e.Size, "offset": r.GetOffset()})
	}
	if err := s.Send(&weftv1.DownloadFileResponse{Part: &weftv1.DownloadFileResponse_File{File: wireFile(e)}}); err != nil {
		return err
	}
	return send(s, io.NewSectionReader(in, r.GetOffset(), e.Size-r.GetOffset()), changed)
}

// send sends a file in pieces. One that ends early was changed under way.
func send(s grpc.ServerStreamingServer[weftv1.DownloadFileResponse], in *io.SectionReader, changed error) error {
	for left := in.Size(); left > 0; {
		data := make([]byte, min(left, piece)) // sent messages are not to be written over
		n, err := io.ReadFull(in, data)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return changed
		} else if err != nil {
			return err
		}
		if err := s.Send(&weftv1.DownloadFileResponse{Part: &weftv1.DownloadFileResponse_Data{Data: data}}); err != nil {
			return err
		}
		left -= int64(n)
	}
	return nil
}

func wireFile(e workspace.Entry) *weftv1.FileInfo {
	return &weftv1.FileInfo{Path: e.Path, Folder: e.Folder, Size: e.Size, Modified: timestamp(e.Modified), Fingerprint: e.Fingerprint}
}
