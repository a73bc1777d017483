package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/rel"
)

// Prints holds what the addresses of kept results depend on besides the plan.
type Prints struct {
	Versions string                    // of engine, renderer and catalogue
	Files    map[string]component.File // by path
}

// NewPrints collects the fingerprints of everything that was discovered.
func NewPrints(versions string, found map[string]*component.Discovery) Prints {
	p := Prints{Versions: versions, Files: map[string]component.File{}}
	for _, d := range found {
		for _, f := range d.Files {
			p.Files[f.Path] = f
		}
	}
	return p
}

// Address names the result of r by its content: the plan with its settings
// and variables, the versions of all that computes it, and the fingerprint of
// every file it reads.
func Address(r rel.Rel, p Prints) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s", p.Versions, rel.Format(r))
	var files []component.File
	rel.Visit(r, func(x rel.Rel) {
		if scan, ok := x.(*rel.Scan); ok {
			for _, path := range scan.Source.Paths() {
				files = append(files, p.Files[path])
			}
		}
	})
	slices.SortFunc(files, func(a, b component.File) int { return cmp.Compare(a.Path, b.Path) })
	for _, f := range slices.Compact(files) {
		fmt.Fprintf(h, "%q %d %d\n", f.Path, f.Size, f.Time)
	}
	return hex.EncodeToString(h.Sum(nil))[:40]
}
