package auth

import (
	_ "embed" // the list of common passwords
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/weftworks/weft/internal/errs"
)

// The length of a password in bytes, in NFC.
const (
	MinPassword = 8
	MaxPassword = 1024
)

// common holds passwords that many people have, one a line, in small letters.
//
//go:embed common.txt
var common string

// commonRussian goes on in Russian, of which the list knows nothing: walks
// over the keyboard, names, the usual words.
//
//go:embed common.ru.txt
var commonRussian string

var (
	msgShort = errs.Message{
		ID: "auth.password_short",
		En: "The password is too short: it needs at least {min} characters. A few words are easy to remember.",
		Ru: "Пароль слишком короткий: нужно не меньше {min} символов. Легко запомнить несколько слов.",
	}
	msgLong = errs.Message{
		ID: "auth.password_long",
		En: "The password is too long: it may have at most {max} bytes.",
		Ru: "Пароль слишком длинный: допускается не больше {max} байт.",
	}
	msgCommon = errs.Message{
		ID: "auth.password_common",
		En: "This password is among those that are tried first, since many people have it. Choose another.",
		Ru: "Этот пароль подбирают одним из первых: он есть у многих. Выберите другой.",
	}
	msgLikeName = errs.Message{
		ID: "auth.password_like_name",
		En: "The password must not be the account's name. Choose another.",
		Ru: "Пароль не должен совпадать с именем учётной записи. Выберите другой.",
	}
	msgNotText = errs.Message{
		ID: "auth.password_not_text",
		En: "The password is not valid text. Type it again.",
		Ru: "Пароль содержит недопустимые знаки. Введите его заново.",
	}
)

// CheckPassword says whether an account may have a password, and returns it
// in the form in which it is hashed: the same on every keyboard.
func CheckPassword(password, name string) (string, error) {
	if len(password) > 4*MaxPassword { // before any work is done on it
		return "", errs.New(errs.Invalid, msgLong, errs.P{"max": MaxPassword})
	}
	if !utf8.ValidString(password) {
		return "", errs.New(errs.Invalid, msgNotText, nil)
	}
	normal := norm.NFC.String(password)
	switch {
	case len(normal) < MinPassword:
		return "", errs.New(errs.Invalid, msgShort, errs.P{"min": MinPassword})
	case len(normal) > MaxPassword:
		return "", errs.New(errs.Invalid, msgLong, errs.P{"max": MaxPassword})
	case NameKey(normal) == NameKey(name):
		return "", errs.New(errs.Invalid, msgLikeName, nil)
	case isCommon(normal):
		return "", errs.New(errs.Invalid, msgCommon, nil)
	}
	return normal, nil
}

func isCommon(password string) bool {
	line := strings.ToLower(password)
	return !strings.Contains(line, "\n") && (hasLine(common, line) || hasLine(commonRussian, line))
}

func hasLine(list, line string) bool {
	return strings.HasPrefix(list, line+"\n") || strings.Contains(list, "\n"+line+"\n")
}

// given returns a password as someone typed it in the form in which it was
// hashed; "" if no account can have it.
func given(password string) string {
	if len(password) > 4*MaxPassword || !utf8.ValidString(password) {
		return ""
	}
	normal := norm.NFC.String(password)
	if len(normal) > MaxPassword {
		return ""
	}
	return normal
}
