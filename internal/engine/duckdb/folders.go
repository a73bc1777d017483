package duckdb

import (
	"fmt"
	"os"

	"github.com/weftworks/weft/internal/worker"
)

// directories are the folders that DuckDB may use.
func directories(s worker.Setup) []string {
	list := []string{s.Dir}
	for _, p := range s.Reads {
		if isFolder(p) {
			list = append(list, p)
		}
	}
	return list
}

// files are the single files that DuckDB may use.
func files(s worker.Setup) []string {
	var list []string
	for _, p := range s.Reads {
		if !isFolder(p) {
			list = append(list, p)
		}
	}
	return list
}

func isFolder(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.IsDir()
}

// spillLimit is how many bytes DuckDB may spill.
func spillLimit(s worker.Setup) (int64, error) {
	if s.Spill > 0 {
		return s.Spill, nil
	}
	free, err := freeDisk(s.Temp)
	if err != nil {
		return 0, fmt.Errorf("free space of the disk: %w", err)
	}
	return free / 10 * 9, nil
}
