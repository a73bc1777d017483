package kept

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/rel"
)

func address(c string) string { return strings.Repeat(c, 40) }

// publish stores a part of n bytes under an address.
func publish(t *testing.T, s *Store, addr string, n int) {
	t.Helper()
	part := filepath.Join(t.TempDir(), "part")
	if err := os.WriteFile(part, make([]byte, n), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(addr, part, rel.Schema{{Name: "a", Type: rel.Integer}}, int64(n)); err != nil {
		t.Fatal(err)
	}
}

func TestStore(t *testing.T) {
	s, err := Open(t.TempDir(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Lookup(address("a")); ok {
		t.Error("found in an empty store")
	}
	publish(t, s, address("a"), 10)
	publish(t, s, address("a"), 10) // a second run that kept the same
	got, ok := s.Lookup(address("a"))
	if !ok || got.Rows != 10 || len(got.Files) != 1 || got.Files[0] != s.Place(address("a")).Files[0] {
		t.Fatalf("got %+v, %t", got, ok)
	}
	if _, ok := s.Lookup("../" + address("a")[3:]); ok {
		t.Error("a path was taken for an address")
	}
	if err := os.Truncate(got.Files[0], 5); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Lookup(address("a")); ok {
		t.Error("found although its part was cut")
	}
	publish(t, s, address("a"), 10)
	if _, ok := s.Lookup(address("a")); !ok {
		t.Fatal("what was cut is in the way of the next one")
	}
	if err := os.Remove(got.Files[0]); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Lookup(address("a")); ok {
		t.Error("found although its part is gone")
	}
}

func TestTrimDropsTheLeastUsed(t *testing.T) {
	s, err := Open(t.TempDir(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	publish(t, s, address("a"), 400)
	publish(t, s, address("b"), 400)
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(s.Dir(), address("b")), old, old); err != nil {
		t.Fatal(err)
	}
	publish(t, s, address("c"), 400)
	for addr, want := range map[string]bool{"a": true, "b": false, "c": true} {
		if _, ok := s.Lookup(address(addr)); ok != want {
			t.Errorf("%s: there %t, want %t", addr, ok, want)
		}
	}
}

func TestNotes(t *testing.T) {
	s, err := Open(t.TempDir(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetNote(address("a"), []byte("text")); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.Note(address("a")); !ok || string(got) != "text" {
		t.Errorf("got %q, %t", got, ok)
	}
	if err := s.SetNote("../x", nil); err == nil {
		t.Error("a path was taken for a key")
	}
}
