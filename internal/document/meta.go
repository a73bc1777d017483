package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"path/filepath"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
)

// meta stands beside a journal: whose it is, and how the package's file stood
// to it. It is written before the file is, so that after a crash the file is
// known to be the one before or the one after.
type meta struct {
	ID   string `json:"id"`
	Path string `json:"path"`
	Was  mark   `json:"was"`
	Next mark   `json:"next"`
	// Deleted: the file was deleted through Weft while somebody had it open.
	Deleted bool `json:"deleted,omitempty"`
}

// mark is a content of the package's file.
type mark struct {
	Number int64  `json:"number"` // of the last event in it
	Hash   string `json:"hash"`   // SHA-256
}

const (
	metaName = "document.json"
	maxMeta  = 1 << 20
)

// JournalFiles are the files that stand in a journal's folder, in the order in
// which they may be copied while they are in use: what is noted of the
// package's file is never ahead of the journal then.
func JournalFiles() []string { return append([]string{metaName}, journal.Files()...) }

// JournalPath is the path of the package that a journal is of, by the first of
// its files.
func JournalPath(content []byte) (string, error) {
	var m meta
	err := json.Unmarshal(content, &m)
	return m.Path, err
}

// folderOf is the folder of a path's journal.
func folderOf(path string) string { return hashOf([]byte(path))[:32] }

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// readMeta reads what stands beside a journal; false when there is none.
func (h *Hub) readMeta(dir string) (m meta, there bool, err error) {
	b, _, err := h.kept.Read(path.Join(dir, metaName), maxMeta)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return meta{}, false, nil
	case err == nil:
		err = json.Unmarshal(b, &m)
	}
	return m, err == nil, err
}

func (h *Hub) writeMeta(dir string, m meta) error {
	b, err := json.Marshal(m)
	if err == nil {
		_, err = h.kept.Write(path.Join(dir, metaName), b, true)
	}
	return err
}

// journalDir is where a journal is, for the machine.
func (h *Hub) journalDir(dir string) string { return filepath.Join(h.options.Journals, dir) }

// note writes down how the file stands to the journal, where there is one.
func (d *Document) note(was, next mark) error {
	d.mu.Lock()
	begun := d.begun
	d.mu.Unlock()
	if !begun {
		return nil
	}
	return d.hub.writeMeta(d.dir, meta{ID: d.id, Path: d.Path(), Was: was, Next: next})
}
