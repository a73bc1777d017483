package cli

import "strings"

// wide is the length of a line of a query, in bytes, above which it is broken.
const wide = 100

// readable breaks the long lines of a query at the commas that stand outside
// of all brackets and quotes of their line.
func readable(query string) string {
	var out []string
	for line := range strings.Lines(strings.TrimSpace(query)) {
		line = strings.TrimRight(line, "\n")
		if len(line) <= wide {
			out = append(out, line)
			continue
		}
		parts := atCommas(line)
		for i, part := range parts {
			if i > 0 {
				part = "  " + strings.TrimLeft(part, " ")
			}
			if i < len(parts)-1 {
				part += ","
			}
			out = append(out, part)
		}
	}
	return strings.Join(out, "\n")
}

// atCommas splits a line at its outermost commas.
func atCommas(line string) []string {
	var parts []string
	depth, begin := 0, 0
	quote := byte(0)
	for i := range len(line) {
		switch c := line[i]; {
		case quote != 0:
			if c == quote { // a doubled quote closes and opens again
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == ',' && depth <= 0:
			parts = append(parts, line[begin:i])
			begin = i + 1
		}
	}
	return append(parts, line[begin:])
}
