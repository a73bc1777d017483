package discover

import (
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/weftworks/weft/internal/errs"
)

// charset is one encoding with its canonical name and the other names that
// people give it.
type charset struct {
	name    string
	aliases string // separated by spaces
	enc     encoding.Encoding
}

// charsets lists what is known, the common ones first. Decoders of UTF-16 and
// UTF-32 obey a byte order mark over the order named.
func charsets() []charset {
	return []charset{
		{"utf-8", "utf8 cp65001 ascii us-ascii", unicode.UTF8},
		{"utf-8-bom", "utf8-bom utf-8-sig utf8-sig", unicode.UTF8BOM},
		{"utf-16", "utf16 ucs-2 unicode", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-16le", "utf16le ucs-2le", utf16{unicode.LittleEndian}},
		{"utf-16be", "utf16be ucs-2be", utf16{unicode.BigEndian}},
		{"utf-32", "utf32", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)},
		{"windows-1251", "cp1251 win1251 win-1251 1251 ansi1251", charmap.Windows1251},
		{"windows-1252", "cp1252 win1252 win-1252 1252 ansi", charmap.Windows1252},
		{"iso-8859-1", "latin1 latin-1 iso8859-1 l1", charmap.ISO8859_1},
		{"iso-8859-2", "latin2 latin-2 iso8859-2 l2", charmap.ISO8859_2},
		{"iso-8859-3", "latin3 latin-3 iso8859-3", charmap.ISO8859_3},
		{"iso-8859-4", "latin4 latin-4 iso8859-4", charmap.ISO8859_4},
		{"iso-8859-5", "cyrillic iso8859-5", charmap.ISO8859_5},
		{"iso-8859-6", "arabic iso8859-6", charmap.ISO8859_6},
		{"iso-8859-7", "greek iso8859-7", charmap.ISO8859_7},
		{"iso-8859-8", "hebrew iso8859-8", charmap.ISO8859_8},
		{"iso-8859-9", "latin5 latin-5 iso8859-9", charmap.ISO8859_9},
		{"iso-8859-10", "latin6 latin-6 iso8859-10", charmap.ISO8859_10},
		{"iso-8859-13", "latin7 latin-7 iso8859-13", charmap.ISO8859_13},
		{"iso-8859-14", "latin8 latin-8 iso8859-14", charmap.ISO8859_14},
		{"iso-8859-15", "latin9 latin-9 iso8859-15", charmap.ISO8859_15},
		{"iso-8859-16", "latin10 latin-10 iso8859-16", charmap.ISO8859_16},
		{"windows-1250", "cp1250 win1250 1250", charmap.Windows1250},
		{"windows-1253", "cp1253 win1253 1253", charmap.Windows1253},
		{"windows-1254", "cp1254 win1254 1254", charmap.Windows1254},
		{"windows-1255", "cp1255 win1255 1255", charmap.Windows1255},
		{"windows-1256", "cp1256 win1256 1256", charmap.Windows1256},
		{"windows-1257", "cp1257 win1257 1257", charmap.Windows1257},
		{"windows-1258", "cp1258 win1258 1258", charmap.Windows1258},
		{"windows-874", "cp874 tis-620 iso-8859-11", charmap.Windows874},
		{"koi8-r", "koi8r koi8", charmap.KOI8R},
		{"koi8-u", "koi8u", charmap.KOI8U},
		{"ibm866", "cp866 866 dos-866", charmap.CodePage866},
		{"ibm437", "cp437 437", charmap.CodePage437},
		{"ibm850", "cp850 850", charmap.CodePage850},
		{"ibm852", "cp852 852", charmap.CodePage852},
		{"ibm855", "cp855 855", charmap.CodePage855},
		{"macintosh", "mac macroman x-mac-roman", charmap.Macintosh},
		{"x-mac-cyrillic", "maccyrillic mac-cyrillic", charmap.MacintoshCyrillic},
		{"gbk", "gb2312 cp936 936", simplifiedchinese.GBK},
		{"gb18030", "gb-18030", simplifiedchinese.GB18030},
		{"big5", "cp950 950", traditionalchinese.Big5},
		{"shift_jis", "shift-jis sjis cp932 932 windows-31j", japanese.ShiftJIS},
		{"euc-jp", "eucjp", japanese.EUCJP},
		{"iso-2022-jp", "jis", japanese.ISO2022JP},
		{"euc-kr", "euckr cp949 949 ks_c_5601-1987", korean.EUCKR},
	}
}

// utf16 reads a byte order mark where there is one and never writes one.
type utf16 struct{ order unicode.Endianness }

func (u utf16) NewDecoder() *encoding.Decoder {
	return unicode.UTF16(u.order, unicode.UseBOM).NewDecoder()
}

func (u utf16) NewEncoder() *encoding.Encoder {
	return unicode.UTF16(u.order, unicode.IgnoreBOM).NewEncoder()
}

// Encoding finds an encoding by its name or one of its common other names;
// case, and '_' for '-', don't matter. An unknown name is an Invalid error
// that suggests the nearest known one.
func Encoding(name string) (encoding.Encoding, error) {
	c, err := lookup(name)
	return c.enc, err
}

// Canonical returns the name that results carry for a name that Encoding
// knows.
func Canonical(name string) (string, error) {
	c, err := lookup(name)
	return c.name, err
}

// Encodings lists the canonical names, the common ones first.
func Encodings() []string {
	all := charsets()
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.name
	}
	return names
}

func lookup(name string) (charset, error) {
	plain := func(s string) string { return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "_", "-") }
	want := plain(name)
	for _, c := range charsets() {
		if plain(c.name) == want || slices.Contains(strings.Fields(plain(c.aliases)), want) {
			return c, nil
		}
	}
	return charset{}, errs.New(errs.Invalid, msgEncoding, errs.P{"name": name, "suggest": errs.Suggest(name, Encodings())})
}
