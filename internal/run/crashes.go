package run

import (
	"sync"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
)

var errDamaged = errs.Message{
	ID: "run.damaged",
	En: "{file} made the process crash that looked into it: it is damaged, or no {reader} file. It is looked into again once it has changed.",
	Ru: "При чтении {file} аварийно завершился рабочий процесс: файл повреждён или это не файл {reader}. Он будет прочитан снова, когда изменится.",
}

// mostCrashes is how often a file is looked into that makes the process crash.
const mostCrashes = 2

// mostRemembered bounds the files that are remembered.
const mostRemembered = 10_000

// Crashes remembers which files made the worker crash that looked into them, so
// that a damaged one is not tried for ever. Nil remembers nothing.
type Crashes struct {
	mu   sync.Mutex
	seen map[string]int // by what was asked, and the files' fingerprints
}

// NewCrashes makes an empty memory.
func NewCrashes() *Crashes { return &Crashes{seen: map[string]int{}} }

// enough reports whether a file is not to be looked into again.
func (c *Crashes) enough(key string) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[key] >= mostCrashes
}

// note takes what came of looking into a file.
func (c *Crashes) note(key string, err error) {
	if c == nil || err != nil && !worker.Broke(err) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		delete(c.seen, key)
		return
	}
	if len(c.seen) >= mostRemembered {
		clear(c.seen)
	}
	c.seen[key]++
}

// damaged is the error of files that made the worker crash.
func damaged(w *component.Wants, files []component.File, cause error) error {
	reader, name := "text", ""
	if w.Parquet {
		reader = "Parquet"
	}
	if len(files) > 0 {
		name = files[0].Path
	}
	return errs.New(errs.Unreadable, errDamaged, errs.P{"file": name, "reader": reader}).At(errs.Place{File: name, Setting: w.Setting}).Because(cause)
}
