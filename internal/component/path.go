package component

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
)

// The limits of paths, in bytes.
const (
	maxPath = 4096
	maxPart = 255
)

var (
	errPathLong = errs.Message{
		ID: "component.path_long",
		En: "The path is too long: at most {part} bytes a name and {all} in all.",
		Ru: "Слишком длинный путь: имя — не больше {part} байт, весь путь — не больше {all}.",
	}
	errPathCharacter = errs.Message{
		ID: "component.path_character",
		En: "The path {path} holds {found}, which must not stand in a path. Folders are parted by /.",
		Ru: "В пути {path} есть {found}: такой знак в пути недопустим. Папки разделяются знаком /.",
	}
	errPathName = errs.Message{
		ID: "component.path_name",
		En: "{name} cannot be the name of a file or folder: not every system can keep it. Choose another name.",
		Ru: "{name} не может быть именем файла или папки: не всякая система его примет. Выберите другое имя.",
	}
	errPathFolder = errs.Message{
		ID: "component.path_folder",
		En: "The path {path} names a folder. Add the name of a file.",
		Ru: "Путь {path} ведёт к папке. Допишите имя файла.",
	}
)

// checkPath refuses a path that cannot be right on any system. A file that is
// written also gets a name that every system can keep, so that a workspace
// moves between them. Whether the path stays in the workspace is the run's to
// check.
func checkPath(path string, write bool) error {
	if len(path) > maxPath {
		return errs.New(errs.Invalid, errPathLong, errs.P{"part": maxPart, "all": maxPath})
	}
	for _, r := range path {
		if unicode.IsControl(r) || isBidi(r) || r == '\\' || write && strings.ContainsRune(`:*?"<>|`, r) {
			return errs.New(errs.Invalid, errPathCharacter, errs.P{"path": printable(path), "found": printable(string(r))})
		}
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if last := parts[len(parts)-1]; last == "" || last == "." || last == ".." {
		return errs.New(errs.Invalid, errPathFolder, errs.P{"path": path})
	}
	for _, p := range parts {
		if len(p) > maxPart {
			return errs.New(errs.Invalid, errPathLong, errs.P{"part": maxPart, "all": maxPath})
		}
		if write && !portable(p) {
			return errs.New(errs.Invalid, errPathName, errs.P{"name": p})
		}
	}
	return nil
}

// portable reports whether every usual system can keep a file of this name.
func portable(name string) bool {
	if name == "." || name == ".." {
		return true
	}
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, stem) {
		return false
	}
	if port, ok := strings.CutPrefix(stem, "COM"); ok && isPort(port) {
		return false
	}
	if port, ok := strings.CutPrefix(stem, "LPT"); ok && isPort(port) {
		return false
	}
	return name != "" && norm.NFC.IsNormalString(name) &&
		!strings.HasSuffix(name, ".") && strings.TrimSpace(name) == name
}

// isPort knows the digits behind COM and LPT, superscripts too.
func isPort(s string) bool {
	r := []rune(s)
	return len(r) == 1 && strings.ContainsRune("0123456789¹²³", r[0])
}

// isBidi knows the characters that turn the direction of text, and so show a
// name as another.
func isBidi(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f' || r == '\u061c'
}

// printable spells what cannot be seen as its code.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) || isBidi(r) {
			fmt.Fprintf(&b, "U+%04X", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
