package worker

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// stageVariable is set in the second stage.
const stageVariable = "WEFT_WORKER_CONFINED"

// confine is the first stage of a worker: it raises what walls there are and
// then executes the same program anew, because most of them bind only the
// thread that raises them, a Go process has several by now, and only what a
// thread carries through execve holds for all threads of the program after it.
// In the second stage it returns at once.
//
// Today's walls: no new privileges, nothing readable by others in what is
// written, no core dumps, few descriptors, and the first to go when memory
// runs out. Landlock and seccomp belong here too; they need the Setup, which
// both stages find in their environment.
func confine() error {
	if os.Getenv(stageVariable) != "" {
		return nil
	}
	runtime.LockOSThread()
	unix.Umask(0o077)
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	if err := limitResources(); err != nil {
		return err
	}
	// Best effort: without /proc the kernel chooses by size alone.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("800"), 0o644)
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return unix.Exec(program, os.Args, append(os.Environ(), stageVariable+"=1"))
}
