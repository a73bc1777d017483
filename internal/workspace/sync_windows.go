package workspace

// syncDir does nothing: Windows has no fsync of folders; NTFS journals names.
func (w *Workspace) syncDir(string) error { return nil }
