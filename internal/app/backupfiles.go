package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/workspace"
)

// How often something that changes while it is copied is copied again, and
// after how long; and how often it is looked for what has come, or moved,
// meanwhile.
const (
	copyTries = 20
	copyWait  = 50 * time.Millisecond
	copyLooks = 5
)

// errRestless is the reason of what could not be copied in so many tries.
var errRestless = errors.New("it changes all the time")

// again waits before something is copied once more.
func again(ctx context.Context) error {
	select {
	case <-time.After(copyWait):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// openTree opens the tree of files; nil: there is none yet.
func (b *backup) openTree() (err error) {
	dir := filepath.Join(b.data, workspaceName)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b.tree, err = workspace.OpenTree(dir, workspace.Quota{})
	return err
}

// workspace saves the files that no journal came with, and looks again for
// those that were moved meanwhile to where it had been already.
func (b *backup) workspace(ctx context.Context) error {
	if b.tree == nil {
		return nil
	}
	for range copyLooks {
		before := len(b.done)
		if err := b.folder(ctx, ""); err != nil {
			return err
		}
		if len(b.done) == before {
			break
		}
	}
	return nil
}

func (b *backup) folder(ctx context.Context, name string) error {
	list, _, err := b.tree.List(name, "", math.MaxInt)
	if err != nil {
		if name != "" && errs.KindOf(err) == errs.NotFound {
			return nil // it is gone by now
		}
		return b.failed(filepath.Join(workspaceName, name), err)
	}
	if name != "" && !b.done[workspaceName+"/"+name] {
		if err := b.to.MkdirAll(filepath.Join(workspaceName, filepath.FromSlash(name)), 0o700); err != nil {
			return b.unwritten(err)
		}
		b.done[workspaceName+"/"+name] = true
		b.list.Folders = append(b.list.Folders, workspaceName+"/"+name)
	}
	for _, e := range list {
		switch {
		case e.Folder:
			err = b.folder(ctx, e.Path)
		case !b.done[workspaceName+"/"+e.Path]:
			err = b.file(ctx, e.Path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// file saves a file of the tree, if it is still there.
func (b *backup) file(ctx context.Context, name string) error {
	f, there, err := b.copyFile(ctx, name)
	if err == nil && there {
		b.note(f)
		b.saved.Files++
	}
	return err
}

// copyFile copies a file of the tree as it is at one moment; false: it is gone.
func (b *backup) copyFile(ctx context.Context, name string) (savedFile, bool, error) {
	at := workspaceName + "/" + name
	for range copyTries {
		f, whole, err := b.tryFile(ctx, name)
		switch {
		case errs.KindOf(err) == errs.NotFound:
			_ = b.to.Remove(filepath.FromSlash(at)) // of an earlier try
			return savedFile{}, false, nil
		case err != nil && ctx.Err() != nil:
			return savedFile{}, false, context.Cause(ctx)
		case err != nil:
			return savedFile{}, false, b.failed(at, err)
		case whole:
			return f, true, nil
		}
		if err := again(ctx); err != nil {
			return savedFile{}, false, err
		}
	}
	return savedFile{}, false, b.failed(at, errRestless)
}

// tryFile copies a file; false: somebody wrote to it meanwhile. One that was
// replaced by another is whole as it was.
func (b *backup) tryFile(ctx context.Context, name string) (savedFile, bool, error) {
	from, e, err := b.tree.Open(name)
	if err != nil {
		return savedFile{}, false, err
	}
	defer from.Close()
	// No more than it had: it may grow faster than it is copied.
	f, err := copyInto(ctx, b.to, workspaceName+"/"+name, io.LimitReader(from, e.Size), e.Modified)
	if err != nil {
		return savedFile{}, false, err
	}
	now, err := from.Stat()
	if err != nil {
		return savedFile{}, false, err
	}
	return f, f.Size == e.Size && now.Size() == e.Size && now.ModTime().Equal(e.Modified), nil
}
