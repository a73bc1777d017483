package config

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// lineWidth is where comments are broken, in characters.
const lineWidth = 78

var (
	defaultWords = errs.Words{En: "Default: ", Ru: "По умолчанию: "}
	envWords     = errs.Words{En: "; environment: ", Ru: "; переменная окружения: "}
	flagWords    = errs.Words{En: "; flag: --", Ru: "; ключ запуска: --"}
	hiddenWords  = errs.Words{En: "The value is set and not shown.", Ru: "Значение задано и не показано."}
	repeatWords  = errs.Words{En: "May stand several times, as [[{name}]]:", Ru: "Может стоять несколько раз, как [[{name}]]:"}
)

// Print writes the configuration that the sources give as a TOML file with
// every key, its default and a comment in lang ("en" or "ru"). What it writes,
// read as a file, gives the same configuration; secrets alone are left out.
func Print(w io.Writer, s Settings, src Sources, lang string) error {
	l, err := load(s, src)
	if err != nil {
		return err
	}
	p := &printer{w: w, src: src, lang: lang}
	p.fields(l.fields, "")
	for _, sec := range l.sections {
		p.section(sec, l.fields)
	}
	return p.err
}

type printer struct {
	w    io.Writer
	src  Sources
	lang string
	hide bool // what follows is shown as a comment
	err  error
}

func (p *printer) section(sec section, fields []*Field) {
	name, _, _ := strings.Cut(sec.path, "[")
	p.hide = sec.index == exampleItem
	switch {
	case sec.list && sec.index == -1:
		p.line("")
		p.comment(sec.doc.Text(p.lang))
		p.comment(strings.ReplaceAll(repeatWords.Text(p.lang), "{name}", name))
		return
	case sec.list:
		if !p.hide {
			p.line("")
		}
		p.line("[[" + name + "]]")
	default:
		p.line("")
		p.comment(sec.doc.Text(p.lang))
		p.line("[" + name + "]")
	}
	p.fields(fields, sec.path+".")
}

// fields writes the keys that stand directly under prefix.
func (p *printer) fields(fields []*Field, prefix string) {
	own := slices.DeleteFunc(slices.Clone(fields), func(f *Field) bool { return f.Path != prefix+f.name })
	for i, f := range own {
		if i > 0 {
			p.line("")
		}
		p.comment(f.Doc.Text(p.lang))
		p.line("# " + p.facts(f))
		if f.secret && f.show() != f.initial {
			p.comment(hiddenWords.Text(p.lang))
			continue
		}
		p.line(f.name + " = " + f.show())
	}
}

func (p *printer) facts(f *Field) string {
	text := defaultWords.Text(p.lang) + f.initial
	if f.inList {
		return text
	}
	if p.src.Prefix != "" {
		text += envWords.Text(p.lang) + f.Env(p.src.Prefix)
	}
	return text + flagWords.Text(p.lang) + f.Flag()
}

// comment writes text as lines of comment, broken between words.
func (p *printer) comment(text string) {
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len([]rune(line))+1+len([]rune(word)) > lineWidth && line != "#" {
			p.line(line)
			line = "#"
		}
		line += " " + word
	}
	p.line(line)
}

func (p *printer) line(s string) {
	if p.hide && !strings.HasPrefix(s, "#") {
		s = strings.TrimRight("# "+s, " ")
	}
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, s)
	}
}
