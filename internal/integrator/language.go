package integrator

import (
	"net/http"
	"strconv"
	"strings"
)

// language is the one of en and ru that a request likes more.
func language(r *http.Request) string {
	best, lang := 0.0, "en"
	for _, header := range r.Header.Values("Accept-Language") {
		for part := range strings.SplitSeq(header, ",") {
			tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
			tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
			q := 1.0
			if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
				q, _ = strconv.ParseFloat(v, 64) // none of a kind: 0
			}
			if (tag == "en" || tag == "ru") && q > best {
				best, lang = q, tag
			}
		}
	}
	return lang
}
