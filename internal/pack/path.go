package pack

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

var msgBadPath = errs.Message{
	ID: "pack.bad_path",
	En: "{path} is no path of a setting; paths are like measures[1].column.",
	Ru: "{path} — не путь настройки; пути бывают вида measures[1].column.",
}

// Path leads to a value within a node's settings: measures[1].column.
type Path []Step

// Step is one step of a path: into a map by key, or into a list by index.
type Step struct {
	Key   string
	Index int // from 0, when InList
	// InList tells an index from a key.
	InList bool
}

// String spells the path: keys that are no plain words stand as ["a key"].
func (p Path) String() string {
	var b strings.Builder
	for _, s := range p {
		switch {
		case s.InList:
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
		case !variablePattern.MatchString(s.Key):
			quoted, _ := json.Marshal(s.Key) // a string always can
			b.WriteString("[" + string(quoted) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Key)
		}
	}
	return b.String()
}

// ParsePath reads what String writes. The error is an *errs.Error of kind
// Invalid.
func ParsePath(s string) (Path, error) {
	bad := errs.New(errs.Invalid, msgBadPath, errs.P{"path": s})
	var p Path
	for rest := s; rest != ""; {
		if inner, ok := strings.CutPrefix(rest, "["); ok {
			step, after, ok := bracketStep(inner)
			if !ok {
				return nil, bad
			}
			p, rest = append(p, step), after
			continue
		}
		if len(p) > 0 {
			var ok bool
			if rest, ok = strings.CutPrefix(rest, "."); !ok {
				return nil, bad
			}
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if !variablePattern.MatchString(rest[:end]) {
			return nil, bad
		}
		p, rest = append(p, Step{Key: rest[:end]}), rest[end:]
	}
	return p, nil
}

// bracketStep reads 1] or "key"] and returns what comes after.
func bracketStep(s string) (step Step, after string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		d := json.NewDecoder(strings.NewReader(s))
		var key string
		if d.Decode(&key) != nil {
			return Step{}, "", false
		}
		after, ok = strings.CutPrefix(s[d.InputOffset():], "]")
		return Step{Key: key}, after, ok
	}
	digits, after, ok := strings.Cut(s, "]")
	i, err := strconv.Atoi(digits)
	if !ok || err != nil || i < 0 || strconv.Itoa(i) != digits {
		return Step{}, "", false
	}
	return Step{Index: i, InList: true}, after, true
}
