package app

import (
	"net/http"
	"os"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

// A disk that fills up first takes no new runs, then no changes and files, and
// gives its reserve up; what is there can be read and removed meanwhile. When
// there is room again, all goes on by itself.
func TestDiskFillsUp(t *testing.T) {
	var free atomic.Uint64
	free.Store(1 << 40)
	s := startServer(t, func(c *ServerConfig) {
		c.space = func(string) (uint64, uint64) { return free.Load(), 1 << 42 }
	})
	user := s.person(t, "user")
	files, runs := weftv1.NewFilesClient(user), weftv1.NewRunsClient(user)
	if err := s.hub.Create("user/p.weft", "P"); err != nil {
		t.Fatal(err)
	}
	doc, err := s.hub.Open(t.Context(), "user/p.weft")
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Release()
	edit := func() error {
		_, err := doc.Do(t.Context(), document.Request{Account: "a", Command: pack.Rename{Label: "Q"}})
		return err
	}
	packages, data := weftv1.NewPackagesClient(user), weftv1.NewDataClient(user)
	port := &weftv1.Port{Document: doc.ID(), Node: "a"}
	begun := map[string]func() (codes.Code, string){
		"a folder": func() (codes.Code, string) {
			return refused(t, files.MakeFolder, &weftv1.MakeFolderRequest{Path: "user/new"})
		},
		"a package": func() (codes.Code, string) {
			return refused(t, packages.CreatePackage, &weftv1.CreatePackageRequest{Path: "user/new.weft"})
		},
		"a copy": func() (codes.Code, string) {
			return refused(t, packages.SavePackage, &weftv1.SavePackageRequest{Document: doc.ID(), Path: "user/copy.weft"})
		},
		"a preview": func() (codes.Code, string) {
			stream, err := data.WatchPreview(t.Context())
			if err == nil {
				err = stream.Send(&weftv1.WatchPreviewRequest{Port: port})
			}
			if err != nil {
				t.Fatal(err)
			}
			m, err := stream.Recv()
			if err != nil {
				t.Fatal(err)
			}
			return inStream(m.GetFailed().GetErrors())
		},
		"statistics": func() (codes.Code, string) {
			stream, err := data.WatchStatistics(t.Context(), &weftv1.WatchStatisticsRequest{Port: port})
			if err != nil {
				t.Fatal(err)
			}
			m, err := stream.Recv()
			if err != nil {
				t.Fatal(err)
			}
			return inStream(m.GetErrors())
		},
	}
	upload := &weftv1.BeginUploadRequest{ClientId: "x", Path: "user/x.csv", Size: 1}
	start := &weftv1.StartRunRequest{Path: "user/p.weft"}
	reserve := func() int64 {
		info, err := os.Stat(s.folder.path("reserve"))
		if err != nil {
			return 0
		}
		return info.Size()
	}
	s.disk.look()
	if n := reserve(); n != reserveBytes {
		t.Fatalf("the reserve has %d bytes", n)
	}

	free.Store(fewBytes - 1)
	if code, id := refused(t, runs.StartRun, start); code != codes.ResourceExhausted || id != "app.few_room" {
		t.Error("a run on a disk with little room:", code, id)
	}
	if err := edit(); err != nil {
		t.Error("an edit on a disk with little room:", err)
	}

	free.Store(noBytes - 1)
	if err := edit(); errs.KindOf(err) != errs.Exhausted {
		t.Error("an edit on a full disk:", err)
	}
	if code, id := refused(t, files.BeginUpload, upload); code != codes.ResourceExhausted || id != "app.no_room" {
		t.Error("an upload on a full disk:", code, id)
	}
	for name, begin := range begun {
		if code, id := begin(); code != codes.ResourceExhausted || id != "app.no_room" {
			t.Errorf("%s on a full disk: %v %s", name, code, id)
		}
	}
	s.disk.look()
	s.look(t.Context())
	if n := reserve(); n != 0 {
		t.Errorf("the reserve is still held: %d", n)
	}
	if code, state := s.get(t, "/readyz"); code != http.StatusServiceUnavailable || state != "disk" {
		t.Error(code, state)
	}
	if got := s.healthy(t); got != healthv1.HealthCheckResponse_NOT_SERVING {
		t.Error(got)
	}
	if _, err := doc.Save(false); err != nil {
		t.Error("what is under way is not written:", err)
	}
	ask(t, files.ListFiles, &weftv1.ListFilesRequest{Path: "user"})

	free.Store(noBytes + reserveBytes - 1) // the room of the reserve is nobody's
	if err := edit(); errs.KindOf(err) != errs.Exhausted {
		t.Error("an edit in the room of the reserve:", err)
	}

	free.Store(1 << 40)
	s.disk.look()
	s.look(t.Context())
	if n := reserve(); n != reserveBytes {
		t.Errorf("the reserve was not taken again: %d", n)
	}
	if err := edit(); err != nil {
		t.Error("an edit when there is room again:", err)
	}
	ask(t, files.BeginUpload, upload)
	ask(t, runs.StartRun, start)
	if code, _ := s.get(t, "/readyz"); code != http.StatusOK {
		t.Error(code)
	}
	if got := s.healthy(t); got != healthv1.HealthCheckResponse_SERVING {
		t.Error(got)
	}
}

// inStream is what a stream's message says is wrong.
func inStream(list []*weftv1.Error) (codes.Code, string) {
	if len(list) != 1 || list[0].GetKind() != errs.Exhausted.String() {
		return codes.OK, ""
	}
	return codes.ResourceExhausted, list[0].GetId()
}

// On a small disk the shares count, on a large one the bytes.
func TestDiskLimits(t *testing.T) {
	tests := []struct {
		name        string
		free, size  uint64
		full, fewer bool
	}{
		{"small, with room", 60 << 20, 100 << 20, false, false},
		{"small, little", 4 << 20, 100 << 20, false, true},
		{"small, none", 1<<20 - 1, 100 << 20, true, true},
		{"large, with room", 1 << 30, 10 << 40, false, false},
		{"large, little", 1<<30 - 1, 10 << 40, false, true},
		{"large, none", 256<<20 - 1, 10 << 40, true, true},
		{"gone", 0, 1 << 62, true, true},
	}
	for _, tt := range tests {
		d := &disk{space: func(string) (uint64, uint64) { return tt.free, tt.size }}
		d.held.Store(true)
		if got := d.full(); got != tt.full {
			t.Errorf("%s: full %v", tt.name, got)
		}
		if err := d.runs(); (err != nil) != tt.fewer {
			t.Errorf("%s: runs %v", tt.name, err)
		}
		// What one worker spills leaves the disk with room for changes.
		if n := d.spill(); n < leastSpill || n > leastSpill && tt.free-uint64(n) < min(noBytes, tt.size/noShare) {
			t.Errorf("%s: %d MiB may be spilled", tt.name, n>>20)
		}
	}
}
