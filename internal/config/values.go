package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// Option refines a key.
type Option func(*Field)

// Secret keeps the value out of what --print-config shows.
func Secret() Option { return func(f *Field) { f.secret = true } }

// Check adds a rule on the value: a text, bool, integer, time.Duration or list
// of texts, as the key has it. The error it returns gets the key's place.
func Check[T any](rule func(T) *errs.Error) Option {
	return func(f *Field) { f.check = func(v any) *errs.Error { return rule(v.(T)) } }
}

// Text names a key that holds text.
func Text(b *Binder, p *string, name, initial string, doc errs.Words, opts ...Option) {
	bind(b, &Field{
		name: name, Doc: doc, want: errs.Words{En: "text in quotes", Ru: "текст в кавычках"},
		parse: func(s string) any { return s },
		set:   func(v any) bool { return assign(p, v) },
		show:  func() string { return quote(*p) },
	}, func() { *p = initial }, func() any { return *p }, opts)
}

// Bool names a key that is true or false.
func Bool(b *Binder, p *bool, name string, initial bool, doc errs.Words, opts ...Option) {
	bind(b, &Field{
		name: name, Doc: doc, Toggle: true, want: errs.Words{En: "true or false", Ru: "true или false"},
		parse: parseBool,
		set:   func(v any) bool { return assign(p, v) },
		show:  func() string { return strconv.FormatBool(*p) },
	}, func() { *p = initial }, func() any { return *p }, opts)
}

// Int names a key that holds a whole number from low to high.
func Int(b *Binder, p *int, name string, initial, low, high int, doc errs.Words, opts ...Option) {
	bind(b, &Field{
		name: name, Doc: doc, want: rangeWords("a whole number", "целое число", low, high),
		parse: parseInt,
		set: func(v any) bool {
			n, ok := v.(int64)
			if !ok || n < int64(low) || n > int64(high) {
				return false
			}
			*p = int(n)
			return true
		},
		show: func() string { return strconv.Itoa(*p) },
	}, func() { *p = initial }, func() any { return *p }, opts)
}

// Duration names a key that holds a length of time, written "30s" or "1m30s",
// at least low.
func Duration(b *Binder, p *time.Duration, name string, initial, low time.Duration, doc errs.Words, opts ...Option) {
	bind(b, &Field{
		name: name, Doc: doc,
		want: errs.Words{
			En: fmt.Sprintf(`a length of time such as "30s" or "2m", at least %q`, low),
			Ru: fmt.Sprintf(`промежуток времени вроде "30s" или "2m", не меньше %q`, low),
		},
		parse: func(s string) any { return s },
		set: func(v any) bool {
			s, _ := v.(string)
			d, err := time.ParseDuration(s)
			if err != nil || d < low {
				return false
			}
			*p = d
			return true
		},
		show: func() string { return quote(p.String()) },
	}, func() { *p = initial }, func() any { return *p }, opts)
}

// Texts names a key that holds a list of texts. In the environment and in
// flags commas part them.
func Texts(b *Binder, p *[]string, name string, initial []string, doc errs.Words, opts ...Option) {
	bind(b, &Field{
		name: name, Doc: doc, want: errs.Words{En: `a list of texts such as ["a", "b"]`, Ru: `список текстов вроде ["a", "b"]`},
		parse: parseList,
		set:   func(v any) bool { return setTexts(p, v) },
		show: func() string {
			quoted := make([]string, len(*p))
			for i, s := range *p {
				quoted[i] = quote(s)
			}
			return "[" + strings.Join(quoted, ", ") + "]"
		},
	}, func() { *p = initial }, func() any { return *p }, opts)
}

func bind(b *Binder, f *Field, reset func(), value func() any, opts []Option) {
	reset()
	f.initial = f.show()
	for _, o := range opts {
		o(f)
	}
	if rule := f.check; rule != nil {
		f.check = func(any) *errs.Error { return rule(value()) }
	}
	b.add(f)
}

func assign[T any](p *T, v any) bool {
	t, ok := v.(T)
	if ok {
		*p = t
	}
	return ok
}

func setTexts(p *[]string, v any) bool {
	items, ok := v.([]any)
	if !ok {
		return false
	}
	out := make([]string, len(items))
	for i, item := range items {
		if out[i], ok = item.(string); !ok {
			return false
		}
	}
	if *p = out; len(out) == 0 {
		*p = nil
	}
	return true
}

func parseBool(s string) any {
	switch s {
	case "true":
		return true
	case "false":
		return false
	}
	return nil
}

func parseInt(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	return nil
}

func parseList(s string) any {
	out := []any{}
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func rangeWords(en, ru string, low, high int) errs.Words {
	if high == math.MaxInt {
		return errs.Words{En: fmt.Sprintf("%s, at least %d", en, low), Ru: fmt.Sprintf("%s, не меньше %d", ru, low)}
	}
	return errs.Words{En: fmt.Sprintf("%s from %d to %d", en, low, high), Ru: fmt.Sprintf("%s от %d до %d", ru, low, high)}
}

// quote renders text as a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
