package discover

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"github.com/weftworks/weft/internal/errs"
)

// decoded is a head as text, without a byte order mark.
type decoded struct {
	text     string
	encoding string
	bad      int // what could not be decoded; U+FFFD stands there
	badLine  int
}

// decode turns the head into text and refuses what is none.
func (h *head) decode(req Request) (decoded, error) {
	if len(h.bytes) == 0 {
		return decoded{}, req.at(errs.New(errs.Unreadable, msgEmpty, nil), 0)
	}
	if what, ok := binary(h.bytes); ok {
		return decoded{}, req.at(errs.New(errs.Unreadable, msgBinary, errs.P{"what": what}), 0)
	}
	guess, ok := detect(h.bytes, h.complete)
	if !ok {
		i := bytes.IndexByte(h.bytes, 0)
		return decoded{}, req.at(errs.New(errs.Unreadable, msgZeroByte, nil), lineAt(h.bytes[:i]))
	}
	name := guess
	if req.Encoding != "" {
		c, err := lookup(req.Encoding)
		if err != nil {
			return decoded{}, req.at(err, 0)
		}
		name = c.name
	}
	if wide(name) != wide(guess) {
		return decoded{}, req.at(errs.New(errs.Unreadable, msgWrongEncoding, errs.P{"name": name, "guess": guess}), 1)
	}
	d, err := decodeAs(name, h.bytes, h.complete)
	if err != nil {
		return decoded{}, req.at(err, 0)
	}
	if d.bad > 0 && d.hopeless() {
		return decoded{}, req.at(d.undecodable(guess), d.badLine)
	}
	if i := strings.IndexByte(d.text, 0); i >= 0 {
		return decoded{}, req.at(errs.New(errs.Unreadable, msgZeroByte, nil), lineAt([]byte(d.text[:i])))
	}
	if strings.TrimSpace(d.text) == "" && h.complete {
		return decoded{}, req.at(errs.New(errs.Unreadable, msgEmpty, nil), 0)
	}
	return d, nil
}

// wide reports whether characters take two bytes or more: such files and the
// others are never mistaken for one another by accident.
func wide(name string) bool {
	return strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-32")
}

func decodeAs(name string, b []byte, complete bool) (decoded, error) {
	c, err := lookup(name)
	if err != nil {
		return decoded{}, err
	}
	d := decoded{encoding: name}
	if strings.HasPrefix(name, "utf-8") {
		d.utf8(bytes.TrimPrefix(b, []byte("\ufeff")), complete)
		return d, nil
	}
	enc := c.enc
	if m := byMark(b); m == "utf-16be" || m == "utf-16le" {
		d.encoding = m
	} else if name == "utf-16" {
		d.encoding, enc = "utf-16le", utf16{unicode.LittleEndian}
	}
	dec := NewDecoder(enc, false)
	out, err := dec.decode(b, complete)
	if err != nil {
		return d, errs.New(errs.Unreadable, msgRead, nil).Because(err)
	}
	d.text = strings.TrimPrefix(string(out), "\ufeff")
	d.bad, d.badLine = dec.Bad, dec.BadLine
	return d, nil
}

// utf8 takes b as it is; what isn't UTF-8 becomes U+FFFD, each byte alone.
func (d *decoded) utf8(b []byte, complete bool) {
	if !complete {
		b = wholeRunes(b)
	}
	if utf8.Valid(b) {
		d.text = string(b)
		return
	}
	var s strings.Builder
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			if d.bad == 0 {
				d.badLine = lineAt(b[:i])
			}
			d.bad++
		}
		s.WriteRune(r)
		i += size
	}
	d.text = s.String()
}

// wholeRunes drops a character that the end of b cuts in two.
func wholeRunes(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// hopeless: more than one in twenty of the characters beyond ASCII.
func (d *decoded) hopeless() bool {
	beyond := 0
	for _, r := range d.text {
		if r >= utf8.RuneSelf {
			beyond++
		}
	}
	return d.bad*20 > beyond
}

func (d *decoded) undecodable(guess string) error {
	if guess == d.encoding {
		return errs.New(errs.Unreadable, msgNoEncoding, errs.P{"name": d.encoding})
	}
	return errs.New(errs.Unreadable, msgWrongEncoding, errs.P{"name": d.encoding, "guess": guess})
}

// lineAt is the number of the line that begins behind b or goes on there.
func lineAt(b []byte) int { return 1 + lines(string(b)) }

// lines counts the ends of lines in s: \n, \r\n, or \r alone.
func lines(s string) int {
	n := strings.Count(s, "\n")
	if cr := strings.Count(s, "\r"); cr > 0 {
		n += cr - strings.Count(s, "\r\n")
	}
	return n
}

// skipLines drops the first n lines. It returns how many there were.
func skipLines(s string, n int) (rest string, skipped int) {
	for skipped < n && s != "" {
		i := strings.IndexAny(s, "\r\n")
		if i < 0 {
			return "", skipped + 1
		}
		if s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
			i++
		}
		s, skipped = s[i+1:], skipped+1
	}
	return s, skipped
}
