package run

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// folderPrefix begins the names of the folders of sessions.
const folderPrefix = "weft-run-"

// lockName is the file in a session's folder that its process holds a lock on
// for as long as it lives.
const lockName = "lock"

// abandonedAfter is the age from which a lock that nobody holds is of a process that
// is gone: a younger one may be about to be taken.
const abandonedAfter = time.Minute

// folder is a session's own folder.
type folder struct {
	dir  string
	lock *os.File
}

// makeFolder makes a session's folder in temp ("": the system's), and removes
// those of processes that were killed and could not.
func makeFolder(temp string) (*folder, error) {
	if temp == "" {
		temp = os.TempDir()
	}
	sweep(temp)
	dir, err := os.MkdirTemp(temp, folderPrefix)
	if err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = TryLock(lock)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return &folder{dir: dir, lock: lock}, nil
}

// sweep removes folders whose lock nobody holds any more.
func sweep(temp string) {
	entries, err := os.ReadDir(temp)
	if err != nil {
		return // what is left there stays there
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), folderPrefix) {
			continue
		}
		dir := filepath.Join(temp, e.Name())
		lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
		if err != nil {
			continue // being made at this moment, or somebody else's
		}
		if info, err := lock.Stat(); err == nil && time.Since(info.ModTime()) > abandonedAfter && TryLock(lock) == nil {
			os.RemoveAll(dir)
		}
		lock.Close()
	}
}

// remove removes the folder with all that is in it.
func (f *folder) remove() error {
	f.lock.Close()
	return os.RemoveAll(f.dir)
}
