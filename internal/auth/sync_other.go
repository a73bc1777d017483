//go:build !unix

package auth

// syncDir does nothing: here a folder cannot be synced, and the file system's
// own log keeps its names.
func syncDir(string) error { return nil }
