// Package leak ends the tests of a package: they fail when a goroutine, a
// descriptor or a process is left behind. It is for TestMain alone and knows
// nothing of Weft.
package leak

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long what is ending may take to be gone.
const patience = 5 * time.Second

// Main runs the tests of a package and exits.
func Main(m *testing.M) {
	before := descriptors()
	code := m.Run()
	if code == 0 {
		for _, left := range found(before) {
			fmt.Fprintln(os.Stderr, "left behind:", left)
			code = 1
		}
	}
	os.Exit(code)
}

// found waits until nothing is left, and returns what is there still.
func found(before []string) (left []string) {
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(20 * time.Millisecond) {
		if left = append(more(before, descriptors()), children()...); len(left) == 0 {
			break
		}
	}
	if err := goleak.Find(); err != nil {
		left = append(left, err.Error())
	}
	return left
}

// descriptors are what the open descriptors of this process lead to, but for
// those that Go's poller opens once and keeps; nothing where there is no /proc.
func descriptors() []string {
	const folder = "/proc/self/fd"
	list, _ := os.ReadDir(folder) // none: not Linux
	var out []string
	for _, e := range list {
		to, err := os.Readlink(filepath.Join(folder, e.Name()))
		if err == nil && !strings.HasPrefix(to, "anon_inode:[event") && !strings.HasSuffix(to, "/fd") {
			out = append(out, to)
		}
	}
	slices.Sort(out)
	return out
}

// more is what list has beyond before, each as often as it is more.
func more(before, list []string) []string {
	before = slices.Clone(before)
	var out []string
	for _, to := range list {
		if i := slices.Index(before, to); i >= 0 {
			before = slices.Delete(before, i, i+1)
		} else {
			out = append(out, "descriptor of "+to)
		}
	}
	return out
}

// children are the processes that this one has started and that live, or that
// nobody has waited for.
func children() []string {
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	own := fmt.Sprint(os.Getpid())
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			continue // it is gone
		}
		// pid (name, which may hold anything) state parent …
		head, rest, ok := cut(string(b))
		if fields := strings.Fields(rest); ok && len(fields) > 1 && fields[1] == own {
			out = append(out, "process "+head)
		}
	}
	return out
}

func cut(stat string) (head, rest string, ok bool) {
	i := strings.LastIndexByte(stat, ')')
	if i < 0 {
		return "", "", false
	}
	return stat[:i+1], stat[i+1:], true
}
