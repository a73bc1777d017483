// Package app puts the program together: the catalogues, the runner with its
// worker process, and a package with its workspace and kept results.
//
// It knows no flags and prints nothing: that is the command line's work.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/rel/function"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

// RunnerConfig says how work is carried out.
type RunnerConfig struct {
	Worker  []string     // the command of a worker process, as {os.Executable(), "worker"}
	Memory  int64        // bytes for the engine; 0: a share of the machine's
	Threads int          // 0: as many as cores
	Row     int64        // bytes of a row that is shown or handed on; 0: 256 MiB
	Log     *slog.Logger // nil: none
}

// NewRunner makes a runner with all components and functions.
func NewRunner(c RunnerConfig) *run.Runner {
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &run.Runner{
		Catalogue: component.NewCatalogue(all.All()),
		Functions: function.Catalogue(),
		Start: func(ctx context.Context, cfg worker.Config) (run.Engine, error) {
			client, err := worker.Start(ctx, cfg)
			if err != nil {
				return nil, err
			}
			return client, nil
		},
		Worker:   worker.Config{Command: c.Worker, Memory: c.Memory, Threads: c.Threads, Row: c.Row, Logger: log},
		Crashes:  run.NewCrashes(),
		Versions: versions(c.Worker),
		Log:      log,
	}
}

// versions names what results were computed with. Engine, renderer and
// catalogue are all in the worker's binary, and a new binary has another time:
// so results kept by an older build are never taken for those of a newer one.
func versions(command []string) string {
	if len(command) == 0 {
		return ""
	}
	info, err := os.Stat(command[0])
	if err != nil {
		return ""
	}
	return fmt.Sprintf("weft %d %d", info.Size(), info.ModTime().UnixNano())
}
