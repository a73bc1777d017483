package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// CheckImports holds the source against an import table.
func CheckImports(s *Source, t Table) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		if t.layer(p.Dir) < 0 {
			out = append(out, Problem{p.Dir, "the package is not in the import table: give it its line in Imports, internal/archtest/table.go"})
		}
		for _, f := range p.Files {
			for _, spec := range f.AST.Imports {
				if why := t.refuse(p.Dir, imported(spec), f.Test); why != "" {
					out = append(out, s.at(spec.Pos(), "must not import %s: %s", imported(spec), why))
				}
			}
		}
	}
	return out
}

// layer returns the line of a package, or -1.
func (t Table) layer(dir string) int {
	full := slices.IndexFunc(t.Layers, func(l Layer) bool { return slices.Contains(l, dir) })
	if full >= 0 {
		return full
	}
	return slices.IndexFunc(t.Layers, func(l Layer) bool { return matchesAny(l, dir) })
}

// refuse says why a package must not have an import; "" when it may.
func (t Table) refuse(dir, imp string, test bool) string {
	for _, r := range t.Reserved {
		if within(imp, r.Import) && !matchesAny(r.For, dir) {
			return fmt.Sprintf("it is only for %s, since %s", strings.Join(r.For, ", "), r.Why)
		}
	}
	if test {
		return ""
	}
	if matchesAny(t.Pure, dir) && slices.ContainsFunc(t.Effects, func(e string) bool { return within(imp, e) }) {
		return "the package is pure, without input, output or chance"
	}
	own, ok := strings.CutPrefix(imp, Module+"/")
	if !ok {
		return ""
	}
	return t.refuseOwn(dir, own)
}

// refuseOwn is refuse among the module's own packages.
func (t Table) refuseOwn(dir, own string) string {
	for _, d := range t.Denied {
		if matches(d.Who, dir) && d.What == own {
			return d.Why
		}
	}
	if strings.HasSuffix(path.Base(own), "test") {
		return "it is a kit for tests"
	}
	from, to := t.layer(dir), t.layer(own)
	switch {
	case from < 0 || to < 0 || to < from:
		return "" // an unlisted package is a problem of its own
	case to == from:
		return "packages on one line of the import table do not know each other"
	default:
		return "imports point to lower layers only (see Imports, internal/archtest/table.go)"
	}
}

// within reports whether an import is a path or lies below it.
func within(imp, prefix string) bool {
	return imp == prefix || strings.HasPrefix(imp, prefix+"/")
}
