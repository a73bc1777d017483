package componenttest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/discover"
)

// unpack writes the files of a case into a folder.
func (c *Case) unpack(t *testing.T, folder string) {
	t.Helper()
	for _, f := range c.file.Files {
		name, ok := strings.CutPrefix(f.Name, "files/")
		if !ok {
			continue
		}
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		c.folder = folder
	}
}

// found is what a source is told about its files: as the case says, or as the
// text files are.
func (c *Case) found(ctx *component.Context) (*component.Discovery, error) {
	source, ok := ctx.Bound.Settings.(component.Source)
	if !ok {
		return nil, nil
	}
	d := &component.Discovery{Rows: -1}
	if found, ok := c.part("found.json"); ok {
		if err := json.Unmarshal([]byte(found), d); err != nil {
			return nil, fmt.Errorf("%s: found.json: %w", c.Path, err)
		}
		return d, nil
	}
	w, err := source.Wants(ctx)
	if err != nil || c.folder == "" {
		return nil, err
	}
	req := w.Text
	req.Path, req.Shown = filepath.Join(c.folder, filepath.FromSlash(w.Pattern)), w.Pattern
	res, err := discover.Text(context.Background(), req)
	d.Files, d.Text = []component.File{{Path: w.Pattern}}, &res
	return d, err
}
