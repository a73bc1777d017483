package main

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What weft studio export writes, handed out by a plain file server, is the
// Studio that weft web hands out, file by file; server.json has the defaults
// that are documented.
func TestExportedStudio(t *testing.T) {
	withStudio(t)
	s := newSandbox(t, install(t))
	said, err := s.command("weft studio export app").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	plain := httptest.NewServer(http.FileServer(http.Dir(s.dir)))
	defer plain.Close()
	p := s.started(t, "web", "--listen-http", anyPort)
	web := "http://" + p.find(&p.err, `listening address=(\S+)`)
	nonce := regexp.MustCompile(`nonce="[^"]+"`)
	n := 0
	walk := func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "server.json" {
			return err
		}
		n++
		path = "/app/" + filepath.ToSlash(path)
		for _, packed := range []string{".br", ".gz"} { // the forms of a file that stands beside them
			if strings.HasSuffix(path, packed) {
				return nil
			}
		}
		path = strings.TrimSuffix(path, "index.html")
		wantStatus, _, want := asked(t, "GET", web+path, "")
		gotStatus, _, got := asked(t, "GET", plain.URL+path, "")
		if wantStatus != 200 || gotStatus != 200 || nonce.ReplaceAllString(got, "") != nonce.ReplaceAllString(want, "") {
			t.Errorf("%s: %d, not the same as %d of weft web", path, gotStatus, wantStatus)
		}
		return nil
	}
	if err := fs.WalkDir(os.DirFS(filepath.Join(s.dir, "app")), ".", walk); err != nil || n < 10 {
		t.Errorf("%d files: %v", n, err)
	}
	_, _, got := asked(t, "GET", plain.URL+"/app/server.json", "")
	want := `{"host":null,"wsport":null,"wssport":null,"wsproxy":false,"path":"ws/","secure":false}`
	if d := cmp.Diff(want, strings.Join(strings.Fields(got), "")); d != "" {
		t.Error(d)
	}
}

// A second export leaves server.json as it is, and one into a folder of
// something else changes nothing there.
func TestExportAgain(t *testing.T) {
	withStudio(t)
	s := newSandbox(t, install(t))
	const own = `{"wsproxy": true}`
	put(t, s.dir, "app/server.json", own)
	put(t, s.dir, "other/notes.txt", "mine")
	put(t, s.dir, "file", "x")
	for _, tt := range []struct {
		line, told string
		code       int
	}{
		{"weft studio export app", " files are in app.", 0},
		{"weft studio export app", " files are in app.", 0},
		{"weft studio export app --lang ru", ", в app.", 0},
		{"weft studio export other", "other holds files that are not Studio's, such as notes.txt. Name an empty folder", 1},
		{"weft studio export other --lang ru", "В other лежат файлы, которые не относятся к Studio, например notes.txt", 1},
		{"weft studio export file", "a part of its path is a file", 1},
	} {
		cmd := s.command(tt.line)
		said, _ := cmd.CombinedOutput() // the code tells
		if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(string(said), tt.told) {
			t.Errorf("%s: exit %d\n%s", tt.line, code, said)
		}
	}
	if text, err := os.ReadFile(filepath.Join(s.dir, "app", "server.json")); err != nil || string(text) != own {
		t.Errorf("%q, %v", text, err)
	}
	if list, err := os.ReadDir(filepath.Join(s.dir, "other")); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}
