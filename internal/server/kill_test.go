package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rpc"
)

// hostVariable names the folder of a process that serves packages until it is
// killed.
const hostVariable = "WEFT_TEST_HOST"

// host serves packages until its standard input ends, and tells when it is
// ready.
func host(dir, web, tcp string) error {
	s, err := openSite(dir, web, tcp, nil, func(o *document.Options) { o.SaveAfter = 30 * time.Millisecond })
	if err != nil {
		return err
	}
	fmt.Println("ready")
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, s.Close())
}

// process is a Server in a process of its own.
type process struct {
	cmd *exec.Cmd
	in  io.Closer
}

func startHost(t *testing.T, dir, web, tcp string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, web, tcp)
	cmd.Env = append(os.Environ(), hostVariable+"="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make([]byte, len("ready\n"))
	if _, err := io.ReadFull(out, ready); err != nil || string(ready) != "ready\n" {
		rest, _ := io.ReadAll(out)
		_ = cmd.Process.Kill()
		t.Fatalf("the host says %q: %v %v", string(ready)+string(rest), err, cmd.Wait())
	}
	return &process{cmd, in}
}

// kill ends the process as the system does when it is out of memory.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	_ = p.cmd.Wait()
	_ = p.in.Close()
}

// freePort finds an address that a process can listen on again and again.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// tally is what was acknowledged to whom.
type tally struct {
	mu    sync.Mutex
	acked map[string]int64 // numbers by the ids of the nodes that were added
	more  chan struct{}    // has one after each
}

func (a *tally) add(t *testing.T, node string, number int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if was, twice := a.acked[node]; twice {
		t.Errorf("%s was acknowledged as %d and as %d", node, was, number)
	}
	a.acked[node] = number
	select {
	case a.more <- struct{}{}:
	default:
	}
}

// load adds nodes as fast as it can until ctx ends, each until it is
// acknowledged, however often the Server dies meanwhile.
func load(ctx context.Context, t *testing.T, e *editor, name string, a *tally) {
	for i := 0; ctx.Err() == nil; i++ {
		node := fmt.Sprintf("%s_%d", name, i)
		c := pack.AddNode{Workflow: "main", Node: pack.Node{ID: node, Component: "x"}}
		number := e.insistUntil(ctx, t, node, c)
		if number == 0 {
			return
		}
		a.add(t, node, number)
	}
}

// insist sends a command until it is acknowledged.
func (e *editor) insist(t *testing.T, client string, c pack.Command) int64 {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	number := e.insistUntil(ctx, t, client, c)
	if number == 0 {
		t.Fatal("it is not acknowledged")
	}
	return number
}

// insistUntil sends a command until it is acknowledged; 0: ctx has ended, or it
// is refused for good.
func (e *editor) insistUntil(ctx context.Context, t *testing.T, client string, c pack.Command) int64 {
	for ctx.Err() == nil {
		e.mu.Lock()
		opened, wake := e.document != "", e.wake
		e.mu.Unlock()
		if opened {
			got, err := e.command(ctx, client, c)
			if err == nil {
				return got.GetNumber()
			}
			if told := rpc.Errors(err); len(told) > 0 && told[0].GetKind() != "not_found" && told[0].GetKind() != "unavailable" && told[0].GetKind() != "canceled" {
				t.Error(client, err)
				return 0
			}
		}
		select { // until it is open again, or the next try
		case <-wake:
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return 0
}

// TestKill kills the Server 20 times under load. Every acknowledged command is
// there afterwards, in its order, once, and every copy is what it was told.
func TestKill(t *testing.T) {
	dir, web, tcp := t.TempDir(), freePort(t), freePort(t)
	p := startHost(t, dir, web, tcp)
	a := &tally{acked: map[string]int64{}, more: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	var editors []*editor
	for i, name := range []string{"ann", "bob", "ann", "bob"} {
		var conn grpc.ClientConnInterface = overWebsocket(t, web, name)
		if i >= 2 {
			conn = overTCP(t, tcp, name)
		}
		e := edit(t, conn, "shared/p.weft")
		editors = append(editors, e)
		all.Go(func() { load(ctx, t, e, fmt.Sprintf("%s%d", name, i), a) })
	}
	for range 20 {
		for range 5 + rand.IntN(25) {
			select {
			case <-a.more:
			case <-time.After(patience):
				p.kill(t)
				t.Fatal("nothing is acknowledged any more")
			}
		}
		p.kill(t)
		p = startHost(t, dir, web, tcp)
	}
	<-a.more
	cancel()
	all.Wait()
	compare(t, editors, a)
	p.kill(t)
}

// compare holds what is there against what was acknowledged.
func compare(t *testing.T, editors []*editor, a *tally) {
	t.Helper()
	last := int64(0)
	for _, n := range a.acked {
		last = max(last, n)
	}
	for _, e := range editors {
		e.at(last)
	}
	// One more is after all that came unheard.
	end := editors[0].insist(t, "the end", pack.Rename{Label: "end"})
	order := map[string]int{}
	for i, e := range editors {
		e.at(end)
		if e.copyOf() != editors[0].copyOf() {
			t.Errorf("copy %d differs", i)
		}
	}
	main, _ := editors[0].tree.Get("workflows")
	main, _ = main.Get("main")
	nodes, _ := main.Get("nodes")
	for i, n := range nodes.Map {
		order[n.Key] = i
	}
	byNumber := map[int64]string{}
	for node, number := range a.acked {
		if _, there := order[node]; !there {
			t.Errorf("%s was acknowledged as %d and is lost", node, number)
		}
		if other, taken := byNumber[number]; taken {
			t.Errorf("%s and %s were both acknowledged as %d", node, other, number)
		}
		byNumber[number] = node
	}
	before, at := "", -1
	for number := range end {
		node, ok := byNumber[number]
		if !ok {
			continue
		}
		if order[node] < at {
			t.Errorf("%s, acknowledged as %d, stands before %s", node, number, before)
		}
		before, at = node, order[node]
	}
	if unheard := len(nodes.Map) - 2 - len(a.acked); unheard > len(editors) || int64(len(nodes.Map)-2) != end-1 {
		t.Errorf("%d nodes are there, %d were acknowledged, %d events", len(nodes.Map)-2, len(a.acked), end)
	}
	wholes := 0
	for _, e := range editors {
		wholes += e.snapshots
	}
	t.Logf("%d acknowledged by %d events, %s; copies were read whole %d times", len(a.acked), end, strings.TrimSpace(fmt.Sprint(len(editors), " editors")), wholes)
}
