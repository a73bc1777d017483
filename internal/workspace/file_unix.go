//go:build unix

package workspace

import (
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// nonblock lets opening a pipe return.
const nonblock = syscall.O_NONBLOCK

// nofollow lets opening a link fail.
const nofollow = syscall.O_NOFOLLOW

// foreign tells a hard link to a file of somebody else.
func foreign(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && st.Nlink > 1 && int(st.Uid) != os.Geteuid()
}

// identity tells a file from another of its size and time.
func identity(info fs.FileInfo) string {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return "-" + strconv.FormatUint(st.Ino, 36)
	}
	return ""
}

// syncDir makes the names of an open folder durable.
func syncDir(f *os.File) error { return f.Sync() }
