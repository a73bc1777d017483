package journal

// SyncDir implements FS. Windows has no fsync of folders; NTFS journals names.
func (OS) SyncDir(string) error { return nil }
