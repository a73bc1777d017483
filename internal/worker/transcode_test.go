package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
)

// again runs text through recode and transcode in a fresh folder.
func again(dir, text, encoding string) (string, error) {
	s := Setup{Dir: dir}
	name := func(n string) string { return filepath.Join(dir, n) }
	if err := os.WriteFile(name("a"), []byte(text), 0o600); err != nil {
		return "", err
	}
	ctx := context.Background()
	if err := recode(ctx, s, request{Src: name("a"), Dst: name("b"), Encoding: encoding}); err != nil {
		return "", err
	}
	if err := transcode(ctx, s, request{Src: name("b"), Dst: name("c"), Encoding: encoding}); err != nil {
		return "", err
	}
	b, err := os.ReadFile(name("c"))
	return string(b), err
}

func TestEncodingsRoundTrip(t *testing.T) {
	dir := t.TempDir()
	for encoding, alphabet := range map[string]string{
		"utf-8":        "aé漢🙂\n\r;",
		"utf-16le":     "aé漢🙂\n\r;",
		"utf-16be":     "aé漢🙂\n\r;",
		"windows-1251": "aЖя№\n\r;",
		"windows-1252": "aé€\n\r;",
		"iso-8859-1":   "aéÿ\n\r;",
		"koi8-r":       "aЖя\n\r;",
		"ibm866":       "aЖя\n\r;",
		"shift_jis":    "a漢ア\n\r;",
		"gbk":          "a漢字\n\r;",
	} {
		t.Run(encoding, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				text := rapid.StringOfN(rapid.RuneFrom([]rune(alphabet)), 0, 200, -1).Draw(t, "text")
				text = strings.Repeat(text, rapid.SampledFrom([]int{1, 1, 1, 3000}).Draw(t, "times"))
				got, err := again(dir, text, encoding)
				if err != nil || got != text {
					t.Fatalf("%d bytes became %d, error %v", len(text), len(got), err)
				}
			})
		})
	}
}

func TestTranscode(t *testing.T) {
	dir := t.TempDir()
	s := Setup{Dir: dir}
	for _, tt := range []struct {
		name, encoding, text string
		bytes                int64
		want                 string
	}{
		{"byte order mark", "utf-8", "\ufeffa;b\n1;2\n", 0, "a;b\n1;2\n"},
		{"U+FFFD itself", "utf-16le", "\xfd\xffa\x00\n\x00", 0, "\ufffda\n"},
		{"UTF-16 mark", "utf-16le", "\xff\xfea\x00\n\x00", 0, "a\n"},
		{"UTF-16 mark of the other order", "utf-16le", "\xfe\xff\x00a\x00\n", 0, "a\n"},
		{"Cyrillic", "windows-1251", "\xc6\xf3\xea\n", 0, "Жук\n"},
		{"no text in a head", "utf-8", "a\xffb\n", 4, "a\ufffdb\n"},
		{"empty", "windows-1251", "", 0, ""},
		{"head", "windows-1251", "\xc6\n\xf3\n\xea\n", 5, "Ж\nу\n"},
		{"head of all", "windows-1251", "\xc6\n\xf3", 3, "Ж\nу"},
		{"head without a line break", "windows-1251", "\xc6\xf3\xea", 2, "Жу"},
		{"head ends within a character", "utf-16le", "a\x00\n\x00b\x00\n\x00", 7, "a\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src, dst := filepath.Join(dir, "src"), filepath.Join(dir, "dst")
			write(t, src, tt.text)
			if err := transcode(t.Context(), s, request{Src: src, Dst: dst, Encoding: tt.encoding, Bytes: tt.bytes}); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(dst)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, string(got)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRecodeNamesTheCharacter(t *testing.T) {
	dir := t.TempDir()
	for _, before := range []string{"", "ok\nfine\n", strings.Repeat("x", 3*copyBuffer) + "\nok\n"} {
		_, err := again(dir, before+"и漢字", "windows-1251")
		wantError(t, err, errs.Failed, "worker.unencodable", "")
		want := "line " + string(rune('1'+strings.Count(before, "\n"))) + " holds the character 漢"
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTranscodeObeysCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	src := filepath.Join(dir, "src")
	write(t, src, "a")
	err := transcode(ctx, Setup{Dir: dir}, request{Src: src, Dst: filepath.Join(dir, "dst"), Encoding: "utf-8"})
	wantError(t, err, errs.Canceled, "worker.canceled", "")
}

func TestDiskFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = f.Write([]byte("x"))
	wantError(t, fileError(err, "/run/out.csv", msgWrite), errs.Exhausted, "worker.disk_full", "")
}

// A byte that is no text is told with its line, wherever the parts in which
// the text comes end, and whether the encoding has a U+FFFD of its own or not.
func TestTranscodeFindsWhatIsNoText(t *testing.T) {
	dir := t.TempDir()
	s := Setup{Dir: dir}
	src := filepath.Join(dir, "in")
	for encoding, c := range map[string]struct{ line, bad, end string }{
		"shift_jis": {"漢字;漢字;\n", "a\x81\xff", "\n"},
		"utf-8":     {"漢字;\ufffd;\n", "\xe6\xbc", "\n"},
		"utf-16le":  {"漢字;\ufffd;\n", "\x00\xd8", "\n\x00"},
		"utf-16be":  {"漢字;\ufffd;\n", "\xdc\x00", "\x00\n"},
		"gb18030":   {"漢字;\ufffd;\n", "\xff", "\n"},
	} {
		enc, err := discover.Encoding(encoding)
		if err != nil {
			t.Fatal(err)
		}
		line, err := enc.NewEncoder().String(c.line)
		if err != nil {
			t.Fatal(err)
		}
		for _, lines := range []int{0, 1, copyBuffer / len(line), 50_000} {
			write(t, src, strings.Repeat(line, lines)+c.bad+c.end+line)
			err := transcode(t.Context(), s, request{Src: src, Dst: filepath.Join(dir, encoding+fmt.Sprint(lines)), Encoding: encoding})
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || e.Kind != errs.Unreadable || e.Place.Line != lines+1 {
				t.Errorf("%s behind %d lines: %v", encoding, lines, err)
			}
		}
	}
}
