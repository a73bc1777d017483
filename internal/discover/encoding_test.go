package discover

import (
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

func TestEncoding(t *testing.T) {
	for name, want := range map[string]string{
		"UTF8": "utf-8", "cp1251": "windows-1251", "Windows_1251": "windows-1251", " latin1 ": "iso-8859-1",
		"SJIS": "shift_jis", "shift-jis": "shift_jis", "utf-16le": "utf-16le", "KOI8-R": "koi8-r", "cp866": "ibm866",
	} {
		got, err := Canonical(name)
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", name, got, err, want)
		}
	}
	_, err := Encoding("windows-1521")
	wantError(t, err, errs.Invalid, "discover.encoding", errs.Place{})
	for _, name := range Encodings() {
		if got, err := Canonical(name); err != nil || got != name {
			t.Errorf("%s is listed, but Canonical gives %s, %v", name, got, err)
		}
	}
}

// Names and other names must be unique, else the later is never found.
func TestEncodingNamesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, c := range charsets() {
		for _, n := range append(strings.Fields(c.aliases), c.name) {
			if other := seen[n]; other != "" {
				t.Errorf("%s means %s and %s", n, other, c.name)
			}
			seen[n] = c.name
		}
	}
}
