package duckdb

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

var (
	msgRowWidth = errs.Message{
		ID: "duckdb.row_width",
		En: "Fields in this row: {found}, in the others: {want}. Correct the file, or its delimiter and quote in the settings.",
		Ru: "Полей в этой строке: {found}, в остальных: {want}. Исправьте файл либо разделитель и кавычку в параметрах.",
	}
	msgRowQuote = errs.Message{
		ID: "duckdb.row_quote",
		En: "A quote is opened in this row and not closed as it should be. Correct the file, or choose another quote in the settings.",
		Ru: "В этой строке кавычка открыта и не закрыта как положено. Исправьте файл или выберите в параметрах другую кавычку.",
	}
	msgRowBytes = errs.Message{
		ID: "duckdb.row_bytes",
		En: "This row is not encoded in utf-8 as the rows before it are. Correct the file, or choose its encoding in the settings.",
		Ru: "Эта строка не в кодировке utf-8, в отличие от строк перед ней. Исправьте файл или выберите в параметрах его кодировку.",
	}
	msgRow = errs.Message{
		ID: "duckdb.row",
		En: "This row cannot be read: {detail}",
		Ru: "Эту строку не удаётся прочитать: {detail}",
	}
	msgMisfit = errs.Message{
		ID: "duckdb.misfit",
		En: "The value '{value}' is no {type}, and the settings make that an error.",
		Ru: "Значение '{value}' не подходит под тип {type}, а по параметрам это ошибка.",
	}
)

// The parts of DuckDB's texts about a row of a text file.
var (
	csvLine  = regexp.MustCompile(`^CSV Error on Line: (\d+)`)
	csvWidth = regexp.MustCompile(`(?m)^Expected Number of Columns: (\d+) Found: (\d+)`)
	csvFile  = regexp.MustCompile(`(?m)^\s*file = (.+)$`)
	// What rel/sql has DuckDB say of a value that must convert and does not.
	misfit = regexp.MustCompile(`(?s)^weft misfit ([a-z0-9(), ]+): (.*)$`)
)

// special words the texts whose parts tell more than their first line: a row
// of a text file, which gets its place, and a strict conversion. It is nil for
// all others.
func (t tidier) special(text, rest string) *errs.Error {
	if m := misfit.FindStringSubmatch(rest); m != nil {
		return errs.New(errs.Failed, msgMisfit, errs.P{"type": m[1], "value": t.detail(m[2])}).Because(errors.New(text))
	}
	m := csvLine.FindStringSubmatch(rest)
	if m == nil {
		return nil
	}
	line, err := strconv.Atoi(m[1])
	if err != nil {
		line = 0 // a number that long is no line
	}
	place := errs.Place{Line: line}
	if f := csvFile.FindStringSubmatch(rest); f != nil {
		place.File = t.paths.Replace(f[1])
	}
	return t.row(rest).At(place).Because(errors.New(text))
}

// row says what is wrong with a row.
func (t tidier) row(text string) *errs.Error {
	if w := csvWidth.FindStringSubmatch(text); w != nil {
		return errs.New(errs.Unreadable, msgRowWidth, errs.P{"want": w[1], "found": w[2]})
	}
	if strings.Contains(text, "unterminated quote") || strings.Contains(text, "quote is not") {
		return errs.New(errs.Unreadable, msgRowQuote, nil)
	}
	if strings.Contains(text, "Invalid unicode") {
		return errs.New(errs.Unreadable, msgRowBytes, nil)
	}
	// The first line is the place, the second the row as it stands.
	detail := text
	for range 2 {
		if _, after, ok := strings.Cut(detail, "\n"); ok {
			detail = after
		}
	}
	return errs.New(errs.Unreadable, msgRow, errs.P{"detail": t.detail(detail)})
}
