package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
)

// journals saves the journals, each together with its package's file, so that
// the two fit: a Server notes beside the journal what it is about to put into
// the file, and that must be the same before and after.
func (b *backup) journals(ctx context.Context) error {
	if err := b.openTree(); err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Join(b.data, journalsName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return b.failed(journalsName, err)
	}
	defer root.Close()
	seen := map[string]bool{}
	for range copyLooks { // one that moved has another name
		before := len(seen)
		if err := b.eachJournal(ctx, root, seen); err != nil || len(seen) == before {
			return err
		}
	}
	return nil
}

func (b *backup) eachJournal(ctx context.Context, root *os.Root, seen map[string]bool) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return b.failed(journalsName, err)
	}
	for _, e := range entries {
		if !e.IsDir() || seen[e.Name()] {
			continue
		}
		seen[e.Name()] = true
		if err := b.journal(ctx, root, e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// journal saves the journal of a folder, if it is still there and has begun.
func (b *backup) journal(ctx context.Context, root *os.Root, name string) error {
	var damage error
	var last savedJournal
	for range copyTries {
		j, fits, err := b.tryJournal(ctx, root, name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errWriting):
			return errors.Join(b.forget(name), b.drop(last))
		case err != nil:
			return err
		case fits:
			if _, damage = journal.Read(journal.OS{}, filepath.Join(b.draft, journalsName, name)); damage == nil {
				b.keep(j)
				return nil
			}
		default:
			damage = nil
		}
		last = j
		if err := again(ctx); err != nil {
			return err
		}
	}
	if errs.KindOf(damage) == errs.Unreadable && damage != nil {
		b.saved.Damaged = append(b.saved.Damaged, last.path)
		b.keep(last)
		return nil
	}
	return b.failed(path.Join(journalsName, name), errRestless)
}

// savedJournal is a journal with its package's file.
type savedJournal struct {
	path  string
	files []savedFile
	pack  bool // the package's file is the last of them
}

func (b *backup) keep(j savedJournal) {
	b.note(j.files...)
	b.saved.Journals++
	if j.pack {
		b.saved.Files++
	}
}

// forget removes what was copied of a journal that is gone.
func (b *backup) forget(name string) error {
	if err := b.to.RemoveAll(filepath.Join(journalsName, name)); err != nil {
		return b.unwritten(err)
	}
	return nil
}

// drop removes the package's file that came with a journal that is gone. It
// is copied anew if it is still there.
func (b *backup) drop(j savedJournal) error {
	if !j.pack {
		return nil
	}
	if err := b.to.Remove(filepath.FromSlash(j.files[len(j.files)-1].Path)); err != nil {
		return b.unwritten(err)
	}
	return nil
}

// tryJournal copies a journal and the file of its package; false: they may not
// fit, since one was replaced meanwhile. fs.ErrNotExist: there is none.
func (b *backup) tryJournal(ctx context.Context, root *os.Root, name string) (j savedJournal, fits bool, err error) {
	dir, err := root.OpenRoot(name)
	if err != nil {
		return j, false, err
	}
	defer dir.Close()
	if err := b.forget(name); err != nil { // of an earlier try
		return j, false, err
	}
	open, err := openAll(dir, document.JournalFiles())
	defer func() {
		for _, f := range open {
			err = errors.Join(err, closed(f))
		}
	}()
	switch {
	case err != nil:
		return j, false, b.failed(path.Join(journalsName, name), err)
	case open[0] == nil: // cut before it began
		return j, false, fs.ErrNotExist
	}
	// Once all are open and each is still the one of its name, they fit, whatever
	// takes their places then.
	if !allStill(dir, document.JournalFiles(), open) {
		return j, false, nil
	}
	if err := b.copyJournal(ctx, &j, name, open); err != nil {
		return j, false, err
	}
	return j, allStill(dir, document.JournalFiles()[:1], open), nil
}

func (b *backup) copyJournal(ctx context.Context, j *savedJournal, name string, open []*os.File) error {
	for i, f := range open {
		if f == nil {
			continue
		}
		at := path.Join(journalsName, name, document.JournalFiles()[i])
		info, err := f.Stat()
		if err != nil {
			return b.failed(at, err)
		}
		// No more than it has now: what is behind may be half written.
		saved, err := copyInto(ctx, b.to, at, io.NewSectionReader(f, 0, info.Size()), info.ModTime())
		if err != nil {
			return b.failed(at, err)
		}
		j.files = append(j.files, saved)
	}
	return b.copyPackage(ctx, j, filepath.Join(b.draft, journalsName, name, document.JournalFiles()[0]))
}

// copyPackage copies the file that a journal is of, where it has one.
func (b *backup) copyPackage(ctx context.Context, j *savedJournal, noted string) error {
	content, err := os.ReadFile(noted)
	if err == nil {
		j.path, err = document.JournalPath(content)
	}
	if err != nil || b.tree == nil {
		return nil // it is damaged there: the Server tells it when it is opened
	}
	if e, err := b.tree.Stat(j.path); err != nil || e.Folder || b.done[workspaceName+"/"+j.path] {
		return nil
	}
	f, there, err := b.copyFile(ctx, j.path)
	if there {
		j.files, j.pack = append(j.files, f), true
	}
	return err
}

// openAll opens files of a folder, in order; nil: it is not there.
func openAll(dir *os.Root, names []string) ([]*os.File, error) {
	var out []*os.File
	for _, name := range names {
		f, err := dir.Open(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return out, err
		}
		out = append(out, f)
	}
	return out, nil
}

func closed(f *os.File) error {
	if f == nil {
		return nil
	}
	return f.Close()
}

// allStill says whether the files of a folder are those that are open. While
// they are, no other file can look like one of them.
func allStill(dir *os.Root, names []string, open []*os.File) bool {
	for i, name := range names {
		now, err := dir.Lstat(name)
		if open[i] == nil {
			if !errors.Is(err, fs.ErrNotExist) {
				return false
			}
			continue
		}
		was, wrong := open[i].Stat()
		if err != nil || wrong != nil || !os.SameFile(was, now) {
			return false
		}
	}
	return true
}
