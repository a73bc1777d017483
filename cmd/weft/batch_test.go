package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/store"
)

// launch runs weft batch run and returns its exit code, with what it wrote.
func launch(t *testing.T, bin, address, token string, args ...string) (code int, out, told string) {
	t.Helper()
	cmd := launcher(t, bin, address, token, args...)
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

func launcher(t *testing.T, bin, address, token string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "weft"), append([]string{"batch", "run"}, args...)...)
	cmd.Env = []string{"WEFT_BATCH_SERVER=" + address, "WEFT_BATCH_TOKEN=" + token, "LANG=C.UTF-8", "HOME=" + t.TempDir()}
	return cmd
}

func TestBatchRun(t *testing.T) {
	h := newHost(t, map[string]string{
		"user/writes.weft": writes, "user/numbers.csv": "n,name\n1,a\n5,b\n9,c\nx,d\n", "user/endless.weft": endlessService,
		"user/broken.weft": "weft: 1\nworkflows: 3\n",
		"user/lost.weft":   strings.ReplaceAll(writes, "numbers.csv", "lost.csv"),
	})
	allowWrites(t, h)
	bin, address := install(t), fmt.Sprintf("127.0.0.1:%d", h.port)
	file := filepath.Join(t.TempDir(), "token")
	check(t, os.WriteFile(file, []byte(h.token+"\n"), 0o600))
	for _, tt := range []struct {
		name, address, token string
		args                 []string
		code                 int
		out, told            string // parts of what is written
	}{
		{name: "writes", args: []string{"user/writes.weft"}, out: "wrote user/out/big.csv: 2 rows\n", told: "2 rows"},
		{name: "in Russian", args: []string{"user/writes.weft", "--set", "least=1", "--lang", "ru"}, out: "записан user/out/big.csv: 3 строки"},
		{name: "counts misfits", args: []string{"user/writes.weft", "-q"}, out: "column n: 1 of 4 values are no integer"},
		{name: "token by file", token: "none", args: []string{"user/writes.weft", "--token-file", file}, out: "wrote "},
		{name: "a run that fails", args: []string{"user/writes.weft", "--set", "least=9223372036854775808"}, code: 3, told: "is no integer"},
		{name: "a variable of another type", args: []string{"user/writes.weft", "--set", "least=zz"}, code: 3, told: "weft: The value of the variable least is wrong: zz is no integer."},
		{name: "unknown variable", args: []string{"user/writes.weft", "--set", "x=1"}, code: 3, told: "no variable x"},
		{name: "wrong usage", args: []string{"user/writes.weft", "--set", "x"}, code: 2, told: "x"},
		{name: "no package", args: []string{"user/none.weft"}, code: 5, told: "user/none.weft"},
		{name: "a broken package", args: []string{"user/broken.weft"}, code: 3, told: "workflows"},
		{name: "a file that is not there", args: []string{"user/lost.weft"}, code: 5, told: "user/lost.weft:9:26: node numbers"},
		{name: "no connection", address: "127.0.0.1:1", args: []string{"user/writes.weft"}, code: 6, told: "No connection to the Server 127.0.0.1:1: nothing listens there."},
		{name: "a bad token", token: "weft_x", args: []string{"user/writes.weft"}, code: 7, told: "refuses"},
		{name: "the time limit", args: []string{"user/endless.weft", "--limit", "1s"}, code: 8, told: "The time limit was reached"},
		{name: "one of half a second", args: []string{"user/endless.weft", "--limit", "500ms"}, code: 8, told: "The time limit was reached"},
		{name: "one in which nothing can be done", args: []string{"user/endless.weft", "--limit", "1ms"}, code: 8, told: "The time limit was reached"},
		{name: "no limit", args: []string{"user/writes.weft", "--limit", "1us"}, code: 2, told: "--limit is a time of at least a millisecond"},
		{name: "a negative one", args: []string{"user/writes.weft", "--limit", "-1s"}, code: 2, told: "--limit is a time of at least a millisecond"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at, token := address, h.token
			if tt.address != "" {
				at = tt.address
			}
			if tt.token != "" {
				token = tt.token
			}
			code, out, told := launch(t, bin, at, token, tt.args...)
			if code != tt.code || !strings.Contains(out, tt.out) || !strings.Contains(told, tt.told) {
				t.Errorf("exit %d\n%s%s", code, out, told)
			}
		})
	}
	t.Run("Ctrl+C", func(t *testing.T) {
		cmd := launcher(t, bin, address, h.token, "user/endless.weft")
		var told strings.Builder
		cmd.Stderr = &told
		check(t, cmd.Start())
		time.Sleep(time.Second) // by then it runs; if it does not, it is cancelled in the queue
		check(t, cmd.Process.Signal(os.Interrupt))
		_ = cmd.Wait() // the code tells
		if cmd.ProcessState.ExitCode() != 130 || !strings.Contains(told.String(), "was cancelled") {
			t.Errorf("exit %d\n%s", cmd.ProcessState.ExitCode(), told.String())
		}
	})
	t.Run("a lost connection", func(t *testing.T) {
		p := newCutter(t, address)
		done := make(chan struct{})
		go func() {
			defer close(done)
			time.Sleep(700 * time.Millisecond)
			p.cut(300 * time.Millisecond)
		}()
		code, _, told := launch(t, bin, p.address(), h.token, "user/endless.weft", "--limit", "2s")
		<-done
		if code != 8 || !strings.Contains(told, "Connection lost") || !strings.Contains(told, "Connected again") {
			t.Errorf("exit %d\n%s", code, told)
		}
	})
}

// allowWrites lets the service account write in the workspace of user.
func allowWrites(t *testing.T, h *host) {
	t.Helper()
	check(t, h.auth.Owner().Grant(t.Context(), "/user", auth.Subject{Name: "service"}, store.Read|store.Write|store.Run))
}

// cutter passes TCP on, and cuts it.
type cutter struct {
	l    net.Listener
	mu   sync.Mutex
	off  bool
	open map[net.Conn]bool
	wg   sync.WaitGroup
}

func newCutter(t *testing.T, to string) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	c := &cutter{l: l, open: map[net.Conn]bool{}}
	c.wg.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil || !c.add(in, out) {
				in.Close()
				continue
			}
			c.wg.Go(func() { c.copy(in, out) })
			c.wg.Go(func() { c.copy(out, in) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		c.closeAll(false)
		c.wg.Wait()
	})
	return c
}

func (c *cutter) address() string { return c.l.Addr().String() }

func (c *cutter) add(list ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range list {
		if c.off {
			one.Close()
		} else {
			c.open[one] = true
		}
	}
	return !c.off
}

func (c *cutter) copy(to, from net.Conn) {
	_, _ = io.Copy(to, from) // it is cut
	to.Close()
	from.Close()
}

func (c *cutter) closeAll(off bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = off
	for one := range c.open {
		one.Close()
		delete(c.open, one)
	}
}

// cut closes all connections and takes none for a while.
func (c *cutter) cut(d time.Duration) {
	c.closeAll(true)
	time.Sleep(d)
	c.mu.Lock()
	c.off = false
	c.mu.Unlock()
}
