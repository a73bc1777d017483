//go:build unix

package run

import (
	"os"

	"golang.org/x/sys/unix"
)

// TryLock takes the lock on a file, or returns an error at once. It goes with
// the process, however that ends.
func TryLock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }
