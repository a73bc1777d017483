package workspace

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// Tree is the one tree of folders of a Server, as people see it: regular files
// and folders, and nothing else. No link is followed anywhere in it, not even
// one that stays inside. Paths are as on the wire: relative to the root, with
// slashes, and "" is the root.
type Tree struct {
	root  *os.Root
	quota Quota
	// changes is held by whatever adds names, so that of two names that are
	// one after folding, only one comes in.
	changes sync.Mutex
	usage   usage
}

// Entry is a file or folder of a tree.
type Entry struct {
	Path        string
	Folder      bool
	Size        int64 // bytes; 0 for a folder
	Modified    time.Time
	Fingerprint string // changes when the content does
}

// private begins the names of files that Weft is writing.
const private = ".weft-"

var (
	errNotThere = errs.Message{
		ID: "workspace.not_there",
		En: "There is no file or folder {path}.",
		Ru: "Файла или папки {path} нет.",
	}
	errNotFolder = errs.Message{
		ID: "workspace.not_folder",
		En: "{path} is not a folder.",
		Ru: "{path} — не папка.",
	}
)

// OpenTree opens the tree at dir, which is made if it is not there.
func OpenTree(dir string, q Quota) (*Tree, error) {
	err := os.MkdirAll(dir, 0o700)
	var root *os.Root
	if err == nil {
		root, err = os.OpenRoot(dir)
	}
	if err != nil {
		return nil, errs.New(kindOf(err), errOpen, errs.P{"path": dir}).Because(err)
	}
	return &Tree{root: root, quota: q}, nil
}

// Close closes the tree.
func (t *Tree) Close() error { return t.root.Close() }

// Stat tells about one file or folder. errs.NotFound, errs.Invalid (the path),
// errs.Unreadable (it is neither file nor folder).
func (t *Tree) Stat(name string) (Entry, error) {
	if name == "" {
		return Entry{Folder: true}, nil
	}
	dir, base, err := t.parent(name)
	if err != nil {
		return Entry{}, err
	}
	defer dir.Close()
	info, err := dir.Lstat(base)
	if err != nil {
		return Entry{}, readError(name, err)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return Entry{}, errs.New(errs.Unreadable, errNotRegular, errs.P{"path": name})
	}
	return entryOf(name, info), nil
}

// List lists at most limit entries of a folder, by name, after the given name,
// and says whether there are more.
func (t *Tree) List(folder, after string, limit int) (list []Entry, more bool, err error) {
	dir, err := t.folder(folder)
	if err != nil {
		return nil, false, err
	}
	defer dir.Close()
	all, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return nil, false, readError(folder, err)
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	for _, e := range all {
		if e.Name() <= after || !seen(e) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // it is gone by now
		}
		if len(list) == limit {
			return list, true, nil
		}
		list = append(list, entryOf(path.Join(folder, e.Name()), info))
	}
	return list, false, nil
}

// seen tells whether an entry of the disk is one of the tree.
func seen(e fs.DirEntry) bool {
	return (e.IsDir() || e.Type().IsRegular()) && !strings.HasPrefix(e.Name(), private) && badName(e.Name()).En == ""
}

// Open opens a file for reading. Whatever stands there, it does not block, and
// a hard link to somebody else's file is refused.
func (t *Tree) Open(name string) (*os.File, Entry, error) {
	dir, base, err := t.parent(name)
	if err != nil {
		return nil, Entry{}, err
	}
	defer dir.Close()
	info, err := dir.Lstat(base)
	if err != nil {
		return nil, Entry{}, readError(name, err)
	}
	if !info.Mode().IsRegular() || foreign(info) {
		return nil, Entry{}, errs.New(errs.Unreadable, errNotRegular, errs.P{"path": name})
	}
	f, err := dir.OpenFile(base, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, Entry{}, readError(name, err)
	}
	now, err := f.Stat()
	if err != nil || !os.SameFile(info, now) {
		return nil, Entry{}, errors.Join(errs.New(errs.Unreadable, errUnreadable, errs.P{"path": name}).Because(err), f.Close())
	}
	return f, entryOf(name, now), nil
}

// folder opens a folder of the tree, one part after another, and makes sure
// that each is what it was when it was looked at: no link.
func (t *Tree) folder(name string) (*os.Root, error) {
	if name != "" {
		if err := CheckName(name); err != nil {
			return nil, err
		}
	}
	at, err := t.root.OpenRoot(".")
	if err != nil {
		return nil, readError(name, err)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" {
			break // of the root's own name
		}
		next, err := step(at, part)
		at.Close()
		if err != nil {
			return nil, readError(name, err)
		}
		at = next
	}
	return at, nil
}

var errLink = errors.New("it is no folder")

func step(at *os.Root, part string) (*os.Root, error) {
	info, err := at.Lstat(part)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errLink
	}
	next, err := at.OpenRoot(part)
	if err != nil {
		return nil, err
	}
	now, err := next.Stat(".")
	if err != nil || !os.SameFile(info, now) {
		return nil, errors.Join(errLink, err, next.Close())
	}
	return next, nil
}

// parent opens the folder that a name stands in.
func (t *Tree) parent(name string) (dir *os.Root, base string, err error) {
	if err := CheckName(name); err != nil {
		return nil, "", err
	}
	folder, base := path.Split(name)
	dir, err = t.folder(strings.TrimSuffix(folder, "/"))
	return dir, base, err
}

func readError(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.NotFound, errNotThere, errs.P{"path": name})
	case errors.Is(err, errLink):
		return errs.New(errs.NotFound, errNotFolder, errs.P{"path": name})
	}
	return errs.New(errs.Unreadable, errUnreadable, errs.P{"path": name}).Because(err)
}

func entryOf(name string, info fs.FileInfo) Entry {
	e := Entry{Path: name, Folder: info.IsDir(), Modified: info.ModTime()}
	if !e.Folder {
		e.Size = info.Size()
		e.Fingerprint = strconv.FormatInt(e.Size, 36) + "-" + strconv.FormatInt(e.Modified.UnixNano(), 36) + identity(info)
	}
	return e
}
