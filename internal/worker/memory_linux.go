package worker

import (
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// machineMemory is the memory in bytes that this process may use: the
// machine's, or the smallest limit of the control groups that it is in. 0 if
// unknown.
func machineMemory() int64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 0
	}
	total := int64(info.Totalram) * int64(info.Unit)
	group, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return total
	}
	return min(total, groupMemory("/sys/fs/cgroup", string(group), total))
}

// groupMemory is the smallest memory.max (cgroup v2) from the group that
// table, the content of /proc/self/cgroup, names up to root, or otherwise if
// none limits.
func groupMemory(root, table string, otherwise int64) int64 {
	limit := otherwise
	for line := range strings.Lines(table) {
		group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::")
		if !ok {
			continue
		}
		for group = path.Clean("/" + group); ; group = path.Dir(group) {
			text, err := os.ReadFile(path.Join(root, group, "memory.max"))
			if n, perr := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && perr == nil {
				limit = min(limit, n)
			}
			if group == "/" {
				break
			}
		}
	}
	return limit
}
