package archtest

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// Every test that the page of abuse cases names is there: a line whose test is
// gone promises what nobody tries.
func TestAbuseCasesAreTried(t *testing.T) {
	page := readText(t, "docs/reference/abuse.md")
	reference := regexp.MustCompile("`([^`:]+):([^`]+)`")
	named := reference.FindAllStringSubmatch(page, -1)
	if len(named) < 100 {
		t.Fatalf("only %d tests are named", len(named))
	}
	for _, n := range named {
		if n[1] == "folder" || n[1] == "file" || n[1] == "C" { // the page's own words
			continue
		}
		if !tried(t, n[1], n[2]) {
			t.Errorf("docs/reference/abuse.md names %s of %s, which is not there", n[2], n[1])
		}
	}
	for line := range strings.SplitSeq(page, "\n") {
		if strings.HasPrefix(line, "| ") && !strings.Contains(line, "held by") && !reference.MatchString(line) {
			t.Errorf("no test is named for %.60s", line)
		}
	}
}

// tried tells whether a folder's Go tests, or a file of browser tests, have a
// test of that name.
func tried(t *testing.T, where, name string) bool {
	t.Helper()
	if strings.HasSuffix(where, ".ts") {
		return strings.Contains(readText(t, where), name)
	}
	files, err := fs.Glob(repo(), path.Join(where, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.Contains(readText(t, f), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
