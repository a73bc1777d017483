package run

import (
	"os"

	"golang.org/x/sys/windows"
)

// TryLock takes the lock on a file, or returns an error at once. It goes with
// the process, however that ends.
func TryLock(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
}
