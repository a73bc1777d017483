//go:build unix

package run

import (
	"os"

	"golang.org/x/sys/unix"
)

// tryLock takes the lock on a file, or returns an error at once. It goes with
// the process, however that ends.
func tryLock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
