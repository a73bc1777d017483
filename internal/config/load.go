package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

var (
	missingFile = errs.Message{
		ID: "config.missing_file",
		En: "There is no configuration file {file}.",
		Ru: "Файла конфигурации {file} нет.",
	}
	unreadableFile = errs.Message{
		ID: "config.unreadable_file",
		En: "The configuration file {file} cannot be read.",
		Ru: "Файл конфигурации {file} не читается.",
	}
	unknownKey = errs.Message{
		ID: "config.unknown_key",
		En: "There is no key {key}. {suggest}",
		Ru: "Ключа {key} нет. {suggest}",
	}
	badValue = errs.Message{
		ID: "config.bad_value",
		En: "{key} must be {want}; here it is {found}.",
		Ru: "{key}: ожидается {want}; указано {found}.",
	}
	noSection = errs.Message{
		ID: "config.no_section",
		En: "{key} is a section of keys, not a single value.",
		Ru: "{key} — раздел с ключами, а не отдельное значение.",
	}
)

// Sources are what a configuration is made from; later ones win.
type Sources struct {
	File   string            // path of the TOML file; empty: none
	Prefix string            // of environment variables, such as WEFT_WEB_
	Env    []string          // NAME=value, as os.Environ gives it
	Ignore []string          // variables with the prefix that are none of the configuration
	Flags  map[string]string // flags that were given, by Field.Flag
}

// Load fills s from its defaults and the sources. The error holds everything
// that is wrong, each at its place; s is of no use then.
func Load(s Settings, src Sources) error {
	_, err := load(s, src)
	return err
}

func load(s Settings, src Sources) (*loader, error) {
	doc := &document{}
	if src.File != "" {
		var err error
		if doc, err = readFile(src.File); err != nil {
			return nil, err
		}
	}
	b := newBinder(doc)
	s.Bind(b)
	l := &loader{fields: *b.fields, sections: *b.sections}
	l.file(doc)
	l.environment(src)
	l.flags(src.Flags)
	return l, l.errs.Err()
}

func readFile(file string) (*document, error) {
	data, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errs.New(errs.NotFound, missingFile, errs.P{"file": file}).Because(err)
	case err != nil:
		return nil, errs.New(errs.Unreadable, unreadableFile, errs.P{"file": file}).Because(err)
	}
	return parseDocument(file, data)
}

type loader struct {
	fields   []*Field
	sections []section
	errs     errs.List
}

func (l *loader) field(path string) *Field {
	i := slices.IndexFunc(l.fields, func(f *Field) bool { return f.Path == path })
	if i < 0 {
		return nil
	}
	return l.fields[i]
}

func (l *loader) isSection(path string) bool {
	return slices.ContainsFunc(l.sections, func(s section) bool { return s.path == path && s.list == (s.index >= 0) })
}

func (l *loader) file(doc *document) {
	for _, e := range doc.entries {
		f := l.field(e.path)
		switch {
		case f != nil && !e.table:
			l.put(f, e.value, found{e.value}, e.path, e.place)
		case f != nil:
			l.add(errs.New(errs.Invalid, badValue, errs.P{"key": e.path, "want": f.want, "found": tableWords}), e.place)
		case e.table && l.isSection(e.path):
		case l.isSection(e.path):
			l.add(errs.New(errs.Invalid, noSection, errs.P{"key": e.path}), e.place)
		case l.parentUnknown(doc, e):
		default:
			l.unknown(e.path, l.paths(), e.place)
		}
	}
}

// parentUnknown tells that a table around e has been refused already.
func (l *loader) parentUnknown(doc *document, e entry) bool {
	return slices.ContainsFunc(doc.entries, func(o entry) bool {
		return o.table && strings.HasPrefix(e.path, o.path+".") && !l.isSection(o.path)
	})
}

func (l *loader) environment(src Sources) {
	if src.Prefix == "" {
		return
	}
	names := make([]string, len(l.fields))
	for i, f := range l.fields {
		names[i] = f.Env(src.Prefix)
	}
	for _, pair := range src.Env {
		name, text, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, src.Prefix) || slices.Contains(src.Ignore, name) {
			continue
		}
		i := slices.Index(names, name)
		if i < 0 || l.fields[i].inList {
			l.unknown(name, names, errs.Place{})
			continue
		}
		l.put(l.fields[i], l.fields[i].parse(text), found{text}, name, errs.Place{})
	}
}

func (l *loader) flags(given map[string]string) {
	names := make([]string, len(l.fields))
	for i, f := range l.fields {
		names[i] = f.Flag()
	}
	for i, f := range l.fields {
		if text, ok := given[names[i]]; ok && !f.inList {
			l.put(f, f.parse(text), found{text}, "--"+names[i], errs.Place{})
		}
	}
	for name := range given {
		if !slices.Contains(names, name) {
			l.unknown("--"+name, names, errs.Place{})
		}
	}
}

// put gives a field its value, or collects why it can't.
func (l *loader) put(f *Field, v any, as errs.Localized, key string, place errs.Place) {
	if !f.set(v) {
		if f.secret {
			as = errs.Words{En: "…", Ru: "…"}
		}
		l.add(errs.New(errs.Invalid, badValue, errs.P{"key": key, "want": f.want, "found": as}), place)
		return
	}
	if f.check == nil {
		return
	}
	if err := f.check(v); err != nil {
		place.Setting = key
		l.add(err, place)
	}
}

func (l *loader) unknown(key string, candidates []string, place errs.Place) {
	l.add(errs.New(errs.Invalid, unknownKey, errs.P{"key": key, "suggest": errs.Suggest(key, candidates)}), place)
}

func (l *loader) add(e *errs.Error, place errs.Place) { l.errs.Add(e.At(place)) }

func (l *loader) paths() []string {
	var out []string
	for _, f := range l.fields {
		out = append(out, f.Path)
	}
	for _, s := range l.sections {
		out = append(out, s.path)
	}
	return out
}

var (
	tableWords = errs.Words{En: "a section", Ru: "раздел"}
	otherWords = errs.Words{En: "a date or time", Ru: "дата или время"}
)

// found words a TOML value.
type found struct{ v any }

// Text words the value in lang.
func (a found) Text(lang string) string {
	switch v := a.v.(type) {
	case nil:
		return otherWords.Text(lang)
	case string:
		return quote(v)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = found{item}.Text(lang)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(a.v)
}
