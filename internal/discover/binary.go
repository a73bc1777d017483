package discover

import (
	"bytes"

	"github.com/weftworks/weft/internal/errs"
)

// magic is how files of a format that isn't text begin.
type magic struct {
	at    int
	bytes string
	what  errs.Words
}

func same(s string) errs.Words { return errs.Words{En: s, Ru: s} }

func magics() []magic {
	return []magic{
		{0, "PAR1", same("Parquet")},
		{0, "PK\x03\x04", errs.Words{En: "a zip archive", Ru: "архив zip"}},
		{0, "\x1f\x8b", errs.Words{En: "a gzip archive", Ru: "архив gzip"}},
		{0, "\x28\xb5\x2f\xfd", errs.Words{En: "a zstd archive", Ru: "архив zstd"}},
		{0, "\xfd7zXZ\x00", errs.Words{En: "an xz archive", Ru: "архив xz"}},
		{0, "7z\xbc\xaf\x27\x1c", errs.Words{En: "a 7z archive", Ru: "архив 7z"}},
		{0, "Rar!\x1a", errs.Words{En: "a rar archive", Ru: "архив rar"}},
		{0, "BZh91AY&SY", errs.Words{En: "a bzip2 archive", Ru: "архив bzip2"}},
		{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", errs.Words{En: "an old Office file (xls, doc)", Ru: "файл старого Office (xls, doc)"}},
		{0, "%PDF-", same("PDF")},
		{0, "SQLite format 3\x00", errs.Words{En: "an SQLite database", Ru: "база SQLite"}},
		{8, "DUCK", errs.Words{En: "a DuckDB database", Ru: "база DuckDB"}},
		{0, "ARROW1\x00", errs.Words{En: "an Arrow file", Ru: "файл Arrow"}},
		{0, "Obj\x01", same("Avro")},
		{0, "ORC", same("ORC")},
		{0, "\x89PNG", errs.Words{En: "a PNG image", Ru: "изображение PNG"}},
		{0, "\xff\xd8\xff", errs.Words{En: "a JPEG image", Ru: "изображение JPEG"}},
		{0, "\x7fELF", errs.Words{En: "a program", Ru: "программа"}},
		{0, "\x89HDF\r\n", same("HDF5")},
	}
}

// binary names the format of a file that isn't text, from its first bytes.
func binary(b []byte) (errs.Words, bool) {
	for _, m := range magics() {
		if len(b) <= m.at || !bytes.HasPrefix(b[m.at:], []byte(m.bytes)) {
			continue
		}
		switch m.bytes {
		case "PK\x03\x04":
			return zipContent(b, m.what), true
		case "ORC", "DUCK": // letters that text may begin with
			if bytes.IndexByte(b[:min(len(b), 4096)], 0) < 0 {
				continue
			}
		}
		return m.what, true
	}
	return errs.Words{}, false
}

// zipContent tells office documents from other archives by the names of
// their entries, which stand in clear text.
func zipContent(b []byte, other errs.Words) errs.Words {
	b = b[:min(len(b), 64<<10)]
	for _, c := range []struct {
		mark string
		what errs.Words
	}{
		{"xl/", errs.Words{En: "an Excel workbook (xlsx)", Ru: "книга Excel (xlsx)"}},
		{"word/", errs.Words{En: "a Word document (docx)", Ru: "документ Word (docx)"}},
		{"opendocument.spreadsheet", errs.Words{En: "an OpenDocument spreadsheet (ods)", Ru: "таблица OpenDocument (ods)"}},
	} {
		if bytes.Contains(b, []byte(c.mark)) {
			return c.what
		}
	}
	return other
}
