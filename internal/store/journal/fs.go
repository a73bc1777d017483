package journal

import (
	"io"
	"os"
	"path/filepath"
)

// FS is what the journal needs of a file system. Tests put one below that
// fails and loses power.
type FS interface {
	// Open opens a file by os.O_* flags.
	Open(name string, flag int) (File, error)
	Rename(from, to string) error
	// Remove removes a file; one that is not there is no error.
	Remove(name string) error
	// MakeDir makes a folder for the owner alone, and its parents.
	MakeDir(name string) error
	// SyncDir makes the names in a folder durable.
	SyncDir(name string) error
}

// File is an open file.
type File interface {
	io.Reader
	io.Writer
	io.Closer
	Sync() error
}

// OS is the file system of the machine.
type OS struct{}

// Open implements FS. New files are the owner's alone.
func (OS) Open(name string, flag int) (File, error) {
	f, err := os.OpenFile(name, flag, 0o600)
	if err != nil {
		return nil, err // not f: a nil *os.File is no nil File
	}
	return f, nil
}

// Rename implements FS.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements FS.
func (OS) Remove(name string) error {
	if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// MakeDir implements FS, with the parents' names durable.
func (o OS) MakeDir(name string) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	parent := filepath.Dir(name)
	if err := o.MakeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(name, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	return o.SyncDir(parent)
}
