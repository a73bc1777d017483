package server

import (
	"context"
	"path"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/workspace"
)

// mayChange says whether the caller may add, move or remove a name: that
// changes the folder that it stands in, and what it names.
func (f *files) mayChange(ctx context.Context, name string) error {
	if _, err := f.mayIn(ctx, auth.WriteFiles, name); err != nil {
		return err
	}
	folder := path.Dir(name)
	if folder == "." {
		folder = ""
	}
	_, err := f.may(ctx, auth.WriteFiles, folder)
	return err
}

// mayChangeAll is mayChange for a name with all that is below it: a folder
// further down may be shut to the caller.
func (f *files) mayChangeAll(ctx context.Context, name string) error {
	if err := f.mayChange(ctx, name); err != nil {
		return err
	}
	e, err := f.tree.Stat(name)
	if err != nil || !e.Folder {
		return err
	}
	below, err := f.tree.Folders(name)
	if err != nil {
		return err
	}
	c, err := f.caller(ctx)
	if err != nil {
		return err
	}
	for _, folder := range below {
		if err := f.auth.Check(ctx, c, auth.WriteFiles, "/"+folder); err != nil {
			return err
		}
	}
	return nil
}

// RenameFile implements weftv1.FilesServer.
func (f *files) RenameFile(ctx context.Context, r *weftv1.RenameFileRequest) (*weftv1.RenameFileResponse, error) {
	from, to := r.GetFrom(), r.GetTo()
	if err := f.mayChangeAll(ctx, from); err != nil {
		return nil, err
	}
	if err := f.mayChange(ctx, to); err != nil {
		return nil, err
	}
	if f.documents != nil {
		if err := f.documents.Flush(ctx, from); err != nil {
			return nil, err
		}
	}
	e, err := f.tree.Rename(from, to)
	if err != nil {
		return nil, err
	}
	if e.Folder {
		if err := f.auth.Moved(ctx, "/"+from, "/"+to); err != nil {
			return nil, err
		}
	}
	if f.documents != nil {
		if err := f.documents.Moved(ctx, from, to); err != nil {
			return nil, err
		}
	}
	return &weftv1.RenameFileResponse{File: wireFile(e)}, nil
}

// DeleteFile implements weftv1.FilesServer.
func (f *files) DeleteFile(ctx context.Context, r *weftv1.DeleteFileRequest) (*weftv1.DeleteFileResponse, error) {
	name := r.GetPath()
	if err := f.mayChangeAll(ctx, name); err != nil {
		return nil, err
	}
	if err := f.tree.Remove(name, r.GetRecursive()); err != nil {
		return nil, err
	}
	if err := f.auth.Removed(ctx, "/"+name); err != nil {
		return nil, err
	}
	if f.documents != nil {
		c, err := f.caller(ctx)
		if err != nil {
			return nil, err
		}
		if err := f.documents.Removed(ctx, name, c.Name); err != nil {
			return nil, err
		}
	}
	return &weftv1.DeleteFileResponse{}, nil
}

// MakeFolder implements weftv1.FilesServer.
func (f *files) MakeFolder(ctx context.Context, r *weftv1.MakeFolderRequest) (*weftv1.MakeFolderResponse, error) {
	if err := f.mayChange(ctx, r.GetPath()); err != nil {
		return nil, err
	}
	if err := f.room(); err != nil {
		return nil, err
	}
	e, err := f.tree.MakeFolder(r.GetPath())
	if err != nil {
		return nil, err
	}
	return &weftv1.MakeFolderResponse{File: wireFile(e)}, nil
}

// BeginUpload implements weftv1.FilesServer.
func (f *files) BeginUpload(ctx context.Context, r *weftv1.BeginUploadRequest) (*weftv1.BeginUploadResponse, error) {
	if err := f.mayChange(ctx, r.GetPath()); err != nil {
		return nil, err
	}
	c, err := f.caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.room(); err != nil {
		return nil, err
	}
	u, err := f.uploads.Begin(workspace.Upload{
		Owner: c.Account, Client: r.GetClientId(), Path: r.GetPath(), Size: r.GetSize(), Replace: r.GetOverwrite(),
	})
	if err != nil {
		return nil, err
	}
	return &weftv1.BeginUploadResponse{Upload: u.ID, Offset: u.Offset}, nil
}
