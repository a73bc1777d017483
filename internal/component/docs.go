package component

import (
	"io/fs"
	"strings"
)

// Docs are a component's pages, one a language, and its icon.
type Docs struct {
	En, Ru Doc
	Icon   string // SVG
}

// Doc is one page. Its source is Markdown: a title, one sentence that says
// what the component does, more text, then under "## Settings" a heading of
// level three for each setting.
type Doc struct {
	Title    string
	Summary  string
	Body     string            // between summary and settings
	Settings map[string]string // by path without indexes: measures.column
}

// In returns the page in a language; anything but "ru" is English.
func (d Docs) In(lang string) Doc {
	if lang == "ru" {
		return d.Ru
	}
	return d.En
}

// ReadDocs reads doc.en.md, doc.ru.md and icon.svg of a component's folder. A
// file that is not there leaves its part empty; the conformance suite refuses
// that.
func ReadDocs(folder fs.FS) Docs {
	text := func(name string) string {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return ""
		}
		return string(data)
	}
	return Docs{En: ParseDoc(text("doc.en.md")), Ru: ParseDoc(text("doc.ru.md")), Icon: text("icon.svg")}
}

// ParseDoc reads one page. The heading that begins the settings is the only
// one of level two that is named Settings or Параметры.
func ParseDoc(src string) Doc {
	d := Doc{Settings: map[string]string{}}
	var part []string
	key, inSettings := "", false
	flush := func() {
		text := strings.TrimSpace(strings.Join(part, "\n"))
		part = part[:0]
		switch {
		case inSettings && key != "":
			d.Settings[key] = text
		case !inSettings:
			d.Summary, d.Body, _ = strings.Cut(text, "\n\n")
			d.Body = strings.TrimSpace(d.Body)
		}
	}
	for line := range strings.Lines(src) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "# "):
			d.Title = strings.TrimSpace(line[2:])
		case line == "## Settings", line == "## Параметры":
			flush()
			inSettings = true
		case inSettings && strings.HasPrefix(line, "### "):
			flush()
			key = strings.TrimSpace(line[4:])
		default:
			part = append(part, line)
		}
	}
	flush()
	return d
}
