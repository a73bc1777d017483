package discover

import (
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	point, comma := numerals{decimal: '.'}, numerals{decimal: ','}
	us, de := numerals{'.', ","}, numerals{',', "."}
	ru := numerals{',', "\u00a0"}
	for _, c := range []struct {
		f    numerals
		s    string
		want class
	}{
		{point, "0", whole}, {point, "-0", whole}, {point, "+5", whole}, {point, "-17", whole},
		{point, "9223372036854775807", whole}, {point, "-9223372036854775808", whole},
		{point, "9223372036854775808", huge}, {point, "007", code}, {point, "00", code}, {point, "-01", code},
		{point, "+79161234567", code},
		{point, ".5", fraction}, {point, "5.", fraction}, {point, "-.5e-3", fraction}, {point, "1e5", fraction},
		{point, "1E+5", fraction}, {point, "0.5", fraction},
		{point, ".", notNumber}, {point, "-", notNumber}, {point, "", notNumber}, {point, "1e", notNumber},
		{point, "1e+", notNumber}, {point, "e5", notNumber}, {point, "1.2.3", notNumber}, {point, "01.5", notNumber},
		{point, "1,5", notNumber}, {point, "1 000", notNumber}, {point, "--1", notNumber}, {point, "0x10", notNumber},
		{point, "1_000", notNumber}, {point, "٣", notNumber}, {point, strings.Repeat("1", 500), notNumber},
		{point, "NaN", odd}, {point, "-inf", odd},
		{comma, "1,5", fraction}, {comma, "1.5", notNumber},
		{us, "1,234", whole}, {us, "1,234.5", fraction}, {us, "12,34", notNumber}, {us, "1,2345", notNumber},
		{us, "0,123", notNumber}, {us, "1234", whole}, {us, "1234,567", notNumber}, {us, "9,223,372,036,854,775,808", huge},
		{de, "1.234.567,5", fraction}, {de, "-1.234", whole}, {ru, "1\u00a0234,5", fraction}, {ru, "1 234,5", notNumber},
	} {
		if got := c.f.classify(c.s); got != c.want {
			t.Errorf("%q with %c and %q: got %d, want %d", c.s, c.f.decimal, c.f.thousands, got, c.want)
		}
	}
}

func TestNumerals(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts string // separated by |
		delim string
		want  numerals
	}{
		{"no separators", "1|22", ",", numerals{'.', ""}},
		{"points", "1.5|2.25", ",", numerals{'.', ""}},
		{"commas", "1,5|2,25", ";", numerals{',', ""}},
		{"three digits behind a point", "1.234|2.345", ",", numerals{'.', ""}},
		{"points part thousands", "1.234.567", ";", numerals{',', "."}},
		{"commas part thousands", "1,234,567", ";", numerals{'.', ","}},
		{"spaces", "1 234|5 678,5", ";", numerals{',', " "}},
		{"apostrophes", "1'234.50", ",", numerals{'.', "'"}},
		{"a zero before the comma", "0,125", ";", numerals{',', ""}},
		{"four digits before the comma", "1234,125", ";", numerals{',', ""}},
		{"a decimal comma makes 1.234 whole", "0,5|1.234", ";", numerals{',', "."}},
		{"the user's word", "1,234", ";", numerals{'.', ","}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, req := newEvidence(), Request{}
			if c.name == "the user's word" {
				req.Decimal = "."
			}
			for s := range strings.SplitSeq(c.texts, "|") {
				if !e.weigh(s) {
					t.Errorf("%q is no number", s)
				}
			}
			if got := e.numerals(req, c.delim); got != c.want {
				t.Errorf("got %c and %q, want %c and %q", got.decimal, got.thousands, c.want.decimal, c.want.thousands)
			}
		})
	}
	for _, s := range []string{"31.12.2023", "12:30", "a", "1-2", "1.2.3", "1 2", "-", "1 234 56", "2024-01-01"} {
		if newEvidence().weigh(s) {
			t.Errorf("%q is taken for a number", s)
		}
	}
}
