package workspace

// nonblock has no meaning on Windows.
const nonblock = 0

// syncDir does nothing: Windows has no fsync of folders; NTFS journals names.
func (w *Workspace) syncDir(string) error { return nil }
