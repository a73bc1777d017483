//go:build unix

package worker

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const maxDescriptors = 4096

// limitResources bounds what a process inherits through execve: no core
// dumps, few descriptors.
func limitResources() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("limit of core dumps: %w", err)
	}
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err != nil {
		return fmt.Errorf("limit of descriptors: %w", err)
	}
	files.Max = min(files.Max, maxDescriptors)
	files.Cur = files.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &files); err != nil {
		return fmt.Errorf("limit of descriptors: %w", err)
	}
	return nil
}

// takeStdio takes the pipes away from standard input and output, where a
// library could write into the protocol, and puts nothing and standard error
// in their places.
func takeStdio() (in, out *os.File, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, nil, err
	}
	defer null.Close()
	if in, err = takeDescriptor(0, int(null.Fd()), "control"); err != nil {
		return nil, nil, err
	}
	if out, err = takeDescriptor(1, 2, "answers"); err != nil {
		return nil, nil, err
	}
	return in, out, nil
}

func takeDescriptor(fd, instead int, name string) (*os.File, error) {
	taken, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	if err := dup2(instead, fd); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(taken), name), nil
}
