package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/weftworks/weft/internal/errs"
)

// The limits of a package file. Files come from strangers.
const (
	MaxBytes = 64 << 20 // of the file
	MaxDepth = 100      // of maps and lists in each other
	MaxNodes = 100_000  // of all workflows
	MaxText  = 1 << 20  // bytes of one text
	maxKey   = 1000     // bytes of a key as it is spelled; YAML itself ends at 1,024

	// maxMarks bounds the line ends, commas and brackets of a file, and by them
	// the memory that its tree takes: some 300 bytes for each value.
	maxMarks = 4_000_000
)

var (
	msgTooLarge = errs.Message{
		ID: "pack.too_large",
		En: "The file is larger than 64 MiB. A package holds the logic, not the data: move tables into files of their own.",
		Ru: "Файл больше 64 МиБ. Пакет хранит логику, а не данные: вынесите таблицы в отдельные файлы.",
	}
	msgTooMany = errs.Message{
		ID: "pack.too_many_values",
		En: "The file holds too many values. A package holds the logic, not the data: move tables into files of their own.",
		Ru: "В файле слишком много значений. Пакет хранит логику, а не данные: вынесите таблицы в отдельные файлы.",
	}
	msgNotUTF8 = errs.Message{
		ID: "pack.not_utf8",
		En: "The file is not UTF-8 text: a wrong byte stands here. Save it as UTF-8.",
		Ru: "Файл не в кодировке UTF-8: здесь стоит неверный байт. Сохраните его в UTF-8.",
	}
	msgBadCharacter = errs.Message{
		ID: "pack.bad_character",
		En: "The character {code} cannot stand in a package file. In a text in double quotes it may be written as an escape.",
		Ru: "Символ {code} не может стоять в файле пакета. В тексте в двойных кавычках его можно записать кодом.",
	}
	msgSyntax = errs.Message{
		ID: "pack.syntax",
		En: "This is not valid YAML: {problem}",
		Ru: "Это не правильный YAML: {problem}",
	}
	msgNotYAML = errs.Message{
		ID: "pack.not_in_subset",
		En: "A package file has no {what}. {hint}",
		Ru: "В файле пакета не бывает {what}. {hint}",
	}
	msgEmpty = errs.Message{
		ID: "pack.empty",
		En: "The file is empty. A package begins with \"weft: 1\".",
		Ru: "Файл пуст. Пакет начинается со строки «weft: 1».",
	}
	msgDuplicateKey = errs.Message{
		ID: "pack.duplicate_key",
		En: "The key {key} stands twice in one map, first in line {line}.",
		Ru: "Ключ {key} стоит в одном наборе дважды, впервые в строке {line}.",
	}
	msgKeyShape = errs.Message{
		ID: "pack.key_shape",
		En: "A key must be text on one line, of at most 1,000 bytes.",
		Ru: "Ключ должен быть текстом в одну строку, не длиннее 1000 байт.",
	}
	msgTooDeep = errs.Message{
		ID: "pack.too_deep",
		En: "Maps and lists stand in each other more than 100 levels deep.",
		Ru: "Наборы и списки вложены друг в друга глубже 100 уровней.",
	}
	msgTextTooLong = errs.Message{
		ID: "pack.text_too_long",
		En: "The text is longer than 1 MiB. Put it in a file and name the file.",
		Ru: "Текст длиннее 1 МиБ. Поместите его в файл и укажите файл.",
	}
)

// readYAML turns the text of a file into a tree of values with positions and
// comments. All that is wrong goes into list; the tree is nil when there is
// nothing that could be read further.
func readYAML(src []byte, list *errs.List) (root *Value, comments []comment, tail []string) {
	if len(src) > MaxBytes {
		list.Add(TooLarge())
		return nil, nil, nil
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	if marks(src) > maxMarks {
		list.Add(errs.New(errs.Invalid, msgTooMany, nil))
		return nil, nil, nil
	}
	if err := checkCharacters(src); err != nil {
		list.Add(err)
		return nil, nil, nil
	}
	r := &yamlReader{list: list, lines: bytes.Split(src, []byte("\n"))}
	if r.directive() {
		return nil, nil, nil
	}
	doc, err := parseYAML(src)
	if err != nil {
		list.Add(locate(src, err))
		return nil, nil, nil
	}
	if doc == nil {
		list.Add(errs.New(errs.Invalid, msgEmpty, nil).At(errs.Place{Line: 1, Column: 1}))
		return nil, nil, nil
	}
	root = new(Value)
	r.value(doc, root, -1, 0, false)
	if r.failed {
		return nil, nil, nil
	}
	comments = scanComments(r.lines, r.marks)
	tail = attach(comments, r.slots, list)
	return root, comments, tail
}

// checkCharacters finds the first byte that is not UTF-8 and the first
// character that YAML forbids, or that readers of YAML 1.1 and 1.2 take for
// different things.
func checkCharacters(src []byte) *errs.Error {
	line, column := 1, 1
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		place := errs.Place{Line: line, Column: column}
		switch {
		case r == utf8.RuneError && n == 1:
			return errs.New(errs.Invalid, msgNotUTF8, nil).At(place)
		case r == '\n':
			line, column = line+1, 0
		case r != '\t' && !printableRune(r):
			return errs.New(errs.Invalid, msgBadCharacter, errs.P{"code": fmt.Sprintf("U+%04X", r)}).At(place)
		}
		column++
		i += n
	}
	return nil
}

