package auth

import (
	"slices"
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

func TestCheckPassword(t *testing.T) {
	for name, c := range map[string]struct {
		password string
		want     *errs.Message // nil: taken
	}{
		"eight bytes":           {"x7#kq!pz", nil},
		"seven":                 {"x7#kq!p", &msgShort},
		"four letters":          {"жщфю", nil}, // eight bytes
		"words":                 {"correct horse battery staple", nil},
		"longest":               {strings.Repeat("q7", 512), nil},
		"too long":              {strings.Repeat("q7", 512) + "x", &msgLong},
		"very long":             {strings.Repeat("q", 1<<20), &msgLong},
		"empty":                 {"", &msgShort},
		"common":                {"password123", &msgCommon},
		"common in capitals":    {"PassWord123", &msgCommon},
		"common in Russian":     {"Йцукенгш", &msgCommon},
		"the account's name":    {"MariaIvanova", &msgLikeName},
		"lines of the list":     {"password\npassword1", nil},
		"not UTF-8":             {"abcdefgh\xff", &msgNotText},
		"spaces are characters": {"        x", nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := CheckPassword(c.password, "mariaivanova")
			var got string
			if l := errs.All(err); len(l) == 1 {
				got = l[0].Message.ID
			}
			if c.want == nil && err != nil || c.want != nil && got != c.want.ID {
				t.Errorf("got %v", err)
			}
		})
	}
	a, err1 := CheckPassword("cafe\u0301 cafe\u0301", "x")
	b, err2 := CheckPassword("café café", "x")
	if err1 != nil || err2 != nil || a != b || given("cafe\u0301 cafe\u0301") != a {
		t.Errorf("two keyboards, two passwords: %q %q", a, b)
	}
}

func TestCommonList(t *testing.T) {
	for list, least := range map[string]int{common: 8000, commonRussian: 50} {
		lines := strings.Split(strings.TrimSuffix(list, "\n"), "\n")
		if !slices.IsSorted(lines) || len(slices.Compact(slices.Clone(lines))) != len(lines) || len(lines) < least {
			t.Errorf("%d lines, sorted %v", len(lines), slices.IsSorted(lines))
		}
		for i, l := range lines {
			if len(l) < MinPassword {
				t.Errorf("%q is refused by its length", l)
			}
			if i%100 == 0 || i == len(lines)-1 {
				if !isCommon(l) {
					t.Errorf("%q is not found", l)
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"admin": true, "Мария.Иванова": true, "a": true, "a@example.org": true, "x_1-2+3": true, "José": true, "नमस्ते": true,
		"": false, " a": false, "a b": false, ".a": false, "a.": false, "../a": false, "a/b": false, "a\x00": false, "a\u202eb": false,
		strings.Repeat("ж", 64): true, strings.Repeat("ж", 65): false, "role:admin": false, "-rf": false, "a\xff": false,
	} {
		if _, err := checkName(name); (err == nil) != want {
			t.Errorf("%q: got %v", name, err)
		}
	}
	if NameKey("STRASSE") != NameKey("straße") || NameKey("E\u0301") != NameKey("é") {
		t.Error("folding")
	}
}

func TestSecrets(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		p := newPassword()
		if len(p) != 23 || seen[p] || isCommon(p) {
			t.Fatalf("password %q", p)
		}
		seen[p] = true
		if _, err := CheckPassword(p, "admin"); err != nil {
			t.Error(err)
		}
	}
	s, hash := newSecret(TokenPrefix)
	if len(s) != len(TokenPrefix)+43 || len(hash) != 32 {
		t.Errorf("secret %q", s)
	}
}
