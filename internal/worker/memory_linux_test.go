package worker

import (
	"os"
	"path/filepath"
	"testing"
)

func TestGroupMemory(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "a", "memory.max"), "2000\n")
	write(t, filepath.Join(root, "a", "b", "memory.max"), "max\n")
	for _, tt := range []struct {
		name, table string
		want        int64
	}{
		{"limit of a parent", "0::/a/b\n", 2000},
		{"own limit", "1:cpu:/x\n0::/a\n", 2000},
		{"no limit", "0::/\n", 9000},
		{"no such group", "0::/c/../c\n", 9000},
		{"out of the tree", "0::/../../a\n", 2000},
		{"version 1 only", "4:memory:/a\n", 9000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := groupMemory(root, tt.table, 9000); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
	if machineMemory() <= 0 {
		t.Error("the machine's memory is unknown")
	}
}
