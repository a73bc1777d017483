package archtest

import (
	"go/ast"
	"go/token"
	"strings"
)

// CheckPackageDocs asks of every package one doc comment that begins as godoc
// wants it and is longer than a line's worth of words.
func CheckPackageDocs(s *Source) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		code := p.code()
		if len(code) == 0 {
			continue
		}
		var docs []*File
		for _, f := range code {
			if f.AST.Doc != nil {
				docs = append(docs, f)
			}
		}
		if len(docs) != 1 {
			out = append(out, Problem{p.Dir, "one file of the package must carry its doc comment, found " + count(len(docs))})
			continue
		}
		f := docs[0]
		begin := "Package " + f.AST.Name.Name + " "
		if f.AST.Name.Name == "main" {
			begin = "Command "
		}
		if !strings.HasPrefix(f.AST.Doc.Text(), begin) {
			out = append(out, s.at(f.AST.Doc.Pos(), "the package's doc comment must begin with %q", begin))
		}
	}
	return out
}

func count(n int) string {
	if n == 0 {
		return "none"
	}
	return "several"
}

// CheckExportedDocs asks for a doc comment on every exported type, function,
// method of an exported type, constant and variable. A group of constants or
// variables may be documented as a whole or line by line.
func CheckExportedDocs(s *Source) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		for _, f := range p.code() {
			for _, d := range f.AST.Decls {
				out = append(out, s.undocumented(d)...)
			}
		}
	}
	return out
}

func (s *Source) undocumented(d ast.Decl) []Problem {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) {
			return []Problem{s.at(d.Pos(), "%s is exported and needs a doc comment", d.Name.Name)}
		}
	case *ast.GenDecl:
		var out []Problem
		for _, spec := range d.Specs {
			for _, n := range exportedNames(spec) {
				if d.Doc == nil && !specDocumented(spec) {
					out = append(out, s.at(n.Pos(), "%s is exported and needs a doc comment", n.Name))
				}
			}
			if t, ok := spec.(*ast.TypeSpec); ok && d.Tok == token.TYPE && d.Lparen.IsValid() && t.Name.IsExported() && t.Doc == nil && d.Doc != nil {
				out = append(out, s.at(t.Pos(), "%s stands in a group of types and needs a doc comment of its own", t.Name.Name))
			}
		}
		return out
	}
	return nil
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

func exportedNames(spec ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		names = []*ast.Ident{spec.Name}
	case *ast.ValueSpec:
		names = spec.Names
	}
	var out []*ast.Ident
	for _, n := range names {
		if n.IsExported() {
			out = append(out, n)
		}
	}
	return out
}

func specDocumented(spec ast.Spec) bool {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return spec.Doc != nil
	case *ast.ValueSpec:
		return spec.Doc != nil || spec.Comment != nil
	}
	return true
}
