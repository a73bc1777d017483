package config

import (
	"errors"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/weftworks/weft/internal/errs"
)

var (
	badSyntax = errs.Message{
		ID: "config.bad_syntax",
		En: "This is not TOML: {detail}.",
		Ru: "Это не TOML: {detail}.",
	}
	standsTwice = errs.Message{
		ID: "config.stands_twice",
		En: "{key} stands in the file more than once.",
		Ru: "{key} стоит в файле не один раз.",
	}
)

// syntaxError words what the library says of a file that is no TOML.
func syntaxError(file string, data []byte, err error) error {
	place := errs.Place{File: file}
	text := strings.TrimPrefix(err.Error(), "toml: ")
	if de, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, column := de.Position()
		place.Line, place.Column = line, characters(data, line, column)
	}
	if m := twice().FindStringSubmatch(text); m != nil {
		return errs.New(errs.Invalid, standsTwice, errs.P{"key": m[1]}).At(place).Because(err)
	}
	return errs.New(errs.Invalid, badSyntax, errs.P{"detail": syntaxWords(text)}).At(place).Because(err)
}

// twice finds the key that the library says was there before.
func twice() *regexp.Regexp {
	return regexp.MustCompile(`^(?:table|key) (.+?) (?:already exists|is already defined|should be a table)`)
}

// syntaxWords finds the words for a text of the library: the first whose part
// it contains. A text that is not known stays as it is.
func syntaxWords(text string) errs.Words {
	for _, k := range syntaxKinds() {
		for _, part := range k.parts {
			if strings.Contains(text, part) {
				return k.words
			}
		}
	}
	return errs.Words{En: text}
}

// syntaxKind is one sort of mistake, with parts of what the library says of it.
type syntaxKind struct {
	words errs.Words
	parts []string
}

// syntaxKinds are all sorts that people meet, the special ones first.
func syntaxKinds() []syntaxKind {
	kind := func(en, ru string, parts ...string) syntaxKind { return syntaxKind{errs.Words{En: en, Ru: ru}, parts} }
	return []syntaxKind{
		kind("a character is not UTF-8", "символ не в кодировке UTF-8", "invalid UTF-8"),
		kind("a control character stands here", "здесь стоит управляющий символ", "control characters", "carriage return"),
		kind(`there is no such escape; a backslash in double quotes is written \\, or the text stands in single quotes`,
			`такой последовательности нет; обратная косая черта в двойных кавычках пишется \\, или текст берётся в одинарные кавычки`,
			"escape", `need a character after \`, "unicode code point"),
		kind("the quotes are not closed", "кавычки не закрыты", "unterminated", "not terminated", "cannot have new lines"),
		kind("there are too many quotes", "кавычек слишком много", "too many quotes"),
		kind("the number is too large", "число слишком велико", "too large to fit"),
		kind("the number is not written as numbers are", "число записано неверно", "number must", "number after sign",
			"expected digit", "radix prefix", "leading zeroes", "decimal point", "exponent", "parse float"),
		kind("the date or time is not written as in 2026-01-31 or 13:45:00", "дата или время записаны не так, как 2026-01-31 или 13:45:00",
			"date", "time", "hour", "minutes", "seconds", "fraction point", "expected a : separator"),
		kind("the name of a section is not closed by ]", "имя раздела не закрыто скобкой ]", "to close table name", "to close array table name"),
		kind("behind a key comes =", "после ключа нужен знак =", "'=' after key"),
		kind("a key is missing here, or must stand in quotes", "здесь нет ключа, или его надо взять в кавычки", "expected key but", "start of key"),
		kind("the list is not closed by ]", "список не закрыт скобкой ]", "array is incomplete"),
		kind("the values of a list are parted by commas", "значения списка разделяются запятыми", "after array value", "expected value but got"),
		kind("the brace { is not closed by }", "фигурная скобка { не закрыта", "inline table is incomplete"),
		kind("the keys in braces are parted by single commas", "ключи в фигурных скобках разделяются одной запятой", "comma in inline table", "inline table key-value"),
		kind("it is nested too deeply", "вложенность слишком велика", "nested more than"),
		kind("a value is missing", "нет значения", "expected value, not end", "U+000A"),
		kind("this is no value; text stands in quotes", "это не значение; текст пишется в кавычках", "at start of value", "expected keyword", "must be quoted", `expected "`),
		kind("the line goes on behind its value", "строка продолжается после значения", "expected newline"),
	}
}