var errSecondDocument = errors.New("second document")

// parseYAML reads the one document of src; nil for a file without content.
func parseYAML(src []byte) (doc *yaml.Node, err error) {
	defer func() { // the library panics where its own bookkeeping of comments fails
		if r := recover(); r != nil {
			doc, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var first, second yaml.Node
	if err := dec.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	if err := dec.Decode(&second); err == nil {
		return &second, errSecondDocument
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(first.Content) == 0 {
		return nil, nil
	}
	return first.Content[0], nil
}

var (
	errorLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)
	anchorOf  = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// locate turns an error of the library into ours. The library names the line
// where the surrounding item began, so the true place is sought: the end of
// the shortest beginning of the file that gives the very same error.
func locate(src []byte, err error) *errs.Error {
	if errors.Is(err, errSecondDocument) {
		return outside("several documents").At(documentPlace(src))
	}
	m := errorLine.FindStringSubmatch(err.Error())
	problem, line := err.Error(), 1
	if m != nil {
		problem = m[2]
		line, _ = strconv.Atoi(m[1])
	}
	if a := anchorOf.FindStringSubmatch(problem); a != nil {
		at := max(bytes.Index(src, []byte("*"+a[1])), 0)
		return outside("aliases").At(placeOf(src, at))
	}
	e := errs.New(errs.Invalid, msgSyntax, errs.P{"problem": problemWords(problem)}).Because(err)
	if strings.Contains(problem, "end of stream") || len(src) > 1<<20 {
		return e.At(errs.Place{Line: max(line, 1), Column: 1})
	}
	low, high := 0, len(src)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if _, e := parseYAML(src[:mid]); e != nil && e.Error() == err.Error() {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return e.At(placeOf(src, max(high-1, 0)))
}

func documentPlace(src []byte) errs.Place {
	if i := bytes.LastIndex(src, []byte("\n---")); i >= 0 {
		return placeOf(src, i+1)
	}
	return errs.Place{}
}

// placeOf is the line and column of a byte; a line's end belongs to its line.
func placeOf(src []byte, at int) errs.Place {
	before := src[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	return errs.Place{Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(before[start:]) + 1}
}

// yamlReader walks the library's tree once.
type yamlReader struct {
	list   *errs.List
	lines  [][]byte
	slots  []slot // where comments can be kept
	marks  []mark // where scalars and flow collections begin
	cursor cursor
	failed bool // comments cannot be told from content
}

// value converts n into *v. parent is the indentation of the block collection
// around n, -1 at the root.
func (r *yamlReader) value(n *yaml.Node, v *Value, parent, depth int, flow bool) {
	v.Pos = Pos{Line: n.Line, Column: n.Column}
	if depth > MaxDepth {
		r.add(msgTooDeep, nil, v.Pos)
		r.failed = true
		return
	}
	r.refuse(n, v.Pos)
	switch n.Kind {
	case yaml.ScalarNode:
		r.scalar(n, v, parent)
	case yaml.SequenceNode:
		r.sequence(n, v, depth, flow)
	case yaml.MappingNode:
		r.mapping(n, v, depth, flow)
	}
}

// refuse reports what the strict subset leaves out.
func (r *yamlReader) refuse(n *yaml.Node, at Pos) {
	var what string
	switch {
	case n.Kind == yaml.AliasNode:
		what = "aliases"
	case n.Anchor != "":
		what = "anchors"
	case n.Style&yaml.TaggedStyle != 0, r.byteAt(at) == '!':
		what = "tags"
	default:
		return
	}
	r.list.Add(outside(what).At(at.Place()))
	r.failed = true
}

func outside(what string) *errs.Error {
	words := map[string][2]errs.Words{
		"aliases":           {{En: "aliases (*name)", Ru: "ссылок YAML (*имя)"}, {En: "Write the value out.", Ru: "Выпишите значение целиком."}},
		"anchors":           {{En: "anchors (&name)", Ru: "якорей YAML (&имя)"}, {En: "Write the value out where it is used.", Ru: "Выпишите значение там, где оно нужно."}},
		"tags":              {{En: "tags (!name)", Ru: "тегов YAML (!имя)"}, {En: "Put text that begins with ! in quotes.", Ru: "Текст, который начинается с !, возьмите в кавычки."}},
		"several documents": {{En: "second document (---)", Ru: "второго документа (---)"}, {En: "Remove this --- and what follows, or make it a file of its own.", Ru: "Уберите --- и всё после него или сделайте из этого отдельный файл."}},
		"directives":        {{En: "directives (%NAME)", Ru: "директив YAML (%ИМЯ)"}, {En: "Remove the line.", Ru: "Уберите строку."}},
	}
	w := words[what]
	return errs.New(errs.Invalid, msgNotYAML, errs.P{"what": w[0], "hint": w[1]})
}

func (r *yamlReader) directive() bool {
	for i, l := range r.lines {
		if s := bytes.TrimSpace(l); len(s) > 0 && s[0] != '#' {
			if l[0] != '%' {
				return false
			}
			r.list.Add(outside("directives").At(errs.Place{Line: i + 1, Column: 1}))
			return true
		}
	}
	return false
}

func (r *yamlReader) scalar(n *yaml.Node, v *Value, parent int) {
	at := v.Pos
	style := n.Style & (yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle)
	if n.Value != "" || style != 0 {
		r.marks = append(r.marks, mark{pos: at, style: style, parent: parent})
	}
	if len(n.Value) > MaxText {
		r.add(msgTextTooLong, nil, at)
		return
	}
	if style != 0 {
		*v = Text(n.Value)
	} else {
		resolved, err := resolve(n.Value)
		if err != nil {
			r.list.Add(err.At(at.Place()))
		}
		*v = resolved
	}
	v.Pos = at
}

func (r *yamlReader) sequence(n *yaml.Node, v *Value, depth int, flow bool) {
	v.Kind = ListValue
	inner := r.open(n, flow)
	v.List = make([]Value, len(n.Content))
	for i, c := range n.Content {
		if !inner && (c.Value != "" || c.Kind != yaml.ScalarNode) {
			r.slots = append(r.slots, slot{pos: Pos{c.Line, c.Column}, notes: &v.List[i].Notes, item: true})
		}
		r.value(c, &v.List[i], n.Column-1, depth+1, inner)
	}
}

func (r *yamlReader) mapping(n *yaml.Node, v *Value, depth int, flow bool) {
	v.Kind = MapValue
	inner := r.open(n, flow)
	v.Map = make([]Entry, len(n.Content)/2)
	seen := make(map[string]int, len(v.Map))
	for i := range v.Map {
		k, c, e := n.Content[2*i], n.Content[2*i+1], &v.Map[i]
		e.Pos = Pos{k.Line, k.Column}
		e.Key = r.key(k, n.Column-1)
		if line, twice := seen[e.Key]; twice {
			r.add(msgDuplicateKey, errs.P{"key": e.Key, "line": line}, e.Pos)
		} else {
			seen[e.Key] = k.Line
		}
		if !inner {
			r.slots = append(r.slots, slot{pos: e.Pos, notes: &e.Value.Notes})
		}
		r.value(c, &e.Value, n.Column-1, depth+1, inner)
		if c.Kind == yaml.ScalarNode && c.Value == "" && c.Style == 0 {
			e.Value.Pos = e.Pos // the library gives the place of what comes next
		}
	}
}

// key reads a key. Unquoted keys are text whatever they look like.
func (r *yamlReader) key(k *yaml.Node, parent int) string {
	at := Pos{k.Line, k.Column}
	r.refuse(k, at)
	if k.Kind != yaml.ScalarNode || len(quote(k.Value, true)) > maxKey || r.byteAt(at) == '?' && k.Style == 0 {
		r.add(msgKeyShape, nil, at)
		r.failed = true
		return ""
	}
	if k.Value != "" || k.Style != 0 {
		r.marks = append(r.marks, mark{pos: at, style: k.Style, parent: parent})
	}
	return k.Value
}

// open notes the opening bracket of a flow collection and reports whether the
// items of n stand within one.
func (r *yamlReader) open(n *yaml.Node, flow bool) bool {
	if n.Style&yaml.FlowStyle == 0 {
		return flow
	}
	at := Pos{n.Line, n.Column}
	if c := r.byteAt(at); c == '[' || c == '{' {
		r.marks = append(r.marks, mark{pos: at, open: true})
	}
	return true
}

func (r *yamlReader) byteAt(p Pos) byte {
	if p.Line < 1 || p.Line > len(r.lines) {
		return 0
	}
	l := r.lines[p.Line-1]
	if i := r.cursor.index(l, p); i < len(l) {
		return l[i]
	}
	return 0
}

func (r *yamlReader) add(m errs.Message, p errs.P, at Pos) {
	r.list.Add(errs.New(errs.Invalid, m, p).At(at.Place()))
}

// cursor finds the bytes of positions. It goes on from the position before
// where it can: a file may be one line of 64 MiB.
type cursor struct {
	at   Pos
	byte int
}

// index is the index of the byte where p's column begins in its line.
func (c *cursor) index(line []byte, p Pos) int {
	if p.Line != c.at.Line || p.Column < c.at.Column {
		c.at, c.byte = Pos{p.Line, 1}, 0
	}
	for ; c.at.Column < p.Column && c.byte < len(line); c.at.Column++ {
		_, n := utf8.DecodeRune(line[c.byte:])
		c.byte += n
	}
	return c.byte
}
