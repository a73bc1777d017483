//go:build unix

package app

import "golang.org/x/sys/unix"

// diskSpace is the space of the machine's disks. A folder that is gone has
// none.
func diskSpace(dir string) (free, size uint64) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, 1 << 62
	}
	block := uint64(s.Bsize)
	return s.Bavail * block, s.Blocks * block
}
