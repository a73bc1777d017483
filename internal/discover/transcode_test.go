package discover

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

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

func TestTranscode(t *testing.T) {
	for _, c := range []struct {
		name, encoding, in, want string
		bad                      int64
	}{
		{"plain", "utf-8", "añb\n", "añb\n", 0},
		{"mark dropped", "utf-8", "\ufeffa", "a", 0},
		{"only the first mark", "utf-8", "\ufeffa\ufeff", "a\ufeff", 0},
		{"shorter than a mark", "utf-8", "a", "a", 0},
		{"empty", "utf-8", "", "", 0},
		{"bad bytes", "utf-8", "a\xffb\xd0", "a\ufffdb\ufffd", 2},
		{"replacement character in the source", "utf-8", "a\ufffd", "a\ufffd", 0},
		{"windows-1251", "windows-1251", "\xcf\xb8\xf2\xf0", "Пётр", 0},
		{"hole in windows-1251", "windows-1251", "a\x98", "a\ufffd", 1},
		{"utf-16le with mark", "utf-16le", "\xff\xfea\x00", "a", 0},
		{"mark over the name", "utf-16le", "\xfe\xff\x00a", "a", 0},
		{"utf-16be", "utf-16be", "\x04\x1f", "П", 0},
		{"half a character", "utf-16le", "a\x00b", "a\ufffd", 1},
		{"shift_jis", "shift_jis", "\x83\x65", "テ", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in))} {
				var b bytes.Buffer
				bad, err := Transcode(t.Context(), &b, r, c.encoding)
				if err != nil || b.String() != c.want || bad != c.bad {
					t.Errorf("got %q, %d bad, %v; want %q, %d", b.String(), bad, err, c.want, c.bad)
				}
			}
		})
	}
}

func TestRecode(t *testing.T) {
	for _, c := range []struct {
		name, encoding, in, want string
		bad                      int64
	}{
		{"windows-1251", "windows-1251", "Пётр", "\xcf\xb8\xf2\xf0", 0},
		{"missing characters", "windows-1251", "a漢b₽字", "a?b??", 3},
		{"bad bytes", "windows-1251", "a\xff\xd0", "a??", 2},
		{"utf-8", "utf-8", "é", "é", 0},
		{"utf-8 with mark", "utf-8-bom", "é", "\ufeffé", 0},
		{"utf-16 with mark", "utf-16", "a", "\xff\xfea\x00", 0},
		{"utf-16le without", "utf-16le", "a", "a\x00", 0},
		{"empty", "windows-1251", "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in))} {
				var b bytes.Buffer
				bad, err := Recode(t.Context(), &b, r, c.encoding)
				if err != nil || b.String() != c.want || bad != c.bad {
					t.Errorf("got %q, %d bad, %v; want %q, %d", b.String(), bad, err, c.want, c.bad)
				}
			}
		})
	}
}

// Text longer than all buffers comes back whole, whatever the chunks.
func TestRecodeTranscodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.SampledFrom([]string{"utf-8", "utf-8-bom", "utf-16", "utf-16be", "utf-32", "gb18030", "windows-1251", "koi8-r"}).Draw(rt, "encoding")
		unit := rapid.StringMatching(`[a-zа-я;"\n]{1,20}`).Draw(rt, "unit")
		text := strings.Repeat(unit, rapid.IntRange(0, 20000).Draw(rt, "times"))
		var enc, dec bytes.Buffer
		bad, err := Recode(t.Context(), &enc, strings.NewReader(text), name)
		if err != nil || bad != 0 {
			rt.Fatalf("recode: %d bad, %v", bad, err)
		}
		bad, err = Transcode(t.Context(), &dec, &enc, name)
		if err != nil || bad != 0 || dec.String() != text {
			rt.Fatalf("transcode: %d bad, %v, %d bytes of %d", bad, err, dec.Len(), len(text))
		}
	})
}

func TestTranscodeErrors(t *testing.T) {
	broken := errors.New("broken")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, copy := range map[string]func(context.Context, io.Writer, io.Reader, string) (int64, error){
		"transcode": Transcode, "recode": Recode,
	} {
		if _, err := copy(t.Context(), io.Discard, iotest.ErrReader(broken), "windows-1251"); !errors.Is(err, broken) {
			t.Errorf("%s: got %v, want the reader's error", name, err)
		}
		if _, err := copy(t.Context(), failing{broken}, strings.NewReader("abc"), "windows-1251"); !errors.Is(err, broken) {
			t.Errorf("%s: got %v, want the writer's error", name, err)
		}
		_, err := copy(ctx, io.Discard, strings.NewReader("abc"), "windows-1251")
		wantError(t, err, errs.Canceled, "discover.canceled", errs.Place{})
		_, err = copy(t.Context(), io.Discard, strings.NewReader("abc"), "nope")
		wantError(t, err, errs.Invalid, "discover.encoding", errs.Place{})
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
