package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// forged says, in every way there is, that a connection comes from somewhere
// else.
type forged struct {
	http.RoundTripper
	from string
}

// RoundTrip implements http.RoundTripper.
func (f forged) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, h := range []string{"X-Forwarded-For", "X_Forwarded_For", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip"} {
		r.Header.Set(h, f.from)
	}
	r.Header.Set("Forwarded", "for="+f.from)
	return f.RoundTripper.RoundTrip(r)
}

func from(address string) func(*rpc.WebsocketClient) {
	return func(c *rpc.WebsocketClient) {
		c.HTTP = &http.Client{Transport: forged{&http.Transport{DisableKeepAlives: true}, address}}
	}
}

// Whoever comes from elsewhere by his own word comes from where he comes: the
// sessions, the limits of sign-in and what is loopback's alone go by the
// connection. Through a web server that is trusted, its last word counts.
func TestForgedForwarding(t *testing.T) {
	guesses := func(t *testing.T, s *runningServer, address func(i int) string) string {
		t.Helper()
		for i := range 61 {
			err := hello(t, s.dial(t, byPassword(fmt.Sprint("nobody", i), "a guess of mine"), from(address(i))))
			if id := ids(err); id != "auth.wrong" {
				return fmt.Sprint(i, " ", id)
			}
		}
		return ""
	}
	each := func(i int) string { return fmt.Sprintf("203.0.113.%d", i+1) }

	t.Run("limits", func(t *testing.T) {
		s := startServer(t)
		if got := guesses(t, s, each); !strings.HasPrefix(got, "60 auth.wait") && !strings.Contains(got, "auth.busy") {
			t.Errorf("guesses from one address under many names end with %q", got)
		}
	})
	t.Run("a forged hop before a trusted one", func(t *testing.T) {
		s := startServer(t, func(c *ServerConfig) { c.Proxies = []string{"127.0.0.1"} })
		last := func(i int) string { return each(i) + ", 198.51.100.7" }
		if got := guesses(t, s, last); !strings.HasPrefix(got, "60 auth.wait") && !strings.Contains(got, "auth.busy") {
			t.Errorf("guesses of one client that names many end with %q", got)
		}
	})
	t.Run("sessions", func(t *testing.T) {
		s := startServer(t)
		conn := s.dial(t, byPassword("user", s.secret(t, "user")), from("203.0.113.9"))
		ask(t, weftv1.NewSessionClient(conn).ChangePassword, &weftv1.ChangePasswordRequest{OldPassword: s.secret(t, "user"), NewPassword: changed})
		for _, e := range ask(t, weftv1.NewSessionClient(conn).ListSessions, &weftv1.ListSessionsRequest{}).GetSessions() {
			if e.GetAddress() != "127.0.0.1" {
				t.Errorf("a session is said to come from %q", e.GetAddress())
			}
		}
	})
	t.Run("loopback", func(t *testing.T) {
		s := startServer(t, func(c *ServerConfig) { c.Proxies = []string{"127.0.0.1"} })
		token, err := s.Ticket(t.Context(), LocalUser)
		if err != nil {
			t.Fatal(err)
		}
		away := s.dial(t, byTicket(token), from("127.0.0.1, 203.0.113.9"))
		if err := hello(t, away); ids(err) != "server.ticket_not_local" {
			t.Error("a client that the web server saw elsewhere:", err)
		}
	})
	t.Run("origins", func(t *testing.T) {
		s := startServer(t)
		header := http.Header{"Origin": {"http://evil.example"}, "X-Forwarded-Host": {"evil.example"}, "X-Forwarded-Proto": {"http"}}
		ws, resp, err := websocket.Dial(t.Context(), s.url(), &websocket.DialOptions{HTTPHeader: header, Subprotocols: []string{rpc.Subprotocol}})
		if resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("%v %v", resp, err)
		}
		if err == nil {
			_ = ws.CloseNow()
		}
	})
}
