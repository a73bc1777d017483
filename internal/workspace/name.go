package workspace

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
)

// The limits of names, in bytes.
const (
	maxName = 255
	maxPath = 4096
)

// reserved are names that some system takes for a device.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)`)

// checkPath refuses names that mean different files on different systems, so
// that a workspace can move: the characters of patterns excepted.
func checkPath(name string) error {
	var why errs.Words
	switch {
	case name == "":
		why = errs.Words{En: "it is empty", Ru: "он пуст"}
	case len(name) > maxPath:
		why = errs.Words{En: "it is too long", Ru: "он слишком длинный"}
	case !utf8.ValidString(name):
		why = errs.Words{En: "it is not UTF-8", Ru: "он не в UTF-8"}
	case !norm.NFC.IsNormalString(name):
		why = errs.Words{En: "its characters are not composed (NFC)", Ru: "его символы не в форме NFC"}
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(name, "/"), "/") {
		if why.En == "" {
			why = badName(part)
		}
	}
	if why.En == "" {
		return nil
	}
	return errs.New(errs.Invalid, errName, errs.P{"path": name, "reason": why})
}

// CheckName says whether a file or folder of a tree may have a path: as
// checkPath, but without a way up, without patterns, and without the names that
// Weft writes under. errs.Invalid tells what is wrong.
func CheckName(name string) error {
	if err := checkPath(name); err != nil {
		return err
	}
	var why errs.Words
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case part == "":
			why = errs.Words{En: "it begins with a slash", Ru: "он начинается с косой черты"}
		case part == ".", part == "..":
			why = errs.Words{En: "it holds a part " + part, Ru: "в нём есть часть " + part}
		case strings.HasPrefix(part, private):
			why = errs.Words{En: "names that begin with " + private + " are Weft's own", Ru: "имена с " + private + " в начале занимает сам Weft"}
		case strings.ContainsAny(part, "*?"):
			why = errs.Words{En: "it holds the character * or ?", Ru: "в нём есть символ * или ?"}
		}
	}
	if why.En == "" {
		return nil
	}
	return errs.New(errs.Invalid, errName, errs.P{"path": name, "reason": why})
}

func badName(part string) errs.Words {
	if part == "." || part == ".." {
		return errs.Words{}
	}
	for _, r := range part {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return errs.Words{En: "it holds an invisible character", Ru: "в нём есть невидимый символ"}
		case strings.ContainsRune(`\:"<>|`, r):
			return errs.Words{En: "it holds the character " + string(r), Ru: "в нём есть символ " + string(r)}
		}
	}
	switch {
	case part == "":
		return errs.Words{En: "a part of it is empty", Ru: "одна из его частей пуста"}
	case len(part) > maxName:
		return errs.Words{En: "a part of it is too long", Ru: "одна из его частей слишком длинная"}
	case strings.HasPrefix(part, " "), strings.HasSuffix(part, " "), strings.HasSuffix(part, "."):
		return errs.Words{En: "a part of it begins or ends with a space or a dot", Ru: "одна из его частей начинается или кончается пробелом или точкой"}
	case reserved.MatchString(part):
		return errs.Words{En: part + " is the name of a device", Ru: part + " — имя устройства"}
	default:
		return errs.Words{}
	}
}
