package discover

import "strings"

// candidate is a type, with a format, that a column may have.
type candidate struct {
	typ    string
	format string
	twin   string // the format with day and month exchanged, where both are plain numbers
	fits   func(string) bool
}

// palette is what is tried for a column, the better types first.
type palette struct {
	plain []candidate
	dated []candidate // where the header speaks of dates: eight digits may be one
}

// of returns what is tried under a header.
func (p palette) of(header string) []candidate {
	if namesDate(header) {
		return p.dated
	}
	return p.plain
}

func newPalette(req Request, f numerals) (palette, error) {
	boolean := candidate{typ: "boolean", fits: fitsBoolean}
	rest := []candidate{
		{typ: "integer", fits: func(s string) bool { return f.classify(s) == whole }},
		{typ: "real", fits: func(s string) bool {
			c := f.classify(s)
			return c == whole || c == fraction || c == odd || c == huge
		}},
		{typ: "date", fits: fitsDate},
		{typ: "time", fits: fitsTime},
		{typ: "timestamp", fits: fitsTimestamp},
		{typ: "timestamptz", fits: fitsZoned},
	}
	if len(req.DateFormats) > 0 {
		list := []candidate{boolean}
		for _, format := range req.DateFormats {
			l, err := compileFormat(format)
			if err != nil {
				return palette{}, err
			}
			list = append(list, candidate{typ: l.typ(), format: format, fits: l.fits})
		}
		list = append(list, rest...)
		return palette{list, list}, nil
	}
	guesses, err := guessFormats()
	if err != nil {
		return palette{}, err
	}
	rest = append(rest, guesses...)
	compact := candidate{typ: "date", format: compactDate, fits: fitsCompactDate}
	return palette{
		plain: append([]candidate{boolean}, rest...),
		dated: append([]candidate{boolean, compact}, rest...),
	}, nil
}

// guessFormats are the dates and timestamps that people write beside ISO.
// Where day and month can't be told apart, the day comes first.
func guessFormats() ([]candidate, error) {
	var list []candidate
	for _, date := range []string{
		"%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d",
		"%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%m-%d-%y",
		"%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%d %B %Y", "%B %d, %Y",
	} {
		for _, time := range []string{"", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p"} {
			l, err := compileFormat(date + time)
			if err != nil {
				return nil, err
			}
			c := candidate{typ: l.typ(), format: l.format, fits: l.fits}
			switch {
			case strings.HasPrefix(date, "%d/%m") || strings.HasPrefix(date, "%d-%m"):
				c.twin = "%m" + date[2:3] + "%d" + l.format[5:]
			case strings.HasPrefix(date, "%m"):
				c.twin = "%d" + date[2:3] + "%m" + l.format[5:]
			}
			list = append(list, c)
		}
	}
	return list, nil
}

const compactDate = "%Y%m%d"

// namesDate reports whether a header speaks of dates.
func namesDate(header string) bool {
	h := strings.ToLower(header)
	for _, w := range []string{"date", "day", "ymd", "дата", "дату", "даты", "день"} {
		if strings.Contains(h, w) {
			return true
		}
	}
	return h == "dt" || strings.HasSuffix(h, "_dt") || strings.HasPrefix(h, "dt_")
}

// fitsCompactDate wants eight digits and a year that a number is seldom.
func fitsCompactDate(s string) bool {
	if len(s) != 8 {
		return false
	}
	var m moment
	rest, ok := number(s, 4, 4, &m.year)
	if ok {
		rest, ok = number(rest, 2, 2, &m.month)
	}
	if ok {
		_, ok = number(rest, 2, 2, &m.day)
	}
	return ok && m.valid() && m.year >= 1800 && m.year <= 2200
}

func fitsBoolean(s string) bool {
	_, ok := boolean(s)
	return ok
}

// boolean reads the words that the engine's cast reads; 0 and 1 are numbers.
func boolean(s string) (value, ok bool) {
	if len(s) > 5 {
		return false, false
	}
	switch strings.ToLower(s) {
	case "true", "t", "yes":
		return true, true
	case "false", "f", "no":
		return false, true
	}
	return false, false
}
