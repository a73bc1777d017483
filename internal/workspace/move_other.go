//go:build !linux

package workspace

import (
	"os"
	"path/filepath"
)

// move2 renames from one open folder into another. Whether something is there
// was looked for already.
func move2(src *os.Root, from string, dst *os.Root, to string, _ bool) error {
	return os.Rename(filepath.Join(src.Name(), from), filepath.Join(dst.Name(), to))
}
