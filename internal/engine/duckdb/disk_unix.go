//go:build unix

package duckdb

import "golang.org/x/sys/unix"

// freeDisk is the free space, in bytes, of the disk that holds dir.
func freeDisk(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil //nolint:unconvert // Bsize has another type on macOS
}
