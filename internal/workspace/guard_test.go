package workspace

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
)

// ruled is a guard of the tests: folders that may not be read, or not written.
type ruled struct {
	shut, looked []string
	asked        []string
}

var errRuled = errs.Message{ID: "workspace.test_ruled", En: "No.", Ru: "Нет."}

func (r *ruled) MayRead(path string) error {
	r.asked = append(r.asked, path)
	if slices.ContainsFunc(r.shut, func(f string) bool { return strings.HasPrefix(path, f) }) {
		return errs.New(errs.Denied, errRuled, nil)
	}
	return nil
}

func (r *ruled) MayWrite(path string) error {
	if slices.ContainsFunc(r.looked, func(f string) bool { return strings.HasPrefix(path, f) }) {
		return errs.New(errs.Denied, errRuled, nil)
	}
	return r.MayRead(path)
}

func TestGuard(t *testing.T) {
	_, tree := open(t, "pkg/in/a.csv", "pkg/shut/b.csv", "pkg/deep/p2.weft", "pkg/look/c.csv")
	r := &ruled{shut: []string{"pkg/shut/"}, looked: []string{"pkg/look/"}}
	w, err := OpenIn(tree, "pkg/deep/p.weft", r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for pattern, want := range map[string]errs.Kind{"../shut/b.csv": errs.Denied, "/shut/none.csv": errs.Denied, "/shut/*.csv": errs.NotFound} {
		if _, err := w.Find(pattern); errs.KindOf(err) != want {
			t.Errorf("%s: %v", pattern, err)
		}
	}
	files, err := w.Find("/*/*.csv")
	var got []string
	for _, f := range files {
		got = append(got, f.Path)
	}
	if diff := cmp.Diff([]string{"/in/a.csv", "/look/c.csv"}, got); diff != "" || err != nil {
		t.Errorf("%v: %s", err, diff)
	}
	if !slices.Contains(r.asked, "pkg/in/a.csv") {
		t.Errorf("asked of %v", r.asked)
	}
	for to, ok := range map[string]bool{"x.csv": true, "/look/x.csv": false, "/shut/x.csv": false} {
		if err := w.CheckFree(Staged{To: to}); (err == nil) != ok {
			t.Errorf("%s: %v", to, err)
		}
		if err := w.MayPublish(to); (err == nil) != ok {
			t.Errorf("%s: %v", to, err)
		}
	}
	if path, err := w.Path("x.csv"); path != "pkg/deep/x.csv" || err != nil {
		t.Errorf("got %s, %v", path, err)
	}
	for _, path := range []string{"p.weft", "", "/pkg/p.weft", "pkg/../p.weft", "../p.weft", "pkg//p.weft"} {
		if w, err := OpenIn(tree, path, nil); err == nil {
			w.Close()
			t.Errorf("%q has a workspace", path)
		}
	}
}
