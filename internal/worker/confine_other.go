//go:build unix && !linux

package worker

import "golang.org/x/sys/unix"

// confine raises the walls that are portable: nothing readable by others in
// what is written, no core dumps, few descriptors. It is weaker than on Linux.
func confine() error {
	unix.Umask(0o077)
	return limitResources()
}

func dup2(from, to int) error { return unix.Dup2(from, to) }
