package worker

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

func platformEnvironment() []string { return nil }

func killGroup(pid int) {
	_ = syscall.Kill(-pid, syscall.SIGKILL) // it fails when the group has ended
}

// residentMemory is the resident size of a process in bytes; 0 if unknown.
func residentMemory(pid int) int64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	fields := bytes.Fields(b)
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
