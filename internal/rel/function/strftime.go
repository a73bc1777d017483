package function

import (
	"fmt"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// codes are the letters behind % that formats of dates may have; those after
// the bar may have a - between.
const (
	codes       = "YymdHIMSfpjbBaA%"
	codesNoZero = "dmHIMS"
)

var errFormat = errs.Message{
	ID: "function.date_format",
	En: "{found} is no part of a date format. There are %Y %y %m %d %H %I %M %S %f %p %j %b %B %a %A, %% for a percent sign, and %-d, %-m and the like without a leading zero.",
	Ru: "{found} — не часть формата даты. Есть %Y %y %m %d %H %I %M %S %f %p %j %b %B %a %A, %% для знака процента, а %-d, %-m и подобные — без ведущего нуля.",
}

// FormatCodes lists the parts of date formats, for help and completion.
func FormatCodes() []string {
	var out []string
	for _, c := range codes {
		out = append(out, "%"+string(c))
	}
	for _, c := range codesNoZero {
		out = append(out, "%-"+string(c))
	}
	return out
}

// checkFormat refuses parts that not every engine writes alike.
func checkFormat(v rel.Value) error {
	bad := ""
	eachCode(v.(string), func(code string) {
		c := strings.TrimPrefix(code, "%")
		rest, short := strings.CutPrefix(c, "-")
		ok := !short && len(c) == 1 && strings.Contains(codes, c) || short && len(rest) == 1 && strings.Contains(codesNoZero, rest)
		if !ok && bad == "" {
			bad = code
		}
	}, func(string) {})
	if bad != "" {
		return errs.New(errs.Invalid, errFormat, errs.P{"found": bad})
	}
	return nil
}

// eachCode takes a format apart into its codes and the texts between.
func eachCode(format string, code, text func(string)) {
	for format != "" {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			text(format)
			return
		}
		if i > 0 {
			text(format[:i])
		}
		end := min(i+2, len(format))
		if end == i+2 && format[i+1] == '-' {
			end = min(i+3, len(format))
		}
		code(format[i:end])
		format = format[end:]
	}
}

// layouts gives Go's spelling of a code, where it has one.
func layout(code string) string {
	return map[string]string{
		"%y": "06", "%m": "01", "%d": "02", "%H": "15", "%I": "03", "%M": "04", "%S": "05", "%p": "PM", "%j": "002",
		"%b": "Jan", "%B": "January", "%a": "Mon", "%A": "Monday",
		"%-d": "2", "%-m": "1", "%-I": "3", "%-M": "4", "%-S": "5",
	}[code]
}

func formatDate(args []rel.Value) (rel.Value, error) {
	t, ok := clock(args[0])
	if !ok || t.Year() < 0 || t.Year() > 9999 {
		return nil, rel.ErrNotFolded
	}
	var b strings.Builder
	eachCode(args[1].(string), func(code string) {
		switch code {
		case "%%":
			b.WriteByte('%')
		case "%Y":
			fmt.Fprintf(&b, "%04d", t.Year())
		case "%-H":
			fmt.Fprint(&b, t.Hour())
		case "%f":
			fmt.Fprintf(&b, "%06d", t.Nanosecond()/1000)
		default:
			b.WriteString(t.Format(layout(code)))
		}
	}, func(s string) { b.WriteString(s) })
	return b.String(), nil
}

func parseDate(args []rel.Value) (rel.Value, error) {
	v, err := parseTimestamp(args)
	if s, ok := v.(rel.Stamp); ok {
		return day(floorDiv(int64(s), microsPerDay), "parse_date")
	}
	return v, err
}

// parseTimestamp folds what fits beyond doubt and what can't fit at all; how
// far to bear with the rest is the engine's business.
func parseTimestamp(args []rel.Value) (rel.Value, error) {
	text, format := args[0].(string), args[1].(string)
	if !strings.ContainsAny(text, "0123456789") {
		if strings.Contains(format, "%") && text != format {
			return nil, nil
		}
		return nil, rel.ErrNotFolded
	}
	r := dateReader{rest: text, year: 1900, month: 1, day: 1, ok: true}
	eachCode(format, r.code, r.text)
	if !r.ok || r.rest != "" {
		return nil, rel.ErrNotFolded
	}
	return r.stamp(), nil
}

// dateReader reads a text along a format.
type dateReader struct {
	rest                                   string
	year, month, day, hour, minute, second int
	afternoon, half, ok                    bool
}

func (r *dateReader) text(s string) {
	rest, found := strings.CutPrefix(r.rest, s)
	r.rest = rest
	r.ok = r.ok && found
}

// number reads up to most digits.
func (r *dateReader) number(most int) int {
	n, i := 0, 0
	for i < len(r.rest) && i < most && r.rest[i] >= '0' && r.rest[i] <= '9' {
		n = n*10 + int(r.rest[i]-'0')
		i++
	}
	r.ok = r.ok && i > 0
	r.rest = r.rest[i:]
	return n
}

func (r *dateReader) code(code string) {
	switch strings.Replace(code, "-", "", 1) {
	case "%%":
		r.text("%")
	case "%Y":
		r.year = r.number(4)
	case "%y":
		if r.year = 2000 + r.number(2); r.year > 2068 {
			r.year -= 100
		}
	case "%m":
		r.month = r.number(2)
	case "%d":
		r.day = r.number(2)
	case "%H":
		r.hour = r.number(2)
	case "%I":
		r.hour, r.half = r.number(2), true
	case "%M":
		r.minute = r.number(2)
	case "%S":
		r.second = r.number(2)
	case "%p":
		r.afternoon = strings.HasPrefix(r.rest, "PM")
		r.ok = r.ok && (r.afternoon || strings.HasPrefix(r.rest, "AM"))
		r.rest = r.rest[min(2, len(r.rest)):]
	case "%B", "%b":
		r.monthName(code == "%B")
	default:
		r.ok = false
	}
}

func (r *dateReader) monthName(full bool) {
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if !full {
			name = name[:3]
		}
		if rest, found := strings.CutPrefix(r.rest, name); found {
			r.month, r.rest = int(m), rest
			return
		}
	}
	r.ok = false
}

// stamp returns what was read, or null where there is no such time.
func (r *dateReader) stamp() rel.Value {
	if r.half {
		if r.hour < 1 || r.hour > 12 {
			return nil
		}
		r.hour %= 12
		if r.afternoon {
			r.hour += 12
		}
	}
	d := dateOrNull(r.year, r.month, int64(r.day))
	if d == nil || r.hour > 23 || r.minute > 59 || r.second > 59 {
		return nil
	}
	seconds := int64(r.hour)*3600 + int64(r.minute)*60 + int64(r.second)
	return rel.Stamp(int64(d.(rel.Day))*microsPerDay + seconds*microsPerSecond)
}
