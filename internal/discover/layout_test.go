package discover

import "testing"

// What fits was checked against try_cast and try_strptime of DuckDB 1.5.6.
func TestISO(t *testing.T) {
	for _, c := range []struct {
		s                           string
		date, time, timestamp, zone bool
	}{
		{"2024-02-29", true, false, true, false},
		{"2024-2-9", true, false, true, false},
		{"2023-02-29", false, false, false, false},
		{"2024-13-01", false, false, false, false},
		{"24-01-01", false, false, false, false},
		{"2024-01", false, false, false, false},
		{"10:30", false, true, false, false},
		{"9:05:59.123456", false, true, false, false},
		{"24:00", false, false, false, false},
		{"10:60", false, false, false, false},
		{"10:3", false, false, false, false},
		{"10:30:", false, false, false, false},
		{"2024-01-31 10:30", false, false, true, false},
		{"2024-01-31T10:30:15.5", false, false, true, false},
		{"2024-01-31_10:30", false, false, false, false},
		{"2024-01-31T10:30:15Z", false, false, false, true},
		{"2024-01-31 10:30:15.25+03", false, false, false, true},
		{"2024-01-31 10:30:15-0530", false, false, false, true},
		{"2024-01-31 10:30:15+05:30", false, false, false, true},
		{"2024-01-31 10:30Z", false, false, false, false},
		{"2024-01-31 10:30:15+5", false, false, false, false},
	} {
		got := [4]bool{fitsDate(c.s), fitsTime(c.s), fitsTimestamp(c.s), fitsZoned(c.s)}
		if want := [4]bool{c.date, c.time, c.timestamp, c.zone}; got != want {
			t.Errorf("%q: got %v, want %v (date, time, timestamp, timestamptz)", c.s, got, want)
		}
	}
}

func TestLayout(t *testing.T) {
	for _, c := range []struct {
		format, s, typ string
		want           bool
	}{
		{"%d.%m.%Y", "31.12.2024", "date", true},
		{"%d.%m.%Y", "1.2.2024", "date", true},
		{"%d.%m.%Y", "31.11.2024", "date", false},
		{"%d.%m.%Y", "01.02.24", "date", false},
		{"%d.%m.%Y", "01.02.2024 ", "date", false},
		{"%d.%m.%y", "01.02.24", "date", true},
		{"%d.%m.%y", "01.02.2024", "date", false},
		{"%-d/%-m/%Y", "1/2/2024", "date", true},
		{"%d.%m.%Y %H:%M", "01.02.2024  7:05", "timestamp", true},
		{"%d.%m.%Y %H:%M", "01.02.2024 24:00", "timestamp", false},
		{"%d.%m.%Y %H:%M:%S.%f", "01.02.2024 10:00:00.1234567", "timestamp", false},
		{"%m/%d/%Y %I:%M %p", "1/2/2024 12:30 am", "timestamp", true},
		{"%m/%d/%Y %I:%M %p", "1/2/2024 13:30 pm", "timestamp", false},
		{"%d %b %Y", "5 MAY 2024", "date", true},
		{"%d-%b-%Y", "5-Sept-2024", "date", false},
		{"%B %d, %Y", "September 5, 2024", "date", true},
		{"%Y-%m-%d %H:%M %z", "2024-01-02 10:00 +0300", "timestamptz", true},
		{"%H.%M", "10.30", "time", true},
		{"%Y%%%m", "2024%05", "date", true},
	} {
		l, err := compileFormat(c.format)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.fits(c.s); got != c.want || l.typ() != c.typ {
			t.Errorf("%s, %q: got %s, %v; want %s, %v", c.format, c.s, l.typ(), got, c.typ, c.want)
		}
	}
	for _, format := range []string{"", "abc", "%", "%q", "%-", "%d.%m.%Y%", "%-Y"} {
		if _, err := compileFormat(format); err == nil {
			t.Errorf("%q is taken for a format", format)
		}
	}
}
