package cli

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
)

func TestExitCodes(t *testing.T) {
	e := func(k errs.Kind) *errs.Error { return errs.New(k, errs.Message{En: "x"}, nil) }
	before := func(kinds ...errs.Kind) error {
		var list errs.List
		for _, k := range kinds {
			list = append(list, e(k))
		}
		return placed{error: invalidPackage{list}}
	}
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"a run that fails", e(errs.Failed), 1},
		{"a worker that dies", e(errs.Crashed), 1},
		{"an output that is there", e(errs.Exists), 1},
		{"no rights to write", e(errs.Denied), 1},
		{"a defect", errors.New("x"), 1},
		{"wrong usage", usageError{e(errs.Invalid)}, 2},
		{"wrong usage of a missing thing", usageError{e(errs.NotFound)}, 2},
		{"an invalid package", before(errs.Invalid), 3},
		{"a path out of the workspace", before(errs.Denied), 3},
		{"invalid, and an input missing", before(errs.NotFound, errs.Invalid), 3},
		{"tests failed", told{code: exitTests}, 4},
		{"inputs missing and unreadable", before(errs.NotFound, errs.Unreadable), 5},
		{"an input gone while it ran", e(errs.NotFound), 5},
		{"interrupted", e(errs.Canceled), 130},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := exitCode(tt.err); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"nothing set", nil, "en"},
		{"Russian", map[string]string{"LANG": "ru_RU.UTF-8"}, "ru"},
		{"LC_ALL wins", map[string]string{"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"},
		{"messages before the rest", map[string]string{"LANG": "en_US", "LC_MESSAGES": "ru_RU"}, "ru"},
		{"another language", map[string]string{"LANG": "de_DE"}, "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := language(func(k string) string { return tt.env[k] }); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	tests := []struct {
		name           string
		text           string
		offset, length int
		line, marks    string
	}{
		{"one line", "delay >= x", 9, 1, "delay >= x", "         ^"},
		{"second line", "a and\nbb > 1", 6, 2, "bb > 1", "^^"},
		{"wide characters", "東京 = x", 5, 1, "東京 = x", "       ^"},
		{"at the end", "(id", 3, 1, "(id", "   ^"},
		{"control characters", "a\x1b = x", 5, 1, `a\u001b = x`, "          ^"},
		{"nothing marked", "a", 0, 0, "", ""},
		{"a long line", strings.Repeat("a", 200) + "bad" + strings.Repeat("c", 200), 200, 3,
			"… " + strings.Repeat("a", 40) + "bad" + strings.Repeat("c", 77) + " …", strings.Repeat(" ", 42) + "^^^"},
		{"all of a long line", strings.Repeat("a", 200), 0, 200, strings.Repeat("a", 120) + " …", strings.Repeat("^", 120)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line, marks := excerpt(tt.text, tt.offset, tt.length)
			if diff := cmp.Diff([]string{tt.line, tt.marks}, []string{line, marks}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRussianNumbers(t *testing.T) {
	p := &program{lang: "ru"}
	for n, want := range map[int64]string{
		1: "1 строка", 3: "3 строки", 11: "11 строк", 12: "12 строк", 21: "21 строка", 1234567: "1\u00a0234\u00a0567 строк",
	} {
		if got := p.rows(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestReadableBreaksAtOuterCommasOnly(t *testing.T) {
	long := "choose f(a, 'x, (y', \"b, c\") as one, [1, 2] as two, {'k': 'v, w'} as three, 'it''s, so' as four, five, six"
	want := "choose f(a, 'x, (y', \"b, c\") as one,\n  [1, 2] as two,\n  {'k': 'v, w'} as three,\n  'it''s, so' as four,\n  five,\n  six\nshort, line"
	if diff := cmp.Diff(want, readable(long+"\nshort, line")); diff != "" {
		t.Error(diff)
	}
}
