package leak

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// What is left is named, and is no longer once it has ended.
func TestFound(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("descriptors and processes are counted on Linux alone")
	}
	before := descriptors()
	f, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sleep", "60")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if left := more(before, descriptors()); len(left) == 0 {
		t.Error("an open file is not found")
	}
	if left := children(); len(left) != 1 {
		t.Errorf("children %q", left)
	}
	_ = c.Process.Kill()
	_ = c.Wait() // it was killed
	f.Close()
	if left := append(more(before, descriptors()), children()...); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}
