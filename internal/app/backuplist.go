package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
)

// backupFormat is the latest format of backups that this program knows.
const backupFormat = 1

// listName is the file that says what a backup holds. It is written last.
const listName = "backup.json"

// backupList is what a backup holds.
type backupList struct {
	Format  int         `json:"format"`
	Weft    string      `json:"weft"` // version of the program
	Made    time.Time   `json:"made"`
	Folders []string    `json:"folders"` // of people, in which there may be nothing
	Files   []savedFile `json:"files"`
}

// savedFile is a file of a backup. Its path is with slashes.
type savedFile struct {
	Path     string    `json:"path"`
	Size     int64     `json:"size"`
	SHA256   string    `json:"sha256"`
	Modified time.Time `json:"modified"`
}

func newBackupList(version string) backupList {
	return backupList{Format: backupFormat, Weft: version, Made: time.Now().UTC().Truncate(time.Second), Folders: []string{}}
}

func (l *backupList) write(to *os.Root) error {
	text, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return err
	}
	_, err = copyInto(context.Background(), to, listName, bytes.NewReader(text), l.Made)
	return err
}

// errWriting is in errors of the side that is written to.
var errWriting = errors.New("write the copy")

// copyInto writes a file that is on the disk when it returns, for the owner
// alone, with its folders.
func copyInto(ctx context.Context, to *os.Root, name string, from io.Reader, modified time.Time) (savedFile, error) {
	wrong := func(err error) (savedFile, error) {
		return savedFile{}, fmt.Errorf("%w: %w", errWriting, err)
	}
	local := filepath.FromSlash(name)
	if err := to.MkdirAll(filepath.Dir(local), 0o700); err != nil {
		return wrong(err)
	}
	f, err := to.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return wrong(err)
	}
	source, sum := &readSide{ctx: ctx, from: from}, sha256.New()
	size, err := io.Copy(io.MultiWriter(f, sum), source)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); source.err != nil {
		return savedFile{}, source.err
	}
	if err == nil {
		err = to.Chtimes(local, modified, modified)
	}
	if err != nil {
		return wrong(err)
	}
	return savedFile{Path: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil)), Modified: modified.UTC()}, nil
}

// readSide remembers why reading failed, or that nobody wants it any more.
type readSide struct {
	ctx  context.Context
	from io.Reader
	err  error
}

// Read implements io.Reader.
func (r *readSide) Read(b []byte) (int, error) {
	if r.ctx.Err() != nil {
		r.err = context.Cause(r.ctx)
		return 0, r.err
	}
	n, err := r.from.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// sumOf notes a file that is there.
func sumOf(root *os.Root, name string) (savedFile, error) {
	f, err := root.Open(name)
	if err != nil {
		return savedFile{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return savedFile{}, err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	return savedFile{Path: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil)), Modified: info.ModTime().UTC()}, err
}

// syncFolders makes the names in a folder and all below it durable.
func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return journal.OS{}.SyncDir(path)
	})
}

// isSaved says whether a path may be one of a backup's.
func isSaved(name string) bool {
	if !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) {
		return false
	}
	top, _, below := strings.Cut(name, "/")
	if below {
		return top == journalsName || top == workspaceName
	}
	return name == storeName
}

func reasonOf(err error) errs.Words {
	switch {
	case errors.Is(err, errRestless):
		return words("it changes all the time", "он всё время меняется")
	case errors.Is(err, fs.ErrNotExist):
		return words("there is no such folder", "такого каталога нет")
	case errs.KindOf(err) == errs.Unreadable:
		return words("it cannot be read", "он не читается")
	}
	return folderReason(err)
}
