package rpc

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

func byResume(token string) func(*weftv1.Hello) {
	return func(h *weftv1.Hello) { h.Credentials = &weftv1.Hello_ResumeToken{ResumeToken: token} }
}

func bySession(token string) func(*weftv1.Hello) {
	return func(h *weftv1.Hello) { h.Credentials = &weftv1.Hello_SessionToken{SessionToken: token} }
}

// resumed connects with a resume token; nil when it is refused, which the
// connection must be closed for.
func (f *fixture) resumed(t *testing.T, token string) (*raw, *weftv1.Welcome) {
	t.Helper()
	r := f.connect(t)
	r.hello(byResume(token))
	frame := r.recv()
	if frame.GetWelcome() == nil {
		r.wantClosed(CloseUnauthenticated)
	}
	return r, frame.GetWelcome()
}

func TestHelloIsRefused(t *testing.T) {
	f := start(t)
	cases := []struct {
		name string
		send func(r *raw)
		code codes.Code
		text string // of the refusal; "": none comes
	}{
		{"wrong password", func(r *raw) {
			r.hello(func(h *weftv1.Hello) {
				h.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: "ann", Password: "wrong"}}
			})
		}, codes.Unauthenticated, "Вы не вошли"},
		{"no credentials", func(r *raw) { r.hello(func(*weftv1.Hello) {}) }, codes.Unauthenticated, "Вы не вошли"},
		{"guessed resume token", func(r *raw) { r.hello(byResume("guess")) }, codes.Unauthenticated, "Вы не вошли"},
		{"another version", func(r *raw) {
			r.hello(func(h *weftv1.Hello) { byPassword(h); h.Protocol = 2 })
		}, codes.FailedPrecondition, "версию протокола 2"},
		{"a call first", func(r *raw) { r.open(1, "Unary") }, 0, ""},
		{"no frame at all", func(r *raw) { _ = r.write([]byte("\xff\xff\xff")) }, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := f.connect(t)
			c.send(r)
			if c.text != "" {
				got := r.recv().GetRefusal()
				if codes.Code(got.GetCode()) != c.code || len(got.GetErrors()) != 1 || !strings.Contains(got.GetErrors()[0].GetText(), c.text) {
					t.Errorf("got %v, want %v with %q", got, c.code, c.text)
				}
			}
			r.wantClosed(CloseUnauthenticated)
		})
	}
}

// Five seconds are for saying hello, not for the Server to look at a password
// while many others sign in.
func TestSignInThatTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil)
		f.auth.slow = 12 * time.Second
		r := f.connect(t)
		if w := r.signIn(); w.GetCaller().GetAccount() != "a1" {
			t.Errorf("got %v", w)
		}
	})
}

// An old, guessed, used or ended token opens nothing, and its owner is not
// thrown out.
func TestResumeTokens(t *testing.T) {
	f := start(t)
	owner := f.connect(t)
	first := owner.signIn()

	second, w2 := f.resumed(t, first.GetResumeToken())
	if w2 == nil || !w2.GetResumed() || w2.GetCaller().GetSession() != first.GetCaller().GetSession() {
		t.Fatalf("got %v", w2)
	}
	owner.wantClosed(CloseReplaced)

	// The answer got lost: the same token again.
	third, w3 := f.resumed(t, first.GetResumeToken())
	if w3 == nil {
		t.Fatal("a lost answer locks out")
	}
	second.wantClosed(CloseReplaced)
	if _, w := f.resumed(t, w2.GetResumeToken()); w != nil {
		t.Error("the token of the lost answer is still good")
	}

	fourth, w4 := f.resumed(t, w3.GetResumeToken())
	if w4 == nil {
		t.Fatal("the new token is refused")
	}
	third.wantClosed(CloseReplaced)
	for name, token := range map[string]string{"used": first.GetResumeToken(), "guessed": "guess", "empty": ""} {
		if _, w := f.resumed(t, token); w != nil {
			t.Errorf("a token that is %s opens the session", name)
		}
	}
	if err := fourth.ping(1); err != nil {
		t.Errorf("the owner was thrown out: %v", err)
	}

	f.EndSession(t.Context(), first.GetCaller().GetSession())
	fourth.wantClosed(CloseUnauthenticated)
	if _, w := f.resumed(t, w4.GetResumeToken()); w != nil {
		t.Error("a token outlives its session")
	}
}

func TestEndAccountSparesOneSession(t *testing.T) {
	f := start(t)
	a, b := f.connect(t), f.connect(t)
	wa := a.signIn()
	b.signIn()
	f.EndAccount(t.Context(), "a1", wa.GetCaller().GetSession())
	b.wantClosed(CloseUnauthenticated)
	if err := a.ping(1); err != nil {
		t.Error(err)
	}
}

// Several connections may have one token of a program.
func TestServiceTokensShareNoSession(t *testing.T) {
	f := start(t)
	byToken := func(h *weftv1.Hello) {
		h.Credentials = &weftv1.Hello_ServiceToken{ServiceToken: &weftv1.ServiceToken{Name: "service", Token: "weft_t"}}
	}
	var conns []*raw
	for range 2 {
		r := f.connect(t)
		r.hello(byToken)
		if w := r.recv().GetWelcome(); w.GetCaller().GetAccount() != "svc" || w.GetSessionToken() != "" {
			t.Fatalf("got %v", w)
		}
		conns = append(conns, r)
	}
	for _, r := range conns {
		if err := r.ping(1); err != nil {
			t.Error(err)
		}
	}
	f.EndSession(t.Context(), "token:1")
	for _, r := range conns {
		r.wantClosed(CloseUnauthenticated)
	}
}

