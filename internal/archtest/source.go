package archtest

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the module whose rules these are.
const Module = "github.com/weftworks/weft"

// Problem is one breach of a rule: where, and what to do about it.
type Problem struct {
	Place string // file:line, or a package's folder
	Text  string
}

// String renders the problem as place and text.
func (p Problem) String() string { return p.Place + ": " + p.Text }

// Source is the parsed Go code of the module.
type Source struct {
	Fset     *token.FileSet
	Packages []*Package // by Dir
}

// Package is the code of one folder.
type Package struct {
	Dir   string // slash-separated, from the module's root: internal/errs
	Files []*File
}

// File is one Go file.
type File struct {
	Path  string // from the module's root
	Lines int
	Test  bool // a _test.go file
	AST   *ast.File
}

// Load parses all Go files under the folders of a module's root. Testdata and
// folders that the go command ignores are left out.
func Load(root fs.FS, folders ...string) (*Source, error) {
	s := &Source{Fset: token.NewFileSet()}
	byDir := map[string]*Package{}
	for _, folder := range folders {
		err := fs.WalkDir(root, folder, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && ignored(d.Name()):
				return fs.SkipDir
			case d.IsDir() || path.Ext(name) != ".go":
				return nil
			}
			f, err := s.parse(root, name)
			if err != nil {
				return err
			}
			dir := path.Dir(name)
			if byDir[dir] == nil {
				byDir[dir] = &Package{Dir: dir}
				s.Packages = append(s.Packages, byDir[dir])
			}
			byDir[dir].Files = append(byDir[dir].Files, f)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(s.Packages, func(a, b *Package) int { return cmp.Compare(a.Dir, b.Dir) })
	return s, nil
}

func ignored(folder string) bool {
	return folder == "testdata" || strings.HasPrefix(folder, "_") || len(folder) > 1 && strings.HasPrefix(folder, ".")
}

func (s *Source) parse(root fs.FS, name string) (*File, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	tree, err := parser.ParseFile(s.Fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	return &File{
		Path:  name,
		Lines: s.Fset.File(tree.Pos()).LineCount(),
		Test:  strings.HasSuffix(name, "_test.go"),
		AST:   tree,
	}, nil
}

// code yields the files that are compiled into the program.
func (p *Package) code() []*File {
	return slices.DeleteFunc(slices.Clone(p.Files), func(f *File) bool { return f.Test })
}

// at makes a problem at a position of the source.
func (s *Source) at(pos token.Pos, format string, args ...any) Problem {
	p := s.Fset.Position(pos)
	return Problem{Place: fmt.Sprintf("%s:%d", p.Filename, p.Line), Text: fmt.Sprintf(format, args...)}
}

// imported returns the path of an import.
func imported(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser has refused it before
	}
	return p
}

// matches reports whether a folder fits a pattern: a folder, or one with a
// last element * for each folder directly under it, or ** for any below.
func matches(pattern, dir string) bool {
	if base, ok := strings.CutSuffix(pattern, "/**"); ok {
		return dir == base || strings.HasPrefix(dir, base+"/")
	}
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		return path.Dir(dir) == base
	}
	return pattern == dir
}

func matchesAny(patterns []string, dir string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, dir) })
}
