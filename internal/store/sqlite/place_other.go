//go:build !linux

package sqlite

// networkFileSystem is known on Linux alone, where Servers run.
func networkFileSystem(string) (string, error) { return "", nil }
