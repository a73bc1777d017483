package document

import (
	"os"

	"github.com/weftworks/weft/internal/pack"
)

// Create makes the file of a new package with one empty workflow. errs.Exists:
// there is such a file.
func (h *Hub) Create(path, label string) error {
	if h.broken != nil {
		return h.broken
	}
	if err := checkPath(path); err != nil {
		return err
	}
	if err := h.options.Room(); err != nil {
		return err
	}
	p := &pack.Package{Weft: pack.Version, Label: label, Workflows: []pack.Workflow{{ID: "main"}}}
	text := pack.Encode(p)
	if _, err := pack.Decode(text, path); err != nil {
		return err
	}
	if _, err := h.files.Write(path, text, false); err != nil {
		return err
	}
	// A journal of a file that was removed by somebody else is none of this one.
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.slots[path] == nil {
		return os.RemoveAll(h.journalDir(folderOf(path)))
	}
	return nil
}
