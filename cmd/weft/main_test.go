package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/weftworks/weft/internal/leak"
)

var update = flag.Bool("update", false, "write the wanted output into testdata anew")

// TestMain lets the test binary be weft itself, under that name: so the tests
// drive the real program, workers included, and it is linked once.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "weft" {
		main()
		return
	}
	leak.Main(m)
}

// install puts the program as weft into a folder of its own, and returns that.
func install(t testing.TB) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(exe), "weft-bin-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	// A link, not a symbolic one: workers are started by the program's path.
	if err := os.Link(exe, filepath.Join(dir, "weft")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sandbox is a folder in which the program runs by itself.
type sandbox struct {
	dir, bin string
}

func newSandbox(t *testing.T, bin string) sandbox {
	t.Helper()
	s := sandbox{dir: t.TempDir(), bin: bin}
	for _, d := range []string{".tmp", ".home"} {
		if err := os.Mkdir(filepath.Join(s.dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// command prepares a shell command in the sandbox.
func (s sandbox) command(line string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = s.dir
	cmd.Env = []string{
		"PATH=" + s.bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + filepath.Join(s.dir, ".home"),
		"TMPDIR=" + filepath.Join(s.dir, ".tmp"), "LANG=C.UTF-8",
	}
	return cmd
}

// leftovers lists what no command may leave behind: folders of runs, and
// files that were being written.
func (s sandbox) leftovers(t *testing.T) []string {
	t.Helper()
	runs, err1 := filepath.Glob(filepath.Join(s.dir, ".tmp", "*"))
	half, err2 := filepath.Glob(filepath.Join(s.dir, "*", ".weft-*"))
	more, err3 := filepath.Glob(filepath.Join(s.dir, ".weft-*"))
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return append(append(runs, half...), more...)
}

// Each file of testdata holds what is typed and what comes out: standard
// output behind "| ", standard error behind "2> ", and an exit code other than 0
// in brackets. The files below are there when it begins.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	bin := install(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newSandbox(t, bin)
			s.unpack(t, ar)
			got := s.play(t, string(ar.Comment))
			if left := s.leftovers(t); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if *update {
				ar.Comment = []byte(got)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(ar.Comment), got); diff != "" {
				t.Errorf("transcript (-want +got):\n%s", diff)
			}
		})
	}
}

func (s sandbox) unpack(t *testing.T, ar *txtar.Archive) {
	t.Helper()
	for _, f := range ar.Files {
		path := filepath.Join(s.dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// play runs the commands of a transcript and returns it as it came out.
func (s sandbox) play(t *testing.T, script string) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(script) {
		switch {
		case strings.HasPrefix(line, "$ "):
			out.WriteString(line)
			out.WriteString(s.run(t, strings.TrimSpace(line[2:])))
		case strings.HasPrefix(line, "#"), line == "\n":
			out.WriteString(line)
		}
	}
	return out.String()
}

func (s sandbox) run(t *testing.T, line string) string {
	t.Helper()
	cmd := s.command(line)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	out := s.tidy(stdout.String(), "| ") + s.tidy(stderr.String(), "2> ")
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return out + fmt.Sprintf("[%d]\n", exit.ExitCode())
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	address  = regexp.MustCompile(`\b[0-9a-f]{40}\b`)
	times    = regexp.MustCompile(`\d+\.\d\d s\b`)
	timesRu  = regexp.MustCompile(`\d+,\d\d с`)
	newLines = regexp.MustCompile(`(?m)^`)
)

// tidy sets each line behind a mark, with the times and the folder left out.
func (s sandbox) tidy(text, mark string) string {
	if text == "" {
		return ""
	}
	text = strings.TrimSuffix(text, "\n")
	text = times.ReplaceAllString(timesRu.ReplaceAllString(text, "T с"), "T s")
	text = address.ReplaceAllString(text, "ADDRESS")
	text = strings.ReplaceAll(text, s.dir, "$WORK")
	lines := newLines.ReplaceAllLiteralString(text, mark)
	return strings.TrimRight(strings.ReplaceAll(lines, mark+"\n", strings.TrimSpace(mark)+"\n"), " ") + "\n"
}
