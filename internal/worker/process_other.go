//go:build !linux && !windows

package worker

import "syscall"

func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

func platformEnvironment() []string { return nil }

func killGroup(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGKILL) // it fails when the group has ended
}

// residentMemory is unknown here.
func residentMemory(int) int64 { return 0 }