// After a restart of the server the session's own token takes the place of
// the resume token.
func TestRestart(t *testing.T) {
	auth := newAccounts()
	first := start(t, func(c *Config) { c.Auth = auth })
	w := first.connect(t).signIn()
	first.Close()

	second := start(t, func(c *Config) { c.Auth = auth })
	if _, w := second.resumed(t, w.GetResumeToken()); w != nil {
		t.Error("a resume token outlives its server")
	}
	r := second.connect(t)
	r.hello(bySession(w.GetSessionToken()))
	got := r.recv().GetWelcome()
	if got.GetCaller().GetSession() != w.GetCaller().GetSession() || got.GetResumed() || got.GetSessionToken() != "" {
		t.Fatalf("got %v", got)
	}
}

func TestDetachedSessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil)
		for _, c := range []struct {
			after time.Duration
			want  bool
		}{{9 * time.Minute, true}, {11 * time.Minute, false}} {
			r := f.connect(t)
			w := r.signIn()
			_ = r.ws.CloseNow()
			time.Sleep(c.after)
			again, got := f.resumed(t, w.GetResumeToken())
			if (got != nil) != c.want {
				t.Errorf("after %v: %v", c.after, got)
			}
			_ = again.ws.CloseNow()
		}
	})
}

// Streams that are taken up again after the last number lose nothing and
// repeat nothing, however often the connection breaks.
func TestResumeWithoutLossOrRepetition(t *testing.T) {
	f := start(t)
	conn := f.overWebsocket(t)
	c := testv1.NewEchoClient(conn)
	ctx := within(t)
	first, err := conn.Welcome(ctx)
	if err != nil {
		t.Fatal(err)
	}
	const until = 3000
	last, breaks := int64(0), 0
	for last < until {
		s, err := c.Down(ctx, &testv1.DownRequest{After: last, Until: until, Bytes: 500})
		if err != nil {
			t.Fatal(err)
		}
		for {
			m, err := s.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if status.Code(err) == codes.Unavailable {
				breaks++
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if m.GetNumber() != last+1 {
				t.Fatalf("got %d after %d", m.GetNumber(), last)
			}
			last++
			if last%700 == 0 {
				drop(conn)
			}
		}
	}
	if breaks == 0 {
		t.Error("the connection never broke")
	}
	now, err := conn.Welcome(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !now.GetResumed() || now.GetCaller().GetSession() != first.GetCaller().GetSession() {
		t.Errorf("the session is another one: %v", now)
	}
}

// drop cuts a client's connection, as a lost network does.
func drop(c *WebsocketConn) {
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	conn.fail(errors.New("dropped"))
}

// A caller whom nobody knows any more hears so, and is sent to the sign-in:
// the connection is closed with the code for it.
func TestCallOfEndedSession(t *testing.T) {
	f := start(t)
	r := f.connect(t)
	r.signIn()
	f.auth.set(func(a *accounts) { a.gone = true })
	r.open(1, "Unary")
	r.send(messageFrame(1, nil, false))
	r.send(&weftv1.Frame{Stream: 1, Kind: &weftv1.Frame_HalfClose{HalfClose: &weftv1.HalfClose{}}})
	for {
		if end := r.recv().GetEnd(); end != nil {
			if codes.Code(end.GetCode()) != codes.Unauthenticated {
				t.Errorf("the call ended with %v", codes.Code(end.GetCode()))
			}
			break
		}
	}
	r.wantClosed(CloseUnauthenticated)
}

// The caller of an idle connection is looked at as well: whoever is gone is
// closed within five seconds, without a call.
func TestIdleConnectionOfEndedSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil)
		r := f.connect(t)
		r.signIn()
		time.Sleep(time.Minute / 10)
		f.auth.set(func(a *accounts) { a.gone = true })
		begin := time.Now()
		r.wantClosed(CloseUnauthenticated)
		if d := time.Since(begin); d > 5*time.Second {
			t.Errorf("closed after %v", d)
		}
	})
}

// Open streams of idle tabs cost no look of their own: their session is looked
// at with all others, and its end ends them.
func TestIdleStreamsCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := serve(t, newPipes(), nil)
		r := f.connect(t)
		r.signIn()
		for id := range uint32(5) {
			r.open(id+1, "Both")
		}
		time.Sleep(30 * time.Second)
		f.auth.set(func(a *accounts) {
			if a.looks > 10 {
				t.Errorf("%d looks at one caller in half a minute", a.looks)
			}
			a.gone = true
		})
		begin := time.Now()
		r.wantClosed(CloseUnauthenticated)
		if d := time.Since(begin); d > 5*time.Second {
			t.Errorf("closed after %v", d)
		}
	})
}

// A call that ends its own session is answered before the connection is closed.
func TestEndingOneselfIsAnswered(t *testing.T) {
	f := start(t)
	f.echo.before = func(ctx context.Context) {
		c, _ := CallerFrom(ctx)
		f.EndSession(ctx, c.Session)
	}
	r, other := f.connect(t), f.connect(t)
	r.signIn()
	other.signIn()
	r.open(1, "Unary")
	r.send(messageFrame(1, nil, false))
	r.send(&weftv1.Frame{Stream: 1, Kind: &weftv1.Frame_HalfClose{HalfClose: &weftv1.HalfClose{}}})
	for {
		if end := r.recv().GetEnd(); end != nil {
			if codes.Code(end.GetCode()) != codes.OK {
				t.Errorf("the call ended with %v", codes.Code(end.GetCode()))
			}
			break
		}
	}
	r.wantClosed(CloseUnauthenticated)
	if err := other.ping(1); err != nil {
		t.Errorf("another session of the account: %v", err)
	}
}
