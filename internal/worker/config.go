package worker

import (
	"os"
	"path/filepath"

	"github.com/weftworks/weft/internal/errs"
)

// tempName is the folder within the run's folder for what the engine spills.
const tempName = "tmp"

// setup checks the configuration and makes its paths absolute and real.
func (cfg Config) setup() (Setup, error) {
	s := Setup{Memory: cfg.Memory, Threads: cfg.Threads, Spill: cfg.Spill, Row: cfg.Row}
	if s.Memory <= 0 {
		s.Memory = machineMemory() / 2
	}
	var err error
	if s.Dir, err = realPath(cfg.Dir); err != nil {
		return s, err
	}
	s.Temp = filepath.Join(s.Dir, tempName)
	for _, p := range cfg.Reads {
		p, err := realPath(p)
		if err != nil {
			return s, err
		}
		s.Reads = append(s.Reads, p)
	}
	return s, nil
}

func realPath(p string) (string, error) {
	abs, err := filepath.Abs(p)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		kind := errs.Unreadable
		if os.IsNotExist(err) {
			kind = errs.NotFound
		}
		return "", errs.New(kind, msgSetup, errs.P{"name": filepath.Base(p)}).Because(err)
	}
	return abs, nil
}

// memoryLimit is the resident size, in bytes, at which a worker is killed:
// what its engine may count, a quarter more for what the engine does not
// count, and room for the process itself. 0 is no limit.
func memoryLimit(engine int64) int64 {
	if engine <= 0 {
		return 0
	}
	return engine + engine/4 + 256<<20
}
