package archtest

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// repo is the module's root, seen from this package's tests.
func repo() fs.FS { return os.DirFS("../..") }

// generatedOrFetched are the folders and files that git ignores.
var generatedOrFetched = []string{".git", "bin", "data", "examples/data", "examples/out", "node_modules", "proto/node_modules", "studio/node_modules", "studio/dist", "internal/assets/studio", "internal/assets/examples"}

func load(t *testing.T) *Source {
	t.Helper()
	folders := []string{"internal"}
	if _, err := fs.Stat(repo(), "cmd"); err == nil {
		folders = append(folders, "cmd")
	}
	s, err := Load(repo(), folders...)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Packages) < 3 {
		t.Fatalf("found only %d packages: the tests do not see the repository", len(s.Packages))
	}
	return s
}

func report(t *testing.T, problems []Problem) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

func TestImports(t *testing.T)      { report(t, CheckImports(load(t), Imports())) }
func TestPackageDocs(t *testing.T)  { report(t, CheckPackageDocs(load(t))) }
func TestExportedDocs(t *testing.T) { report(t, CheckExportedDocs(load(t))) }
func TestMessages(t *testing.T)     { report(t, CheckMessages(load(t))) }
func TestGlobals(t *testing.T)      { report(t, CheckGlobals(load(t))) }
func TestSize(t *testing.T)         { report(t, CheckSize(load(t))) }
func TestLeaks(t *testing.T)        { report(t, CheckLeaks(load(t), "internal/leak")) }
func TestUnfinished(t *testing.T)   { report(t, CheckUnfinished(load(t))) }

func TestSQL(t *testing.T) {
	report(t, CheckSQL(load(t), "internal/rel/sql", "internal/engine/**", "internal/store/**", "internal/bench"))
}

func TestBannedTexts(t *testing.T) {
	problems, err := CheckTexts(repo(), BannedTexts(), generatedOrFetched...)
	if err != nil {
		t.Fatal(err)
	}
	report(t, problems)
}

// Each module that the code imports, tests included, has its line in the page
// of dependencies.
func TestDependenciesAreExplained(t *testing.T) {
	page := readText(t, "docs/decisions/dependencies.md")
	modules := regexp.MustCompile(`(?m)^\t(?:require )?(\S+\.\S+/\S+|\S+\.\S+) v\S+`).FindAllStringSubmatch(readText(t, "go.mod"), -1)
	if len(modules) == 0 {
		t.Fatal("no modules found in go.mod")
	}
	used := map[string]bool{}
	for _, p := range load(t).Packages {
		for _, f := range p.Files {
			for _, spec := range f.AST.Imports {
				used[imported(spec)] = true
			}
		}
	}
	for _, m := range modules {
		direct := false
		for imp := range used {
			direct = direct || within(imp, m[1])
		}
		if direct && !strings.Contains(page, "`"+m[1]+"`") {
			t.Errorf("docs/decisions/dependencies.md does not say why there is %s, who keeps it and its licence", m[1])
		}
	}
}

// Each page of docs/decisions stands in its index.
func TestDecisionsAreIndexed(t *testing.T) {
	index := readText(t, "docs/decisions/README.md")
	pages, err := fs.Glob(repo(), "docs/decisions/*.md")
	if err != nil || len(pages) < 2 {
		t.Fatalf("found %d pages: %v", len(pages), err)
	}
	for _, p := range pages {
		if name := path.Base(p); name != "README.md" && !strings.Contains(index, "("+name+")") {
			t.Errorf("docs/decisions/README.md does not list %s", name)
		}
	}
}

// The map of the folders in CONTRIBUTING.md names every package; one folder a
// component and one a store are enough there.
func TestMapIsComplete(t *testing.T) {
	text := readText(t, "CONTRIBUTING.md")
	for _, p := range load(t).Packages {
		parts := strings.Split(p.Dir, "/")
		top := strings.Join(parts[:min(2, len(parts))], "/")
		if !strings.Contains(text, top) {
			t.Errorf("the map of folders in CONTRIBUTING.md does not name %s", top)
		}
	}
}

// Nothing that npm resolves names a registry, and what is fetched is pinned by
// its hash.
func TestLockedData(t *testing.T) {
	lock := readText(t, "package-lock.json")
	if !strings.Contains(lock, `"integrity": "sha512-`) {
		t.Error("package-lock.json pins no hashes")
	}
	if !strings.Contains(readText(t, "package.json"), `"vega-datasets": "3.2.1"`) {
		t.Error("package.json does not pin vega-datasets to 3.2.1")
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(repo(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
