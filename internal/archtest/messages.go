package archtest

import (
	"go/ast"
	"go/constant"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// message is a literal of errs.Message in the source.
type message struct {
	pos        token.Pos
	pkg        string
	id, en, ru string
	constant   bool // all three are constant texts
}

// CheckMessages holds every errs.Message that the program declares: an id
// package.snake_case that is unique, both languages, and the same parameters
// in both.
func CheckMessages(s *Source) []Problem {
	var out []Problem
	seen := map[string]Problem{}
	for _, m := range s.messages() {
		if why := m.wrong(); why != "" {
			out = append(out, s.at(m.pos, "message %q: %s", m.id, why))
			continue
		}
		if first, ok := seen[m.id]; ok {
			out = append(out, s.at(m.pos, "message %q: the id is taken at %s", m.id, first.Place))
			continue
		}
		seen[m.id] = s.at(m.pos, "")
	}
	return out
}

var (
	snake  = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	braces = regexp.MustCompile(`\{[a-z_]+\}`)
)

// wrong says what is wrong with a message by itself.
func (m message) wrong() string {
	if !m.constant {
		return "id, En and Ru must be constant texts, so that translators and tests find them"
	}
	pkg, name, _ := strings.Cut(m.id, ".")
	switch {
	case pkg != m.pkg || !snake.MatchString(name):
		return "the id must be " + m.pkg + ".snake_case"
	case m.en == "" || m.ru == "":
		return "a language is missing"
	case !slices.Equal(params(m.en), params(m.ru)):
		return "the languages name different parameters"
	case !strings.ContainsFunc(strip(m.ru), cyrillic):
		return "Ru holds no Russian"
	case strings.ContainsFunc(strip(m.en), cyrillic):
		return "En holds Russian"
	}
	return ""
}

func params(text string) []string {
	p := braces.FindAllString(text, -1)
	slices.Sort(p)
	return slices.Compact(p)
}

func strip(text string) string { return braces.ReplaceAllString(text, "") }

func cyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// messages finds the literals, those without a type inside a list or map of
// messages too.
func (s *Source) messages() []message {
	var out []message
	for _, p := range s.Packages {
		for _, f := range p.code() {
			consts := texts(p)
			ast.Inspect(f.AST, func(n ast.Node) bool {
				lit, ok := n.(*ast.CompositeLit)
				if !ok {
					return true
				}
				if isMessage(lit.Type, f.AST.Name.Name) {
					out = append(out, newMessage(lit, f.AST.Name.Name, consts))
				}
				for _, e := range untyped(lit, f.AST.Name.Name) {
					out = append(out, newMessage(e, f.AST.Name.Name, consts))
				}
				return true
			})
		}
	}
	return out
}

func isMessage(t ast.Expr, pkg string) bool {
	switch t := t.(type) {
	case *ast.SelectorExpr:
		x, ok := t.X.(*ast.Ident)
		return ok && x.Name == "errs" && t.Sel.Name == "Message"
	case *ast.Ident:
		return pkg == "errs" && t.Name == "Message"
	}
	return false
}

// untyped returns the elements of a list or map of messages that leave their
// type out.
func untyped(lit *ast.CompositeLit, pkg string) []*ast.CompositeLit {
	var elem ast.Expr
	switch t := lit.Type.(type) {
	case *ast.ArrayType:
		elem = t.Elt
	case *ast.MapType:
		elem = t.Value
	}
	if !isMessage(elem, pkg) {
		return nil
	}
	var out []*ast.CompositeLit
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		if c, ok := e.(*ast.CompositeLit); ok && c.Type == nil {
			out = append(out, c)
		}
	}
	return out
}

func newMessage(lit *ast.CompositeLit, pkg string, consts map[string]string) message {
	m := message{pos: lit.Pos(), pkg: pkg, constant: true}
	fields := []*string{&m.id, &m.en, &m.ru}
	names := []string{"ID", "En", "Ru"}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			key, _ := kv.Key.(*ast.Ident)
			if key == nil {
				continue
			}
			i, e = slices.Index(names, key.Name), kv.Value
		}
		if i < 0 || i >= len(fields) {
			continue
		}
		text, ok := constantText(e, consts)
		*fields[i], m.constant = text, m.constant && ok
	}
	return m
}

// texts returns the text constants of a package by name.
func texts(p *Package) map[string]string {
	out := map[string]string{}
	for _, f := range p.code() {
		for _, d := range f.AST.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec) // the parser puts nothing else there
				for i, n := range v.Names {
					if i < len(v.Values) {
						if t, ok := constantText(v.Values[i], nil); ok {
							out[n.Name] = t
						}
					}
				}
			}
		}
	}
	return out
}

// constantText evaluates literals, their sums and named constants.
func constantText(e ast.Expr, consts map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		return constant.StringVal(constant.MakeFromLiteral(e.Value, e.Kind, 0)), true
	case *ast.BinaryExpr:
		x, ok1 := constantText(e.X, consts)
		y, ok2 := constantText(e.Y, consts)
		return x + y, ok1 && ok2 && e.Op == token.ADD
	case *ast.ParenExpr:
		return constantText(e.X, consts)
	case *ast.Ident:
		t, ok := consts[e.Name]
		return t, ok
	}
	return "", false
}
