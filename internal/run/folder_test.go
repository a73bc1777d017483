package run

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestFolders holds that a folder whose process is gone is removed by the next
// session, and one whose process lives, or is about to take its lock, is not.
func TestFolders(t *testing.T) {
	temp := t.TempDir()
	living, err := makeFolder(temp)
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(temp, folderPrefix+"left")
	foreign := filepath.Join(temp, "other")
	made := filepath.Join(temp, folderPrefix+"made")
	for _, dir := range []string{left, foreign, made} {
		if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, lockName), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-2 * abandonedAfter)
	if err := os.Chtimes(filepath.Join(left, lockName), old, old); err != nil {
		t.Fatal(err)
	}
	next, err := makeFolder(temp)
	if err != nil {
		t.Fatal(err)
	}
	for dir, there := range map[string]bool{living.dir: true, next.dir: true, made: true, left: false, foreign: true} {
		if _, err := os.Stat(dir); (err == nil) != there {
			t.Errorf("%s: there %t, want %t", filepath.Base(dir), err == nil, there)
		}
	}
	for _, f := range []*folder{living, next} {
		if err := f.remove(); err != nil {
			t.Error(err)
		}
	}
}
