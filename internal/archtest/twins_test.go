package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A page and its Russian twin name the same keys, paths and files, have the
// same headings and tables, and lead to each other.
func TestTwinsOfPages(t *testing.T) {
	files, err := filepath.Glob("../../docs/admin/*.ru.md")
	if err != nil || len(files) < 6 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, ru := range files {
		en := strings.TrimSuffix(ru, ".ru.md") + ".md"
		t.Run(filepath.Base(en), func(t *testing.T) {
			english, russian := page(t, en), page(t, ru)
			if d := cmp.Diff(named(english), named(russian)); d != "" {
				t.Errorf("keys, paths and files (-English +Russian):\n%s", d)
			}
			for what, mark := range map[string]string{"headings": "\n#", "rows of tables": "\n|", "pieces of code": "\n```"} {
				if e, r := strings.Count(english, mark), strings.Count(russian, mark); e != r {
					t.Errorf("%d %s in English, %d in Russian", e, what, r)
				}
			}
			if !strings.Contains(english, "]("+filepath.Base(ru)+")") || !strings.Contains(russian, "]("+filepath.Base(en)+")") {
				t.Error("they do not lead to each other")
			}
		})
	}
}

func page(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// named are the pieces of code in the sentences of a page, each once.
func named(text string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?m)(?:^|[^`])`([^`\n]+)`").FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
