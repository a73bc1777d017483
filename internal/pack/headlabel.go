package pack

import (
	"bytes"

	"github.com/weftworks/weft/internal/errs"
)

// HeadBytes is how much of a file's beginning HeadLabel wants.
const HeadBytes = 4 << 10

// HeadLabel returns the label of a package, out of the beginning of its file
// alone: for lists of many, where nobody would wait for each to be read whole.
// Empty: it has none, none that stands on one line there, or is no package.
func HeadLabel(head []byte) string {
	lines := bytes.SplitAfter(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
	weft := false
	for _, line := range lines {
		switch {
		case bytes.HasPrefix(line, []byte("weft:")):
			weft = true
		case weft && bytes.HasPrefix(line, []byte("label:")):
			return lineText(line)
		}
	}
	return ""
}

// lineText is the text of a line with a key and a value; empty when it is none.
func lineText(line []byte) string {
	var list errs.List
	root, _, _ := readYAML(line, &list)
	if root == nil || len(list) > 0 || root.Kind != MapValue || len(root.Map) != 1 || root.Map[0].Value.Kind != TextValue {
		return ""
	}
	return root.Map[0].Value.Text
}
