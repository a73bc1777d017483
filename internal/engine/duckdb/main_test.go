package duckdb_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/weftworks/weft/internal/engine/duckdb"
	"github.com/weftworks/weft/internal/leak"
	"github.com/weftworks/weft/internal/worker"
)

// TestMain makes the test binary double as a worker and as a parent of one.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		os.Exit(worker.Main(duckdb.Open))
	}
	if len(os.Args) == 3 && os.Args[1] == "parent" {
		os.Exit(parent(os.Args[2]))
	}
	leak.Main(m)
}

// parent starts a worker, lets it work, says its process id and waits to be
// killed.
func parent(dir string) int {
	c, err := worker.Start(context.Background(), worker.Config{Command: []string{os.Args[0], "worker"}, Dir: dir})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(c.PID())
	err = c.Query(context.Background(), endless, 0, discard)
	fmt.Println(err)
	return 1
}
