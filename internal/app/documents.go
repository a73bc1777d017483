package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"time"

	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/publish"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/server"
	"github.com/weftworks/weft/internal/store/kept"
)

// closeTime is how long documents may take to write their files at the end.
// What they have not written by then stands in their journals.
const closeTime = 10 * time.Second

// maxRow bounds one row that passes through the Server, in bytes: a cell may be
// as large as memory, and the Server's is everybody's.
const maxRow = 16 << 20

// openWork makes what does the work of a Server: documents, previews, runs.
func (s *Server) openWork() (err error) {
	s.runner = NewRunner(RunnerConfig{
		Worker: s.cfg.Worker, Memory: int64(s.cfg.WorkerMiB) << 20, Threads: s.cfg.WorkerThreads, Row: maxRow, Log: s.log,
	})
	s.runner.Temp, s.runner.Room, s.runner.Spill = s.folder.path("temp"), s.disk.anything, s.disk.spill
	if err := makeFolder(s.runner.Temp); err != nil {
		return err
	}
	tree := s.folder.path(workspaceName)
	s.hub = document.New(document.Options{
		Root: tree, Tree: s.tree, Journals: s.folder.path(journalsName), Log: s.log,
		Room:  s.disk.anything,
		Ended: func(id string) { s.previews.Forget(id) }, // none is open before there are previews
	})
	s.onClose(func() error {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		return s.hub.Close(ctx)
	})
	guard := server.Guards(s.auth)
	s.previews = preview.New(preview.Options{
		Runner: s.runner, Tree: tree, Guard: guard, Kept: s.kept, Most: s.cfg.Workers, Log: s.log,
	})
	s.onClose(s.previews.Close)
	s.jobs, err = job.New(job.Options{
		Runner: s.runner, Tree: tree, Runs: s.folder.path("runs"), Guard: guard, Room: s.tree.Room, Ready: s.disk.runs, Kept: s.kept, Log: s.log,
		AtOnce: s.cfg.Runs, Limit: s.cfg.RunTime, Age: time.Duration(s.cfg.ResultDays) * 24 * time.Hour, Bytes: int64(s.cfg.ResultsMiB) << 20,
	})
	if err != nil {
		return err
	}
	s.onClose(s.jobs.Close)
	s.published, err = publish.New(publish.Options{
		Root: tree, Runner: s.runner, Guard: server.Publications(s.auth), Timeout: s.cfg.CallTime, Workers: s.cfg.ServiceWorkers, Log: s.log,
	})
	if err == nil {
		s.onClose(s.published.Close)
	}
	return err
}

// kept opens the results that are kept for the package at a path.
func (s *Server) kept(path string) (run.Kept, error) {
	sum := sha256.Sum256([]byte(path))
	return kept.Open(filepath.Join(s.folder.path("kept"), hex.EncodeToString(sum[:16])), keptLimit)
}

// opened are a hub's documents as the services need them.
type opened struct{ hub *document.Hub }

// Get implements server.OpenDocuments.
func (o opened) Get(id string) (server.OpenDocument, error) {
	d, err := o.hub.Get(id)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Open implements server.OpenDocuments.
func (o opened) Open(ctx context.Context, path string) (server.OpenDocument, error) {
	d, err := o.hub.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return d, nil
}
