//go:build !windows

package workspace

import "syscall"

// nonblock opens what could block without waiting for it.
const nonblock = syscall.O_NONBLOCK

// syncDir makes the names in a folder durable.
func (w *Workspace) syncDir(name string) error {
	d, err := w.root.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}
