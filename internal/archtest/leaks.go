package archtest

import "go/ast"

// CheckLeaks has the tests of every package end by leak.Main, which fails them
// when a goroutine, a descriptor or a process is left behind. exempt is the
// package that does it.
func CheckLeaks(s *Source, exempt string) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		if p.Dir != exempt && p.tested() && !p.endsByLeak() {
			out = append(out, Problem{p.Dir, "its tests may leave something behind: end them by leak.Main in TestMain"})
		}
	}
	return out
}

func (p *Package) tested() bool {
	for _, f := range p.Files {
		if f.Test {
			return true
		}
	}
	return false
}

func (p *Package) endsByLeak() bool {
	found := false
	for _, f := range p.Files {
		for _, d := range f.AST.Decls {
			main, ok := d.(*ast.FuncDecl)
			if !ok || !f.Test || main.Recv != nil || main.Name.Name != "TestMain" {
				continue
			}
			ast.Inspect(main, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if to, ok := call.Fun.(*ast.SelectorExpr); ok && to.Sel.Name == "Main" {
					pkg, ok := to.X.(*ast.Ident)
					found = found || ok && pkg.Name == "leak"
				}
				return true
			})
		}
	}
	return found
}
