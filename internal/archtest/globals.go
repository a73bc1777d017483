package archtest

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// CheckGlobals forbids init functions and variables of a package that change:
// each has its value where it is declared, and nothing assigns to it, to its
// fields or to its elements.
func CheckGlobals(s *Source) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		out = append(out, s.initsAndBareVars(p)...)
		out = append(out, s.assignments(p)...)
	}
	return out
}

func (s *Source) initsAndBareVars(p *Package) []Problem {
	var out []Problem
	for _, f := range p.code() {
		for _, d := range f.AST.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					out = append(out, s.at(d.Pos(), "no init functions: what is needed is passed in"))
				}
			case *ast.GenDecl:
				out = append(out, s.bareVars(d)...)
			}
		}
	}
	return out
}

func (s *Source) bareVars(d *ast.GenDecl) []Problem {
	var out []Problem
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || d.Tok != token.VAR || len(v.Values) > 0 || embedded(d.Doc) || embedded(v.Doc) {
			continue
		}
		out = append(out, s.at(v.Pos(), "variable %s of the package has no value: no mutable globals", v.Names[0].Name))
	}
	return out
}

func embedded(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	for _, c := range doc.List {
		if strings.HasPrefix(c.Text, "//go:embed ") {
			return true
		}
	}
	return false
}

// assignments finds what changes the package's own variables. Names are
// resolved by the type checker, so that a local variable of the same name is
// told apart; what it cannot know without the imports does not matter here.
func (s *Source) assignments(p *Package) []Problem {
	var files []*ast.File
	for _, f := range p.code() {
		files = append(files, f.AST)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Error: func(error) {}, FakeImportC: true, Importer: noImports{}}
	pkg, _ := conf.Check(p.Dir, s.Fset, files, info) // without imports there are always errors
	var out []Problem
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			for _, target := range changed(n) {
				id := root(target)
				if id == nil {
					continue
				}
				if v, ok := info.Uses[id].(*types.Var); ok && v.Parent() == pkg.Scope() {
					out = append(out, s.at(n.Pos(), "changes variable %s of the package: no mutable globals", id.Name))
				}
			}
			return true
		})
	}
	return out
}

// changed returns what a statement or call assigns to.
func changed(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
			return n.Args[:1]
		}
	}
	return nil
}

// root returns the variable that an assignable expression is part of.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// noImports finds no package: only names of the checked package matter.
type noImports struct{}

// Import returns an empty package of the last element's name.
func (noImports) Import(p string) (*types.Package, error) {
	pkg := types.NewPackage(p, p[strings.LastIndex(p, "/")+1:])
	pkg.MarkComplete()
	return pkg, nil
}
