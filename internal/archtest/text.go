package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"regexp"
	"strings"
)

// MaxLines is the length, in lines, that no file of code exceeds.
const MaxLines = 600

// CheckSize forbids files of code longer than MaxLines; tables of a test's
// cases may be longer.
func CheckSize(s *Source) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		for _, f := range p.code() {
			if f.Lines > MaxLines && !ast.IsGenerated(f.AST) {
				out = append(out, Problem{f.Path, fmt.Sprintf("has %d lines, %d are enough: one concept a file", f.Lines, MaxLines)})
			}
		}
	}
	return out
}

var statement = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|COPY|DESCRIBE|ATTACH|PRAGMA|SET|WITH)\s+[A-Za-z0-9'"(*{%]`)

// CheckSQL forbids statements of SQL in texts of the code outside the folders
// that may hold them.
func CheckSQL(s *Source, allowed ...string) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		if matchesAny(allowed, p.Dir) {
			continue
		}
		for _, f := range p.code() {
			ast.Inspect(f.AST, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if ok && lit.Kind == token.STRING {
					if text, _ := constantText(lit, nil); statement.MatchString(text) {
						out = append(out, s.at(lit.Pos(), "SQL is spelled in internal/rel/sql alone"))
					}
				}
				return true
			})
		}
	}
	return out
}

// Banned is a text that no file of the repository holds.
type Banned struct {
	Pattern *regexp.Regexp
	Why     string
}

// BannedTexts returns what must not be committed. The patterns are spelled so
// that they do not match themselves.
func BannedTexts() []Banned {
	return []Banned{
		{regexp.MustCompile(`(^|[^\w.])/(root|home|Users)/\w|/wor[k]/(main|shared)\b`), "a path of somebody's machine"},
		{regexp.MustCompile(`"resolve[d]":|registry\.npm[j]s|proxy\.golan[g]\.org`), "the address of a registry: clients are configured, not the project"},
		{regexp.MustCompile(`-----BEGI[N] [A-Z ]*PRIVATE KEY`), "a private key"},
	}
}

// CheckTexts looks for banned texts in all text files under a root, but for
// the folders and files to skip.
func CheckTexts(root fs.FS, banned []Banned, skip ...string) ([]Problem, error) {
	var out []Problem
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && matchesAny(skip, name):
			return fs.SkipDir
		case matchesAny(skip, name), !d.Type().IsRegular(): // .git is a file in a linked work tree
			return nil
		}
		data, err := fs.ReadFile(root, name)
		if err != nil || bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 {
			return err
		}
		out = append(out, bannedIn(name, string(data), banned)...)
		return nil
	})
	return out, err
}

func bannedIn(name, text string, banned []Banned) []Problem {
	var out []Problem
	for i, line := range strings.Split(text, "\n") {
		for _, b := range banned {
			if found := b.Pattern.FindString(line); found != "" {
				out = append(out, Problem{fmt.Sprintf("%s:%d", name, i+1), fmt.Sprintf("%q: %s", found, b.Why)})
			}
		}
	}
	return out
}

var unfinished = regexp.MustCompile(`\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b`)

// CheckUnfinished forbids notes of unfinished work in comments.
func CheckUnfinished(s *Source) []Problem {
	var out []Problem
	for _, p := range s.Packages {
		for _, f := range p.Files {
			for _, g := range f.AST.Comments {
				for _, c := range g.List {
					if w := unfinished.FindString(c.Text); w != "" {
						out = append(out, s.at(c.Pos(), "%s: finish it, or open an issue", w))
					}
				}
			}
		}
	}
	return out
}
