//go:build unix

package app

import "golang.org/x/sys/unix"

// full tells whether the disk of a folder has less than 1 % and less than
// 256 MiB left for us.
func full(dir string) bool {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return true // it is gone
	}
	size := uint64(s.Bsize)
	return s.Bavail*size < 256<<20 && s.Bavail < s.Blocks/100
}
