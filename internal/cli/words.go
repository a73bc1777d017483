package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// count spells a number with its thousands set apart.
func (p *program) count(n int64) string {
	s := strconv.FormatInt(n, 10)
	separator := ","
	if p.lang == "ru" {
		separator = "\u00a0"
	}
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), separator)
}

// rows spells a number of rows.
func (p *program) rows(n int64) string {
	if p.lang == "ru" {
		return p.count(n) + " " + plural(n, "строка", "строки", "строк")
	}
	if n == 1 {
		return "1 row"
	}
	return p.count(n) + " rows"
}

// plural chooses the Russian form that goes with a number.
func plural(n int64, one, few, many string) string {
	switch n10, n100 := n%10, n%100; {
	case n10 == 1 && n100 != 11:
		return one
	case n10 >= 2 && n10 <= 4 && (n100 < 12 || n100 > 14):
		return few
	default:
		return many
	}
}

// seconds spells a time that something took.
func seconds(d time.Duration, lang string) string {
	text := fmt.Sprintf("%.2f", d.Seconds())
	if lang == "ru" {
		return strings.Replace(text, ".", ",", 1) + " с"
	}
	return text + " s"
}
