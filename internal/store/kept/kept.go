// Package kept stores the results that runs keep: each a folder of Parquet
// parts with a manifest, found by an address that names its content. It also
// holds small notes (what was discovered about a file) under keys of the same
// sort.
//
// A store belongs to one package; nothing is shared beyond it. It knows
// neither plans nor engines.
package kept

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/weftworks/weft/internal/rel"
)

// Store is a folder of kept results.
type Store struct {
	dir   string
	limit int64 // bytes of all results together
}

// Manifest describes one kept result.
type Manifest struct {
	Address string     `json:"address"`
	Schema  rel.Schema `json:"schema"`
	Rows    int64      `json:"rows"`
	Parts   []string   `json:"parts"` // names of files beside the manifest
	Bytes   int64      `json:"bytes"`
	Made    time.Time  `json:"made"`
}

const manifestName = "manifest.json"

// Open opens the store in dir, making it if need be. limit bounds the bytes
// of all results; when it is passed, those not used for the longest time go.
func Open(dir string, limit int64) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, "notes"), 0o700); err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	return &Store{dir: dir, limit: limit}, nil
}

// Dir is the store's folder, absolute and without symbolic links.
func (s *Store) Dir() string { return s.dir }

var addressForm = regexp.MustCompile(`^[0-9a-f]{40}$`)

func (s *Store) path(address string) (string, error) {
	if !addressForm.MatchString(address) {
		return "", fmt.Errorf("%q is no address", address)
	}
	return filepath.Join(s.dir, address), nil
}

// Place returns the result that will be at an address once it is published.
func (s *Store) Place(address string) *rel.Stored {
	return &rel.Stored{Address: address, Files: []string{filepath.Join(s.dir, address, PartName)}, Rows: -1}
}

// PartName is the name of a result's only part.
const PartName = "part-0.parquet"

// Lookup finds a result by its address, and notes that it was used.
func (s *Store) Lookup(address string) (*rel.Stored, bool) {
	folder, err := s.path(address)
	if err != nil {
		return nil, false
	}
	data, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err != nil {
		return nil, false
	}
	var m Manifest
	if json.Unmarshal(data, &m) != nil || m.Address != address {
		return nil, false
	}
	out, found := &rel.Stored{Address: address, Rows: m.Rows}, int64(0)
	for _, part := range m.Parts {
		file := filepath.Join(folder, part)
		info, err := os.Lstat(file)
		if err != nil {
			return nil, false
		}
		found += info.Size()
		out.Files = append(out.Files, file)
	}
	if found != m.Bytes {
		// The power went before the parts were on the disk: nothing waits for
		// that, since they can be made again.
		_ = os.RemoveAll(folder) // else it is in the way of them
		return nil, false
	}
	now := time.Now()
	// Only the order in which results are dropped depends on this.
	_ = os.Chtimes(folder, now, now)
	return out, true
}

// Publish puts the finished part at from in place under an address. Another
// run that was quicker wins; the content is the same.
func (s *Store) Publish(address, from string, schema rel.Schema, rows int64) error {
	folder, err := s.path(address)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp(s.dir, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := os.Rename(from, filepath.Join(temp, PartName)); err != nil {
		return err
	}
	m := Manifest{Address: address, Schema: schema, Rows: rows, Parts: []string{PartName}, Bytes: info.Size(), Made: time.Now().UTC()}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(temp, manifestName), data, 0o600); err != nil {
		return err
	}
	if err := os.Rename(temp, folder); err != nil && !errors.Is(err, fs.ErrExist) && !occupied(folder) {
		return err
	}
	return s.trim()
}

func occupied(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, manifestName))
	return err == nil
}

// trim removes the results not used for the longest time until the rest is
// within the limit.
func (s *Store) trim() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	type result struct {
		folder string
		bytes  int64
		used   time.Time
	}
	var all []result
	var total int64
	for _, e := range entries {
		if !addressForm.MatchString(e.Name()) {
			continue
		}
		folder := filepath.Join(s.dir, e.Name())
		info, err1 := e.Info()
		part, err2 := os.Stat(filepath.Join(folder, PartName))
		if err1 != nil || err2 != nil {
			continue
		}
		all = append(all, result{folder, part.Size(), info.ModTime()})
		total += part.Size()
	}
	slices.SortFunc(all, func(a, b result) int { return cmp.Compare(a.used.UnixNano(), b.used.UnixNano()) })
	for _, r := range all {
		if total <= s.limit {
			return nil
		}
		if err := os.RemoveAll(r.folder); err != nil {
			return err
		}
		total -= r.bytes
	}
	return nil
}

// Note returns the note under a key, which has the form of an address.
func (s *Store) Note(key string) ([]byte, bool) {
	if !addressForm.MatchString(key) {
		return nil, false
	}
	data, err := os.ReadFile(filepath.Join(s.dir, "notes", key))
	return data, err == nil
}

// SetNote stores a note under a key.
func (s *Store) SetNote(key string, data []byte) error {
	if !addressForm.MatchString(key) {
		return fmt.Errorf("%q is no key", key)
	}
	temp, err := os.CreateTemp(filepath.Join(s.dir, "notes"), ".new-")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Close()); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return os.Rename(temp.Name(), filepath.Join(s.dir, "notes", key))
}
