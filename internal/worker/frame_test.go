package worker

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/weftworks/weft/internal/errs"
)

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{0, 0, 0, 2, 1, 'a', 'b'})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{0, 0, 0, 2, 1, 'a'})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, in []byte) {
		kind, payload, err := readFrame(bytes.NewReader(in))
		if err != nil {
			if errors.Is(err, io.EOF) && len(in) > 0 {
				t.Errorf("a broken frame looks like the end")
			}
			return
		}
		var out bytes.Buffer
		if err := writeFrame(&out, kind, payload); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(in, out.Bytes()) {
			t.Errorf("%x became %x", in, out.Bytes())
		}
	})
}

func TestErrorsCross(t *testing.T) {
	m := errs.Message{ID: "test.m", En: "{n} of {what}", Ru: "{n} из {what}"}
	e := errs.New(errs.Failed, m, errs.P{"n": 3, "what": errs.Words{En: "eggs", Ru: "яиц"}}).
		At(errs.Place{File: "a.csv", Line: 7}).Because(io.ErrShortWrite)
	for name, err := range map[string]error{"one": e, "list": errs.List{e, e}} {
		t.Run(name, func(t *testing.T) {
			want, got := errs.All(err), errs.All(encodeError(err).err())
			if d := cmp.Diff(want, got, cmpopts.IgnoreFields(errs.Error{}, "Params", "Cause")); d != "" {
				t.Error(d)
			}
			for _, lang := range []string{"en", "ru"} {
				if got[0].Text(lang) != e.Text(lang) {
					t.Errorf("%s: %q", lang, got[0].Text(lang))
				}
			}
			if got[0].Cause.Error() != e.Cause.Error() {
				t.Errorf("cause %v", got[0].Cause)
			}
		})
	}
	if errs.KindOf(wireErrors{{Kind: 250}}.err()) != errs.Internal {
		t.Error("an unknown kind was taken")
	}
}

func TestTailKeepsBothEnds(t *testing.T) {
	var tl tail
	for _, s := range [][]byte{[]byte("first"), bytes.Repeat([]byte{'.'}, 3*maxTail), []byte("last")} {
		if n, err := tl.Write(s); n != len(s) || err != nil {
			t.Fatal(n, err)
		}
	}
	got := tl.String()
	if len(got) != maxTail || got[:5] != "first" || got[len(got)-4:] != "last" {
		t.Errorf("%d bytes, %q … %q", len(got), got[:5], got[len(got)-4:])
	}
}
