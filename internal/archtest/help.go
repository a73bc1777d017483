package archtest

import "strings"

// Help is one piece of help as people read it, in both languages.
type Help struct {
	Of     string // what it explains: function round, component rows.filter, setting formula
	En, Ru string
}

// CheckHelp asks for both languages of each piece, each in its own alphabet.
// Words of code between backquotes belong to neither.
func CheckHelp(pieces []Help) []Problem {
	var out []Problem
	for _, h := range pieces {
		add := func(text string) { out = append(out, Problem{h.Of, text}) }
		if strings.TrimSpace(h.En) == "" {
			add("has no help in English")
		} else if strings.ContainsFunc(withoutCode(h.En), cyrillic) {
			add("the English help holds Russian")
		}
		if strings.TrimSpace(h.Ru) == "" {
			add("has no help in Russian")
		} else if !strings.ContainsFunc(withoutCode(h.Ru), cyrillic) {
			add("the Russian help holds no Russian")
		}
	}
	return out
}

func withoutCode(text string) string {
	parts := strings.Split(text, "`")
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		b.WriteString(parts[i])
	}
	return b.String()
}
