package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
)

// MaxName is the length of an account's name in characters.
const MaxName = 64

var msgName = errs.Message{
	ID: "auth.name",
	En: "{name} can't be an account's name: it has 1 to {max} letters, digits and . _ - + @, and begins and ends with a letter or digit.",
	Ru: "{name} не может быть именем учётной записи: в нём от 1 до {max} букв, цифр и знаков . _ - + @, а начинается и кончается оно буквой или цифрой.",
}

// NameKey is the form in which names of accounts are compared: in NFC and
// with full case folding.
func NameKey(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

// checkName says whether an account may have a name. A name is good for a
// folder, too.
func checkName(name string) (string, error) {
	bad := errs.New(errs.Invalid, msgName, errs.P{"name": name, "max": MaxName})
	if len(name) > 8*MaxName || !utf8.ValidString(name) {
		return "", errs.New(errs.Invalid, msgName, errs.P{"name": "…", "max": MaxName})
	}
	name = norm.NFC.String(name)
	n := utf8.RuneCountInString(name)
	first, _ := utf8.DecodeRuneInString(name)
	last, _ := utf8.DecodeLastRuneInString(name)
	if n == 0 || n > MaxName || !plain(first) || !plain(last) && !unicode.IsMark(last) ||
		strings.ContainsFunc(name, func(r rune) bool { return !plain(r) && !unicode.IsMark(r) && !strings.ContainsRune("._-+@", r) }) {
		return "", bad
	}
	return name, nil
}

func plain(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
