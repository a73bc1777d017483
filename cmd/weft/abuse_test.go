package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// table is a node that holds n rows.
func table(id string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "      %s:\n        component: input.table\n        settings:\n          columns: [{name: n, type: integer}, {name: t}]\n          rows:\n", id)
	for i := range n {
		fmt.Fprintf(&b, "            - [%d, row number %d]\n", i, i)
	}
	return b.String()
}

const head = "weft: 1\nworkflows:\n  main:\n    nodes:\n"

// endless is a package that writes a file at once and then works on pairs of
// pairs of rows for hours.
func endless() string {
	return head + table("a", 2000) + `
      early: {component: output.text, input: a, settings: {path: early.csv}}
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
      c: {component: tables.join, inputs: {left: b, right: a}, settings: {kind: cross}}
      d: {component: columns.group, input: c, settings: {keys: [t], measures: [{column: n_2, function: sum}, {column: n_3, function: mean}]}}
`
}

func (s sandbox) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// until waits for a line on the program's standard error.
type until struct {
	buf  bytes.Buffer
	text string
	seen chan struct{}
}

// Write keeps what is written and tells when the text has come.
func (u *until) Write(b []byte) (int, error) {
	had := strings.Contains(u.buf.String(), u.text)
	n, err := u.buf.Write(b)
	if !had && strings.Contains(u.buf.String(), u.text) {
		close(u.seen)
	}
	return n, err
}

// endlessRun starts the endless package and waits until its first step has
// ended.
func (s sandbox) endlessRun(t *testing.T) (*exec.Cmd, *until) {
	t.Helper()
	s.write(t, "endless.weft", endless())
	cmd := s.command("exec weft run endless.weft")
	stderr := &until{text: "s1 ", seen: make(chan struct{})}
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-stderr.seen:
	case <-time.After(30 * time.Second):
		t.Error("the first step did not end")
	}
	return cmd, stderr
}

func TestInterruptEndsARunAtOnce(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			s := newSandbox(t, install(t))
			cmd, stderr := s.endlessRun(t)
			begin := time.Now()
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			err := cmd.Wait()
			if took := time.Since(begin); took > 2*time.Second { // 200 ms are the aim on a machine that is free
				t.Errorf("it took %v", took)
			}
			exit, ok := errors.AsType[*exec.ExitError](err)
			if !ok || exit.ExitCode() != 130 {
				t.Errorf("ended with %v: %s", err, stderr.buf.String())
			}
			if !strings.Contains(stderr.buf.String(), "Interrupted") {
				t.Errorf("said %s", stderr.buf.String())
			}
			if _, err := os.Stat(filepath.Join(s.dir, "early.csv")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("an output of a run that was stopped is there: %v", err)
			}
			if left := s.leftovers(t); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// A worker that is killed fails its run with the cause and the nodes of the
// step, and nothing is left of it.
func TestKilledWorkerFailsItsRun(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this system does not list processes in /proc")
	}
	s := newSandbox(t, install(t))
	cmd, stderr := s.endlessRun(t)
	for _, pid := range children(t, cmd.Process.Pid) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
	err := cmd.Wait()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	for _, want := range []string{"node d: The worker process was killed", "the nodes a, b, c, d."} {
		if got := stderr.buf.String(); !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
	if _, err := os.Stat(filepath.Join(s.dir, "early.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file of a run that failed is there: %v", err)
	}
	if left := s.leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// children lists the processes whose parent is pid.
func children(t *testing.T, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var out []int
	for _, file := range stats {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		var child, parent int
		var state string
		// The name stands in brackets and may hold anything.
		if _, err := fmt.Sscan(string(data), &child); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		if _, err := fmt.Sscan(rest, &state, &parent); err == nil && parent == pid {
			out = append(out, child)
		}
	}
	return out
}

func TestPipeThatClosesEarlyIsNoError(t *testing.T) {
	s := newSandbox(t, install(t))
	s.write(t, "big.weft", head+table("a", 2000)+`
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
`)
	s.write(t, "both.weft", head+table("a", 2000)+`
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
      file: {component: output.text, input: a, settings: {path: made.csv}}
`)
	for _, line := range []string{
		"weft run -q --format csv big.weft", "weft run -q --format json big.weft", "weft run -q big.weft",
		"weft run -q --format csv both.weft", "weft components --format json", "weft run -q --format parquet big.weft",
	} {
		out, err := s.command("(" + line + "; echo code $? >&3) 3>code | head -c 1").CombinedOutput()
		if err != nil || len(out) != 1 {
			t.Errorf("%s: %v, %q", line, err, out)
		}
		if code, err := os.ReadFile(filepath.Join(s.dir, "code")); string(code) != "code 0\n" {
			t.Errorf("%s: %s %v", line, code, err)
		}
	}
	if _, err := os.Stat(filepath.Join(s.dir, "made.csv")); err != nil {
		t.Errorf("the file of a run whose table nobody read is not there: %v", err)
	}
	if left := s.leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFullStandardOutput(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	s := newSandbox(t, install(t))
	s.write(t, "a.weft", head+table("a", 10))
	for _, line := range []string{
		"weft run -q a.weft > /dev/full", "weft run -q --format csv a.weft > /dev/full",
		"weft run -q --format json a.weft > /dev/full", "weft run -q --format parquet a.weft --out /dev/full",
		"weft run -q --format csv a.weft --out /dev/full",
	} {
		out, err := s.command(line).CombinedOutput()
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() != 1 || !strings.Contains(string(out), "the disk is full") {
			t.Errorf("%s: %v, %s", line, err, out)
		}
	}
	if info, err := os.Stat("/dev/full"); err != nil || info.Mode().IsRegular() {
		t.Errorf("/dev/full is no device any more: %v", err)
	}
}

// A disk of half a megabyte fills while outputs are put in place: all of them
// stay as they were.
func TestFullDisk(t *testing.T) {
	s := newSandbox(t, install(t))
	s.write(t, "a.weft", head+table("a", 300)+`
      b: {component: tables.join, inputs: {left: a, right: a}, settings: {kind: cross}}
      small: {component: output.text, input: a, settings: {path: disk/small.csv}}
      large: {component: output.text, input: b, settings: {path: disk/large.csv}}
`)
	if err := os.Mkdir(filepath.Join(s.dir, "disk"), 0o755); err != nil {
		t.Fatal(err)
	}
	const mount = "mount -t tmpfs -o size=512k none disk"
	if out, err := s.command("unshare -m sh -c '" + mount + "'").CombinedOutput(); err != nil {
		t.Skipf("mounting a small disk is not allowed here: %v, %s", err, out)
	}
	script := mount + "; echo before > disk/small.csv; weft run -q a.weft; echo code $?; cat disk/small.csv; ls -A disk"
	out, err := s.command("unshare -m sh -c '" + script + "'").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if !strings.Contains(string(out), "node large: setting path: disk/large.csv cannot be written: the disk is full") || !strings.HasSuffix(string(out), "code 1\nbefore\nsmall.csv\n") {
		t.Errorf("got %s", out)
	}
	if left := s.leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// What standard error is not a terminal for gets no escapes, and a table on a
// pipe none either.
func TestNoEscapesOutsideOfATerminal(t *testing.T) {
	s := newSandbox(t, install(t))
	s.write(t, "a.weft", head+table("a", 10))
	for _, line := range []string{"weft run a.weft", "weft check none.weft; true", "weft run --node x a.weft; true"} {
		out, err := s.command(line).CombinedOutput()
		if err != nil || bytes.ContainsRune(out, '\x1b') {
			t.Errorf("%s: %v, %q", line, err, out)
		}
	}
}
