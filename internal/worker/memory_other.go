//go:build !linux

package worker

// machineMemory is unknown here; the engine takes its own default.
func machineMemory() int64 { return 0 }
