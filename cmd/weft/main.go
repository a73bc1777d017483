// Command weft is the whole program: the command line, and the worker
// processes that it starts.
package main

import (
	"os"

	"github.com/weftworks/weft/internal/assets"
	"github.com/weftworks/weft/internal/cli"
	"github.com/weftworks/weft/internal/engine/duckdb"
	"github.com/weftworks/weft/internal/worker"
)

func main() {
	// Before all else, so that a worker starts at once.
	if len(os.Args) == 2 && os.Args[1] == cli.WorkerCommand {
		os.Exit(worker.Main(duckdb.Open))
	}
	os.Exit(cli.Main(os.Args[1:], cli.Assets{Studio: assets.Studio(), Examples: assets.Examples()}))
}
