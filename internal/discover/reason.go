package discover

import (
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// Code says, for programs, why a column has its type.
type Code string

// The codes of a Reason.
const (
	AllFit    Code = "all"       // all values fit Type
	MostFit   Code = "most"      // all but Misfits do
	Fractions Code = "fractions" // real: Misfits values aren't whole
	Empty     Code = "empty"     // text: no values
	PlainText Code = "text"      // text: nothing else fits half of the values
	Almost    Code = "almost"    // text: Misfits values aren't Wanted
	NullText  Code = "null_text" // text: the one text that isn't Wanted is Value, Misfits times
	Codes     Code = "codes"     // text: Misfits values would lose zeros or a plus as numbers
	Huge      Code = "huge"      // text: whole numbers beyond 64 bits
	OneWord   Code = "one_word"  // text: only one of yes and no, t and f

	DayFirst    Code = "day_first"    // note: NoteText can only be day and month
	MonthFirst  Code = "month_first"  // note: NoteText can only be month and day
	DayUnclear  Code = "day_unclear"  // note: could be either; day first is assumed
	AsElsewhere Code = "as_elsewhere" // note: could be either; month first, as column NoteText shows
	CompactDate Code = "compact_date" // note: eight digits, a date by the header
)

// Reason is why a column has its type: a code and what it speaks of.
type Reason struct {
	Code     Code   `json:"code"`
	Type     string `json:"type"`             // the type taken
	Wanted   string `json:"wanted,omitempty"` // the better type that was turned down
	Format   string `json:"format,omitempty"` // of Type or Wanted
	Seen     int    `json:"seen"`             // values, without nulls
	Misfits  int    `json:"misfits,omitempty"`
	Value    string `json:"value,omitempty"` // the first of them
	Line     int    `json:"line,omitempty"`
	Note     Code   `json:"note,omitempty"`
	NoteText string `json:"noteText,omitempty"`
	NoteLine int    `json:"noteLine,omitempty"`
}

func (r Reason) first(c Code, examples []value) Reason {
	r.Code = c
	if len(examples) > 0 {
		r.Value, r.Line = examples[0].text, examples[0].line
	}
	return r
}

// Text words the reason in a language, in one or two sentences.
func (r Reason) Text(lang string) string {
	s := r.sentence(r.Code, r.Value, r.Line, lang)
	if r.Note != "" {
		s += " " + r.sentence(r.Note, r.NoteText, r.NoteLine, lang)
	}
	return s
}

// Words returns both wordings.
func (r Reason) Words() errs.Words {
	return errs.Words{En: r.Text("en"), Ru: r.Text("ru")}
}

func (r Reason) sentence(c Code, text string, line int, lang string) string {
	m, ok := reasons()[c]
	if !ok {
		return string(c)
	}
	typ := r.Type
	if r.Wanted != "" {
		typ = r.Wanted
	}
	return errs.New(errs.Invalid, m, errs.P{
		"seen": count(r.Seen), "misfits": count(r.Misfits), "type": typeWords(typ),
		"text": text, "line": line, "format": r.Format,
	}).Text(lang)
}

// count is a number grouped by thousands as each language does.
type count int

// Text groups with a comma in English and a no-break space in Russian.
func (n count) Text(lang string) string {
	s := strconv.Itoa(int(n))
	sep := ","
	if lang == "ru" {
		sep = "\u00a0"
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

func typeWords(typ string) errs.Words {
	switch t, _, _ := strings.Cut(typ, "("); t {
	case "boolean":
		return errs.Words{En: "true or false", Ru: "истина или ложь"}
	case "integer":
		return errs.Words{En: "whole numbers", Ru: "целые числа"}
	case "real", "decimal":
		return errs.Words{En: "numbers", Ru: "числа"}
	case "date":
		return errs.Words{En: "dates", Ru: "даты"}
	case "time":
		return errs.Words{En: "times of day", Ru: "время суток"}
	case "timestamp":
		return errs.Words{En: "dates with times", Ru: "даты со временем"}
	case "timestamptz":
		return errs.Words{En: "dates with times and zones", Ru: "даты со временем и поясом"}
	}
	return errs.Words{En: "text", Ru: "текст"}
}

func reasons() map[Code]errs.Message {
	return map[Code]errs.Message{
		AllFit: reasonAll, MostFit: reasonMost, Fractions: reasonFractions, Empty: reasonEmpty, PlainText: reasonText,
		Almost: reasonAlmost, NullText: reasonNullText, Codes: reasonCodes, Huge: reasonHuge, OneWord: reasonOneWord,
		DayFirst: reasonDayFirst, MonthFirst: reasonMonthFirst, DayUnclear: reasonDayUnclear, AsElsewhere: reasonAsElsewhere, CompactDate: reasonCompactDate,
	}
}

var (
	reasonAll = errs.Message{
		ID: "discover.reason_all",
		En: "All values seen ({seen}) are {type}.",
		Ru: "Все просмотренные значения ({seen}) — {type}.",
	}
	reasonMost = errs.Message{
		ID: "discover.reason_most",
		En: "The values are {type}, except {misfits} of {seen}, first: '{text}' in line {line}.",
		Ru: "Значения — {type}, кроме {misfits} из {seen}; первое из них — «{text}» в строке {line}.",
	}
	reasonFractions = errs.Message{
		ID: "discover.reason_fractions",
		En: "All values seen ({seen}) are numbers. Not whole: {misfits}, first: '{text}' in line {line}.",
		Ru: "Все просмотренные значения ({seen}) — числа; не целых среди них {misfits}, первое — «{text}» в строке {line}.",
	}
	reasonEmpty = errs.Message{
		ID: "discover.reason_empty",
		En: "No values were seen, so it is text.",
		Ru: "Значений не встретилось, поэтому это текст.",
	}
	reasonText = errs.Message{
		ID: "discover.reason_text",
		En: "The values seen ({seen}) are text.",
		Ru: "Просмотренные значения ({seen}) — текст.",
	}
	reasonAlmost = errs.Message{
		ID: "discover.reason_almost",
		En: "Text, because not all values are {type}: {misfits} of {seen} aren't, first: '{text}' in line {line}.",
		Ru: "Текст, потому что не все значения — {type}: не подходит {misfits} из {seen}, первое — «{text}» в строке {line}.",
	}
	reasonNullText = errs.Message{
		ID: "discover.reason_null_text",
		En: "Text, because of '{text}' ({misfits} of {seen} values, first in line {line}); the others are {type}. If it stands for a missing value, add it to the null texts.",
		Ru: "Текст из-за значения «{text}» ({misfits} из {seen}, первое в строке {line}); остальные — {type}. Если оно означает отсутствие значения, добавьте его в список пустых значений.",
	}
	reasonCodes = errs.Message{
		ID: "discover.reason_codes",
		En: "Text, because there are codes that a number would change (leading zeros, a plus): {misfits} of {seen} values, first: '{text}' in line {line}.",
		Ru: "Текст, потому что есть коды, которые исказились бы при чтении как числа (ведущие нули, плюс): {misfits} из {seen}, первый — «{text}» в строке {line}.",
	}
	reasonHuge = errs.Message{
		ID: "discover.reason_huge",
		En: "Text, because there are whole numbers beyond 64 bits, first: '{text}' in line {line}.",
		Ru: "Текст, потому что есть целые числа длиннее 64 бит, первое — «{text}» в строке {line}.",
	}
	reasonOneWord = errs.Message{
		ID: "discover.reason_one_word",
		En: "Text, because '{text}' is the only value, and that is too little to call it true or false.",
		Ru: "Текст, потому что встречается только «{text}», а этого мало, чтобы считать столбец логическим.",
	}
	reasonDayFirst = errs.Message{
		ID: "discover.reason_day_first",
		En: "The day comes before the month, as '{text}' in line {line} shows.",
		Ru: "День стоит перед месяцем: это видно по «{text}» в строке {line}.",
	}
	reasonMonthFirst = errs.Message{
		ID: "discover.reason_month_first",
		En: "The month comes before the day, as '{text}' in line {line} shows.",
		Ru: "Месяц стоит перед днём: это видно по «{text}» в строке {line}.",
	}
	reasonDayUnclear = errs.Message{
		ID: "discover.reason_day_unclear",
		En: "No value shows whether the day or the month comes first; the day is assumed ({format}).",
		Ru: "Ни по одному значению не видно, что стоит первым, день или месяц; принято, что день ({format}).",
	}
	reasonAsElsewhere = errs.Message{
		ID: "discover.reason_as_elsewhere",
		En: "No value here shows whether the day or the month comes first; the month is taken, as column '{text}' shows it.",
		Ru: "Здесь ни по одному значению не видно, что стоит первым, день или месяц; принято, что месяц, как видно по столбцу «{text}».",
	}
	reasonCompactDate = errs.Message{
		ID: "discover.reason_compact_date",
		En: "Eight digits are read as year, month and day because of the header.",
		Ru: "Восемь цифр читаются как год, месяц и день, потому что так подсказывает заголовок.",
	}
)
