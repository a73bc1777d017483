package rpc

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

func TestNoHello(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil)
		begin := time.Now()
		f.connect(t).wantClosed(CloseUnauthenticated)
		if d := time.Since(begin); d != 5*time.Second {
			t.Errorf("closed after %v", d)
		}
	})
}

// A thousand connections that say nothing are gone after five seconds, the
// oldest sooner; a person signs in meanwhile.
func TestStrangersLockNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil, func(c *Config) {
			c.Origins.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		})
		var all sync.WaitGroup
		begin := time.Now()
		for i := range 1000 {
			r := f.connect(t, "X-Forwarded-For", fmt.Sprintf("203.0.%d.%d", i/250, i%250+1))
			all.Go(func() {
				if code := r.closed(); code != CloseUnauthenticated {
					t.Errorf("closed with %d", code)
				}
			})
		}
		synctest.Wait()
		if n := f.Connections(); n > f.config.Limits.Unauthenticated {
			t.Errorf("%d strangers are held", n)
		}
		f.connect(t, "X-Forwarded-For", "198.51.100.1").signIn()
		if d := time.Since(begin); d > time.Second {
			t.Errorf("signing in took %v", d)
		}
		all.Wait()
		if d := time.Since(begin); d > 6*time.Second {
			t.Errorf("strangers were held for %v", d)
		}
		synctest.Wait()
		if n := f.Connections(); n != 1 {
			t.Errorf("%d connections are left", n)
		}
	})
}

// One address has few strangers: its own oldest goes, nobody else's.
func TestStrangersOfOneAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil, func(c *Config) {
			c.Origins.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		})
		other := f.connect(t, "X-Forwarded-For", "198.51.100.1")
		var own []*raw
		for i := range f.config.Limits.PerAddress + 1 {
			own = append(own, f.connect(t, "X-Forwarded-For", fmt.Sprintf("2001:db8::%d", i+1)))
			synctest.Wait() // the order in the lobby is theirs
		}
		begin := time.Now()
		own[0].wantClosed(CloseUnauthenticated)
		if time.Since(begin) > 0 {
			t.Error("the oldest was not dropped at once")
		}
		own[1].signIn()
		other.signIn()
	})
}

// A connection whose client answers pings lives; one that doesn't is dropped
// after two of them.
func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil)
		alive, silent := f.connect(t), f.connect(t)
		alive.signIn()
		silent.signIn()
		begin := time.Now()
		var all sync.WaitGroup
		var pings int
		all.Go(func() {
			for {
				frame, err := alive.read()
				if err != nil {
					return
				}
				if p := frame.GetPing(); p != nil {
					pings++
					alive.send(&weftv1.Frame{Kind: &weftv1.Frame_Pong{Pong: &weftv1.Pong{Id: p.GetId()}}})
				}
			}
		})
		silent.closed()
		if d := time.Since(begin); d < 40*time.Second || d > 45*time.Second {
			t.Errorf("dropped after %v", d)
		}
		time.Sleep(5 * time.Minute)
		if n := f.Connections(); n != 1 {
			t.Errorf("%d connections, want the one that answers", n)
		}
		_ = alive.ws.CloseNow()
		all.Wait()
		if pings < 16 {
			t.Errorf("%d pings in over 5 minutes", pings)
		}
	})
}

// Whoever asks for much and takes nothing makes the server hold a window, is
// cut after half a minute, and can resume.
func TestSlowReader(t *testing.T) {
	cases := []struct {
		name  string
		reads bool // frames from the network, without granting credit
		most  time.Duration
	}{
		{"no credit", true, 36 * time.Second},
		{"reads nothing", false, 31 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := serve(t, newPipes(), nil)
				r := f.connect(t)
				w := r.signIn()
				begin := time.Now()
				r.down(1, 1<<40, 10_000)
				var all sync.WaitGroup
				if c.reads {
					all.Go(func() {
						for {
							frame, err := r.read()
							if err != nil {
								return
							}
							if p := frame.GetPing(); p != nil {
								_ = r.ping(p.GetId()) // a sign of life is no excuse
							}
						}
					})
				}
				for f.Connections() > 0 && time.Since(begin) < time.Minute {
					time.Sleep(100 * time.Millisecond)
				}
				if d := time.Since(begin); d < 30*time.Second || d > c.most {
					t.Errorf("cut after %v", d)
				}
				if n := f.echo.handed() * 10_000; n > int64(f.config.Limits.StreamCredit) {
					t.Errorf("the server held %d bytes", n)
				}
				_ = r.ws.CloseNow()
				all.Wait()
				if again, got := f.resumed(t, w.GetResumeToken()); got == nil {
					t.Error("the session can't be resumed")
				} else {
					_ = again.ws.CloseNow()
				}
			})
		})
	}
}

// Ten thousand opens as fast as they go: first they are slowed down, then
// refused, then the client is given up.
func TestFloodOfOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil)
		r := f.connect(t)
		r.signIn()
		begin := time.Now()
		var all sync.WaitGroup
		var refused, others int
		code := -1
		all.Go(func() {
			for {
				frame, err := r.read()
				if err != nil {
					code = int(closeStatus(err))
					return
				}
				if e := frame.GetEnd(); e != nil && codes.Code(e.GetCode()) == codes.ResourceExhausted {
					refused++
				} else {
					others++
				}
			}
		})
		sent := uint32(0)
		for id := uint32(1); id <= 10_000; id++ {
			b := openFrame(id, "Up")
			if err := r.write(encode(t, b)); err != nil {
				break
			}
			sent = id
		}
		all.Wait()
		if code != int(closePolicy) {
			t.Errorf("closed with %d", code)
		}
		if sent < 500 || sent > 1500 || refused < 300 {
			t.Errorf("%d were sent and %d refused", sent, refused)
		}
		if d := time.Since(begin); d < 200*time.Millisecond {
			t.Errorf("nothing slowed the client down: %v", d)
		}
	})
}

// Two hundred calls a second are nobody's flood.
func TestSustainedOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBucket(200, 400)
		for range 2000 {
			time.Sleep(5 * time.Millisecond)
			if v := b.take(time.Now()); v != pass {
				t.Fatalf("verdict %d", v)
			}
		}
	})
}

// Whoever sends a header byte by byte is cut after five seconds.
func TestSlowHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := newPipes()
		serve(t, web, nil)
		conn, err := web.dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		var all sync.WaitGroup
		all.Go(func() { _, _ = io.Copy(io.Discard, conn) })
		for range 60 {
			if _, err = conn.Write([]byte("G")); err != nil {
				break
			}
			time.Sleep(time.Second)
		}
		if d := time.Since(begin); err == nil || d > 6*time.Second {
			t.Errorf("cut after %v: %v", d, err)
		}
		all.Wait()
		_ = conn.Close()
	})
}

// A header of any length is not taken.
func TestLongHeader(t *testing.T) {
	f := start(t)
	if got := f.handshake(t, "/ws", nil, "X-Long", strings.Repeat("a", 64<<10)); got != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %d", got)
	}
}

var _ net.Listener = (*pipes)(nil)
