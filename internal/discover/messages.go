package discover

import "github.com/weftworks/weft/internal/errs"

var (
	msgNotFound = errs.Message{
		ID: "discover.not_found",
		En: "There is no such file.",
		Ru: "Такого файла нет.",
	}
	msgDenied = errs.Message{
		ID: "discover.denied",
		En: "The file may not be read: permission denied.",
		Ru: "Нет прав на чтение файла.",
	}
	msgRead = errs.Message{
		ID: "discover.read",
		En: "The file can't be read.",
		Ru: "Файл не читается.",
	}
	msgFolder = errs.Message{
		ID: "discover.folder",
		En: "This is a folder, not a file.",
		Ru: "Это папка, а не файл.",
	}
	msgNotRegular = errs.Message{
		ID: "discover.not_regular",
		En: "This is not a regular file.",
		Ru: "Это не обычный файл.",
	}
	msgEmpty = errs.Message{
		ID: "discover.empty",
		En: "The file is empty: there is not even a header.",
		Ru: "Файл пуст: в нём нет даже заголовка.",
	}
	msgSkippedAll = errs.Message{
		ID: "discover.skipped_all",
		En: "Nothing is left after skipping the first {count} lines.",
		Ru: "После пропуска первых строк ({count}) ничего не осталось.",
	}
	msgBinary = errs.Message{
		ID: "discover.binary",
		En: "This is not a text file: it looks like {what}.",
		Ru: "Это не текстовый файл, а, судя по содержимому, {what}.",
	}
	msgZeroByte = errs.Message{
		ID: "discover.zero_byte",
		En: "This is not a text file: there is a zero byte in it.",
		Ru: "Это не текстовый файл: в нём есть нулевой байт.",
	}
	msgWrongEncoding = errs.Message{
		ID: "discover.wrong_encoding",
		En: "The file is not encoded in {name}; it looks like {guess}.",
		Ru: "Кодировка файла — не {name}; похоже на {guess}.",
	}
	msgNoEncoding = errs.Message{
		ID: "discover.no_encoding",
		En: "The file is not text in {name}, and no other encoding fits. Name the encoding if you know it.",
		Ru: "Файл не читается в кодировке {name}, и другой подходящей не нашлось. Укажите кодировку, если она известна.",
	}
	msgEncoding = errs.Message{
		ID: "discover.encoding",
		En: "There is no encoding {name}. {suggest}",
		Ru: "Кодировки {name} нет. {suggest}",
	}
	msgOpenQuote = errs.Message{
		ID: "discover.open_quote",
		En: "A quote ({quote}) opens in this line and never closes.",
		Ru: "В этой строке открывается кавычка ({quote}), которая нигде не закрыта.",
	}
	msgField = errs.Message{
		ID: "discover.field_limit",
		En: "A field that begins in this line is longer than {limit} MiB. Is a closing quote missing?",
		Ru: "Поле, которое начинается в этой строке, длиннее {limit} МиБ. Не пропущена ли закрывающая кавычка?",
	}
	msgLine = errs.Message{
		ID: "discover.line_limit",
		En: "A line is longer than {limit} MiB.",
		Ru: "Строка длиннее {limit} МиБ.",
	}
	msgColumns = errs.Message{
		ID: "discover.columns_limit",
		En: "A line has more than {limit} fields.",
		Ru: "В строке больше {limit} полей.",
	}
	msgRagged = errs.Message{
		ID: "discover.ragged",
		En: "This line has {found} fields where {wanted} are expected; in the {rows} rows seen there are {count} such.",
		Ru: "В этой строке полей {found}, а должно быть {wanted}; таких строк среди просмотренных ({rows}) — {count}.",
	}
	msgStray = errs.Message{
		ID: "discover.stray",
		En: "In this line there is text behind a closing quote ({quote}); in the {rows} rows seen there are {count} such.",
		Ru: "В этой строке есть текст после закрывающей кавычки ({quote}); таких строк среди просмотренных ({rows}) — {count}.",
	}
	msgBadBytes = errs.Message{
		ID: "discover.bad_bytes",
		En: "This line is not text in {name}; there are {count} such places in the part seen.",
		Ru: "Эта строка не читается в кодировке {name}; таких мест в просмотренной части — {count}.",
	}
	msgFormat = errs.Message{
		ID: "discover.format",
		En: "{format} is not a date format. Use %Y, %m, %d, %H, %M, %S and the like, as in %d.%m.%Y.",
		Ru: "{format} — не формат даты. Нужны %Y, %m, %d, %H, %M, %S и подобные, например %d.%m.%Y.",
	}
	msgBadDelimiter = errs.Message{
		ID: "discover.bad_delimiter",
		En: "The delimiter must be one character, not '{text}'.",
		Ru: "Разделителем может быть один символ, а не «{text}».",
	}
	msgBadQuote = errs.Message{
		ID: "discover.bad_quote",
		En: "The quote must be one ASCII character other than the delimiter, or 'none', not '{text}'.",
		Ru: "Кавычкой может быть один символ ASCII, отличный от разделителя, или none, а не «{text}».",
	}
	msgBadDecimal = errs.Message{
		ID: "discover.bad_decimal",
		En: "The decimal separator must be '.' or ',', not '{text}'.",
		Ru: "Десятичным разделителем может быть «.» или «,», а не «{text}».",
	}
	msgBadThousands = errs.Message{
		ID: "discover.bad_thousands",
		En: "The thousands separator must be one character other than the decimal separator, not '{text}'.",
		Ru: "Разделителем тысяч может быть один символ, отличный от десятичного разделителя, а не «{text}».",
	}
	msgBadSkip = errs.Message{
		ID: "discover.bad_skip",
		En: "The number of lines to skip can't be {count}.",
		Ru: "Число пропускаемых строк не может быть {count}.",
	}
	msgCanceled = errs.Message{
		ID: "discover.canceled",
		En: "Looking at the file was cancelled.",
		Ru: "Просмотр файла отменён.",
	}
	msgTimeout = errs.Message{
		ID: "discover.timeout",
		En: "Looking at the file took too long.",
		Ru: "Просмотр файла занял слишком много времени.",
	}
)

// Strict returns what is wrong with the rows in the head as errors at their
// lines, nil when nothing is; for callers that don't go on by counting.
func (res Result) Strict(file string) error {
	var l errs.List
	add := func(n, line int, m errs.Message, p errs.P) {
		if n > 0 {
			p["count"], p["rows"] = count(n), count(res.Rows)
			l.Add(errs.New(errs.Unreadable, m, p).At(errs.Place{File: file, Line: line}))
		}
	}
	add(res.Undecodable, res.UndecodableLine, msgBadBytes, errs.P{"name": res.Encoding})
	add(res.Stray, res.StrayLine, msgStray, errs.P{"quote": res.Quote})
	add(res.Ragged, res.RaggedLine, msgRagged, errs.P{"found": res.RaggedFields, "wanted": len(res.Columns)})
	return l.Err()
}
