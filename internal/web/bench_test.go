package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// benchPort names the variable that makes the test binary a web server of its
// own, as it stands beside its Server and its browsers in life.
const benchPort = "WEFT_WEB_BENCHMARK_SERVER_PORT"

func serveForBenchmark(port string) {
	c := Defaults()
	c.HTTP, c.Proxy, c.ServerHost = "127.0.0.1:0", true, "127.0.0.1"
	c.ServerPort, _ = strconv.Atoi(port)
	s, err := New(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Addrs()[0])
	ctx, stop := context.WithCancel(context.Background())
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); stop() }()
	if err := s.Run(ctx); err != nil {
		panic(err)
	}
}

// weftAddress starts a web server process before the Server at port.
func weftAddress(b *testing.B, port int) (addr string, pid int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), benchPort+"="+strconv.Itoa(port))
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return line[:len(line)-1], cmd.Process.Pid
}

const nginxConf = `
worker_processes auto; daemon off; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
  server { listen 127.0.0.1:%[2]d; location /ws {
    proxy_pass http://127.0.0.1:%[3]d; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_read_timeout 1h;
} } }`

// nginxAddress starts nginx before the Server at port, where it is installed.
func nginxAddress(b *testing.B, port int) (addr string, pid int) {
	path, err := exec.LookPath("nginx")
	if err != nil {
		b.Skip("nginx is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	own := l.Addr().(*net.TCPAddr).Port
	l.Close()
	dir := b.TempDir()
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, dir, own, port), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(path, "-c", conf, "-p", dir)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(own))
	eventually(b, "nginx listens", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return addr, cmd.Process.Pid
}

// Messages to the Server and back, direct and by way of a proxy. Beside
// nginx, where there is one: the bars are 1.0 for small messages on 64
// connections, and 1.2 for large ones on 8, between a whole websocket client
// and Server, which mask, copy and check. "bytes" are the same large messages
// without that work, so that little but the proxy is measured.
func BenchmarkProxy(b *testing.B) {
	for _, load := range []struct {
		name        string
		size, conns int
		server      func(testing.TB) *server
		dial        func(b *testing.B, addr string) peer
	}{
		{"small", 128, 64, echoingBytes, dialBytes},
		{"large", 256 << 10, 8, echoingMessages, dialMessages},
		{"bytes", 256 << 10, 8, echoingBytes, dialBytes},
	} {
		for _, way := range []struct {
			name string
			addr func(*testing.B, int) (string, int)
		}{
			{"direct", func(_ *testing.B, port int) (string, int) { return fmt.Sprintf("127.0.0.1:%d", port), 0 }},
			{"weft", weftAddress},
			{"nginx", nginxAddress},
		} {
			b.Run(load.name+"/"+way.name, func(b *testing.B) {
				addr, pid := way.addr(b, load.server(b).port)
				peers := make([]peer, load.conns)
				for i := range peers {
					peers[i] = load.dial(b, addr)
				}
				roundTrips(b, peers, pid, load.size)
			})
		}
	}
}

func echoBytes(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	if _, err := http.ReadRequest(r); err != nil {
		return
	}
	_, _ = io.WriteString(c, accepting)
	buf := make([]byte, 256<<10)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		if _, err := c.Write(buf[:n]); err != nil {
			return
		}
	}
}

// peer is one client's end of a websocket.
type peer interface {
	send(message []byte) error
	receive(into []byte) error // a message of its length
}

// unframed writes and reads bytes where others would write and read frames.
type unframed struct{ net.Conn }

func (r unframed) send(message []byte) error { _, err := r.Write(message); return err }
func (r unframed) receive(into []byte) error { _, err := io.ReadFull(r, into); return err }

func echoingBytes(t testing.TB) *server { return listenAs(t, nil, echoBytes) }

func dialBytes(b *testing.B, addr string) peer {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	_, _ = io.WriteString(c, shake+"\r\n")
	if resp, err := http.ReadResponse(bufio.NewReaderSize(c, 16), nil); err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		b.Fatal(resp, err)
	}
	return unframed{c}
}

// framed is a whole websocket client.
type framed struct{ c *websocket.Conn }

func (f framed) send(message []byte) error {
	return f.c.Write(context.Background(), websocket.MessageBinary, message)
}

func (f framed) receive(into []byte) error {
	_, r, err := f.c.Reader(context.Background())
	if err != nil {
		return err
	}
	if _, err := io.ReadFull(r, into); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r) // the end of the message
	return err
}

func echoingMessages(t testing.TB) *server { return websockets(t, nil, echo) }

func dialMessages(b *testing.B, addr string) peer {
	return framed{connect(b, "ws://"+addr+"/ws", nil)}
}

func roundTrips(b *testing.B, peers []peer, pid, size int) {
	b.SetBytes(int64(2 * size))
	b.ResetTimer()
	before := processorTime(pid)
	var wg sync.WaitGroup
	for i, p := range peers {
		share := b.N / len(peers)
		if i < b.N%len(peers) {
			share++
		}
		wg.Go(func() { exchange(b, p, size, share) })
	}
	wg.Wait()
	if pid != 0 {
		b.ReportMetric(float64((processorTime(pid)-before).Nanoseconds())/float64(b.N), "proxy-cpu-ns/op")
	}
}

// processorTime is what a process and its children have used, as Linux tells
// it: on a busy machine a fairer measure than the time on the wall.
func processorTime(pid int) time.Duration {
	const tick = 10 * time.Millisecond
	var sum int
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range files {
		data, _ := os.ReadFile(name) // it may have ended
		_, rest, _ := strings.Cut(string(data), ") ")
		f := strings.Fields(rest)
		if len(f) < 13 || filepath.Base(filepath.Dir(name)) != strconv.Itoa(pid) && f[1] != strconv.Itoa(pid) {
			continue
		}
		for _, field := range f[11:13] {
			n, _ := strconv.Atoi(field)
			sum += n
		}
	}
	return time.Duration(sum) * tick
}

// exchange sends and receives large messages at the same time, so that they
// fit no matter what the buffers on their way hold; small ones in turn.
func exchange(b *testing.B, p peer, size, times int) {
	out, in := make([]byte, size), make([]byte, size)
	if size < 16<<10 {
		for range times {
			if err := errors.Join(p.send(out), p.receive(in)); err != nil {
				b.Error(err)
				return
			}
		}
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for range times {
			if err := p.send(out); err != nil {
				b.Error(err)
				return
			}
		}
	})
	for range times {
		if err := p.receive(in); err != nil {
			b.Error(err)
			break
		}
	}
	wg.Wait()
}
