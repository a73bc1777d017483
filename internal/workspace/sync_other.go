//go:build !windows

package workspace

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
