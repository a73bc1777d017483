// Package run carries out plans: it discovers the files of sources, has each
// step computed by an engine in a worker process, publishes outputs all or
// none, keeps results, and answers previews.
//
// It knows engines only as the interface that it needs, and no SQL: queries
// are rendered by rel/sql.
package run

import (
	"context"
	"log/slog"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/worker"
	"github.com/weftworks/weft/internal/workspace"
)

// Engine is what a run needs of a worker process.
type Engine interface {
	Describe(ctx context.Context, sql string) ([]worker.Column, error)
	Query(ctx context.Context, sql string, maxRows int64, each func(arrow.RecordBatch) error) error
	Exec(ctx context.Context, sql string, progress func(worker.Progress)) (int64, error)
	Discover(ctx context.Context, req discover.Request) (discover.Result, error)
	Transcode(ctx context.Context, src, dst, encoding string) error
	TranscodeHead(ctx context.Context, src, dst, encoding string, bytes int64) error
	Recode(ctx context.Context, src, dst, encoding string) error
	Close() error
}

// Kept is where results and notes are kept.
type Kept interface {
	plan.Kept
	Publish(address, from string, schema rel.Schema, rows int64) error
	Note(key string) ([]byte, bool)
	SetNote(key string, data []byte) error
	Dir() string
}

// Runner makes sessions; it is set up once.
type Runner struct {
	Catalogue *component.Catalogue
	Functions *rel.Functions
	Start     func(ctx context.Context, cfg worker.Config) (Engine, error)
	Worker    worker.Config // limits of workers; Dir and Reads are filled in
	Temp      string        // where folders of runs are made; "": the system's
	Room      func() error  // says why nothing is begun, since the disk has so little room; nil: all is
	Spill     func() int64  // bytes that a worker may spill, asked when one starts; nil: Worker.Spill
	Crashes   *Crashes      // what is remembered of files that made workers crash; nil: nothing
	Versions  string        // of engine, renderer and catalogue, for addresses of kept results
	Log       *slog.Logger
}

// Session is one worker process with its folder, over one package in a
// workspace: a run has its own, and a person's previews of one package share
// one. It is used by one goroutine at a time.
type Session struct {
	runner *Runner
	files  *workspace.Workspace
	kept   Kept // nil: nothing is kept
	dir    string
	folder *folder
	engine Engine
	copies map[string]string // transcoded files, by encoding and path
	heads  map[string]string // transcoded heads, likewise
}

var errFolder = errs.Message{
	ID: "run.folder",
	En: "The folder for the run cannot be made.",
	Ru: "Не удаётся создать папку запуска.",
}

// Open starts a session. kept may be nil.
func (r *Runner) Open(ctx context.Context, files *workspace.Workspace, kept Kept) (*Session, error) {
	if err := r.room(); err != nil {
		return nil, err
	}
	own, err := makeFolder(r.Temp)
	if err != nil {
		return nil, errs.New(errs.Unavailable, errFolder, nil).Because(err)
	}
	cfg := r.Worker
	cfg.Dir = own.dir
	if r.Spill != nil {
		cfg.Spill = r.Spill()
	}
	cfg.Reads = []string{files.Dir()}
	if kept != nil {
		cfg.Reads = append(cfg.Reads, kept.Dir())
	}
	engine, err := r.Start(ctx, cfg)
	if err != nil {
		_ = own.remove() // the error of the start is the one to tell
		return nil, err
	}
	return &Session{
		runner: r, files: files, kept: kept, dir: own.dir, folder: own, engine: engine,
		copies: map[string]string{}, heads: map[string]string{},
	}, nil
}

func (r *Runner) room() error {
	if r.Room == nil {
		return nil
	}
	return r.Room()
}

// Room says why the session may begin nothing new now, though it is open: its
// results and what it spills go to the disk.
func (s *Session) Room() error { return s.runner.room() }

// Close ends the worker and removes the session's folder.
func (s *Session) Close() error {
	err := s.engine.Close()
	if e := s.folder.remove(); err == nil {
		err = e
	}
	return err
}

// State says how far a step has come.
type State uint8

// The states of a step.
const (
	Running State = iota
	Done
	Failed
)

// Event tells about a step of a run.
type Event struct {
	Step    *plan.Step
	State   State
	Percent float64 // 0 to 100; negative: unknown
	Rows    int64   // when done
	Elapsed time.Duration
}

// Observer is told about the steps of a run, from one goroutine. A nil
// Observer is told nothing.
type Observer func(Event)

func (o Observer) tell(e Event) {
	if o != nil {
		o(e)
	}
}

// Prints are the fingerprints that addresses of g's results depend on.
func (r *Runner) Prints(g *plan.Graph) plan.Prints { return plan.NewPrints(r.Versions, g.Found) }

// Engine is the session's worker, for callers that measure or explain.
func (s *Session) Engine() Engine { return s.engine }

// Runner is what made the session.
func (s *Session) Runner() *Runner { return s.runner }
