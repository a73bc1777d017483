package workspace

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// move2 renames from one open folder into another, so that no path is walked
// again in between.
func move2(src *os.Root, from string, dst *os.Root, to string, replace bool) (err error) {
	s, err := src.Open(".")
	if err != nil {
		return err
	}
	defer s.Close()
	d, err := dst.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	if replace {
		return unix.Renameat(int(s.Fd()), from, int(d.Fd()), to)
	}
	err = unix.Renameat2(int(s.Fd()), from, int(d.Fd()), to, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) { // a file system that cannot: what is there was looked for
		return unix.Renameat(int(s.Fd()), from, int(d.Fd()), to)
	}
	return err
}
