package workspace

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// Quota bounds a workspace: a top folder of the tree. 0: no bound.
type Quota struct {
	Bytes int64
	Files int64 // folders count too
}

// DefaultQuota is 50 GiB and 100,000 files.
func DefaultQuota() Quota { return Quota{Bytes: 50 << 30, Files: 100_000} }

var (
	errQuotaBytes = errs.Message{
		ID: "workspace.quota_bytes",
		En: "The folder {folder} holds {used} MiB; with this it would be over its limit of {limit} MiB. Remove something first.",
		Ru: "В папке {folder} {used} МиБ; с этим файлом её предел, {limit} МиБ, будет превышен. Сначала удалите лишнее.",
	}
	errQuotaFiles = errs.Message{
		ID: "workspace.quota_files",
		En: "The folder {folder} holds {limit} files already, which is its limit. Remove some first.",
		Ru: "В папке {folder} уже {limit} файлов, это её предел. Сначала удалите лишние.",
	}
)

// counted is how long a count of a workspace holds: runs and editors write
// there too.
const counted = 10 * time.Second

// usage remembers what workspaces hold, by the names of their folders.
type usage struct {
	mu  sync.Mutex
	top map[string]held
}

type held struct {
	bytes, files int64
	at           time.Time
}

// add brings the count of a path's workspace up to date, if there is one.
func (u *usage) add(name string, bytes, files int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	top, _, _ := strings.Cut(name, "/")
	if h, ok := u.top[top]; ok {
		h.bytes, h.files = h.bytes+bytes, h.files+files
		u.top[top] = h
	}
}

// forget drops the counts of the workspaces that these paths lie in.
func (u *usage) forget(names ...string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, n := range names {
		top, _, _ := strings.Cut(n, "/")
		delete(u.top, top)
	}
}

// Room says whether the workspace that a path lies in may hold so many more
// bytes and files, for whoever puts files there by another way.
func (t *Tree) Room(name string, bytes, files int64) error { return t.room(name, bytes, files) }

// room says whether a workspace may hold so much more.
func (t *Tree) room(name string, bytes, files int64) error {
	top, _, _ := strings.Cut(name, "/")
	if t.quota == (Quota{}) || top == name {
		return nil
	}
	h, err := t.held(top)
	switch {
	case err != nil:
		return err
	case t.quota.Bytes > 0 && h.bytes+bytes > t.quota.Bytes:
		return errs.New(errs.Exhausted, errQuotaBytes, errs.P{"folder": top, "used": h.bytes >> 20, "limit": t.quota.Bytes >> 20})
	case t.quota.Files > 0 && h.files+files > t.quota.Files:
		return errs.New(errs.Exhausted, errQuotaFiles, errs.P{"folder": top, "limit": t.quota.Files})
	}
	return nil
}

// held counts what a workspace holds, or takes a count that is not old.
func (t *Tree) held(top string) (held, error) {
	t.usage.mu.Lock()
	defer t.usage.mu.Unlock()
	if h, ok := t.usage.top[top]; ok && time.Since(h.at) < counted {
		return h, nil
	}
	h := held{at: time.Now()}
	err := fs.WalkDir(t.root.FS(), path.Clean(top), func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		h.files++
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			h.bytes += info.Size()
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return h, readError(top, err)
	}
	if t.usage.top == nil {
		t.usage.top = map[string]held{}
	}
	t.usage.top[top] = h
	return h, nil
}
