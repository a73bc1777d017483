// Package reference writes the reference pages of components and functions,
// in English and in Russian, from the declarations that the program itself
// works by. Its test keeps docs/reference up to date; with -update it rewrites
// the pages.
//
// It knows no engine and no server, and reads nothing but the declarations.
package reference

//go:generate go test . -update

import (
	"strings"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Page is one Markdown file.
type Page struct {
	Name string // of the file: components.md, components.ru.md
	Text string
}

// Pages writes all pages.
func Pages(components []*component.Definition, functions *rel.Functions) []Page {
	var out []Page
	for _, lang := range []string{"en", "ru"} {
		out = append(out,
			Page{Name: fileName("components", lang), Text: componentsPage(components, lang)},
			Page{Name: fileName("functions", lang), Text: functionsPage(functions, lang)},
		)
	}
	return out
}

func fileName(stem, lang string) string {
	if lang == "en" {
		return stem + ".md"
	}
	return stem + "." + lang + ".md"
}

// page collects the text of one page in one language.
type page struct {
	strings.Builder
	lang string
}

// add writes a paragraph; an empty one is left out.
func (p *page) add(text string) {
	if text = strings.TrimSpace(text); text != "" {
		p.WriteString(text + "\n\n")
	}
}

func (p *page) say(w errs.Words) string { return w.Text(p.lang) }

// text is the page with one line end at its end.
func (p *page) text() string { return strings.TrimRight(p.String(), "\n") + "\n" }

// generated warns those who would edit the page.
var generated = errs.Words{
	En: "<!-- Made by make generate from the declarations in internal/components and internal/rel/function. Edit those. -->",
	Ru: "<!-- Создано командой make generate по описаниям в internal/components и internal/rel/function. Правьте их. -->",
}

// anchor is how Markdown readers name a heading.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'а' && r <= 'я' || r == 'ё':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cell keeps a text from ending the cell of a table.
func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "|", `\|`), "\n", " ")
}

// code spells s as code, also where it holds backquotes.
func code(s string) string {
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}
