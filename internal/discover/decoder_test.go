package discover

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/transform"
	"pgregory.net/rapid"
)

// Text that has U+FFFD itself is text, and the first bytes that are none are
// told with their line, however the bytes come.
func TestDecoder(t *testing.T) {
	bad := map[string]string{
		"utf-8": "\xff", "utf-8-bom": "\xff", "utf-16": "\x00\xd8", "utf-16le": "\x00\xdc", "utf-16be": "\xd8\x00",
		"utf-32": "\x00\x00\x11\x00", "gb18030": "\xff", "windows-1251": "\x98", "euc-jp": "\xff",
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"utf-8", "utf-8-bom", "utf-16", "utf-16le", "utf-16be", "utf-32", "gb18030", "windows-1251", "euc-jp"}).Draw(t, "encoding")
		letters := []rune("aя\r\n")
		if name != "windows-1251" && name != "euc-jp" {
			letters = append(letters, '\ufffd', '🙂')
		}
		text := rapid.StringOfN(rapid.RuneFrom(letters), 0, 40, -1)
		before, behind := "x"+text.Draw(t, "before"), text.Draw(t, "behind")+"a"
		enc, err := Encoding(name)
		if err != nil {
			t.Fatal(err)
		}
		// The mark of those that write one stands at the very beginning only.
		whole, err := enc.NewEncoder().String(before)
		if err != nil {
			t.Fatal(err)
		}
		both, err := enc.NewEncoder().String(before + "x" + behind)
		if err != nil {
			t.Fatal(err)
		}
		tail := strings.TrimPrefix(both, whole)
		src := func(s string) io.Reader {
			if rapid.Bool().Draw(t, "byte by byte") {
				return iotest.OneByteReader(strings.NewReader(s))
			}
			return strings.NewReader(s)
		}
		d := NewDecoder(enc, true)
		got, err := io.ReadAll(transform.NewReader(src(whole), d))
		if err != nil || strings.TrimPrefix(string(got), "\ufeff") != before || d.Bad != 0 {
			t.Fatalf("%q became %q, %d bad, %v", before, got, d.Bad, err)
		}
		got, err = io.ReadAll(transform.NewReader(src(whole+bad[name]+tail), d))
		if !errors.Is(err, ErrNotText) || strings.TrimPrefix(string(got), "\ufeff") != before || d.BadLine != 1+lines(before) {
			t.Fatalf("%q with %q: got %q, line %d, %v", before, bad[name], got, d.BadLine, err)
		}
		d = NewDecoder(enc, false)
		got, err = io.ReadAll(transform.NewReader(src(whole+bad[name]+tail), d))
		if err != nil || d.Bad == 0 || d.BadLine != 1+lines(before) || !strings.HasSuffix(string(got), behind) {
			t.Fatalf("%q with %q: got %q, %d bad from line %d, %v", before, bad[name], got, d.Bad, d.BadLine, err)
		}
	})
}
