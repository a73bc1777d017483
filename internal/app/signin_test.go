package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc/codes"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// hello tries to sign in, and returns the error.
func hello(t *testing.T, conn *rpc.WebsocketConn) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, err := conn.Welcome(ctx)
	return err
}

func ids(err error) string {
	var out []string
	for _, e := range rpc.Errors(err) {
		out = append(out, e.GetId())
	}
	return strings.Join(out, " ")
}

// A one-time token signs in once, from a page of this machine, and nowhere
// else: neither with a foreign name in Host nor in Origin.
func TestTicket(t *testing.T) {
	s := startServer(t, func(c *ServerConfig) {
		c.Origins, c.Names = []string{"https://studio.example"}, []string{"weft.example"}
	})
	token, err := s.Ticket(t.Context(), LocalUser)
	if err != nil {
		t.Fatal(err)
	}
	foreign := s.dial(t, byTicket(token), func(c *rpc.WebsocketClient) { c.Origin = "https://studio.example" })
	if err := hello(t, foreign); ids(err) != "server.ticket_not_local" {
		t.Error("from a foreign page:", err)
	}
	named := s.dial(t, byTicket(token), func(c *rpc.WebsocketClient) {
		c.URL, c.Origin, c.HTTP = "ws://weft.example/ws", "http://weft.example", s.rebound()
	})
	if err := hello(t, named); ids(err) != "server.ticket_not_local" {
		t.Error("under another name of the Server:", err)
	}
	if err := hello(t, s.dial(t, byTicket(token[1:]+token[:1]))); ids(err) != "auth.ticket" {
		t.Error("a guess:", err)
	}
	if err := hello(t, s.dial(t, byTicket(token))); err != nil {
		t.Error("from a page of this machine:", err)
	}
	if err := hello(t, s.dial(t, byTicket(token))); ids(err) != "auth.ticket" {
		t.Error("a second time:", err)
	}
}

// rebound is a client for which every name leads to the Server, as after a
// foreign name was pointed at it.
func (r *runningServer) rebound() *http.Client {
	return &http.Client{Transport: reboundTo(r.Websockets()[0].String())}
}

// A foreign name that was pointed here is refused before the upgrade, also
// when its page's origin agrees; so is a page of any other host. The Server's
// own names are taken: configured ones, its host name, its addresses.
func TestForeignNamesAndOrigins(t *testing.T) {
	s := startServer(t, func(c *ServerConfig) { c.Names = []string{"Weft.example"} })
	type attempt struct {
		host, origin string
		status       int
	}
	tests := []attempt{
		{"weft.example:8080", "https://weft.example", http.StatusSwitchingProtocols},
		{"weft.example", "http://other.weft.example", http.StatusForbidden},
		{"192.0.2.77", "http://192.0.2.77", http.StatusForbidden}, // an address, but of another host
		{"evil.example", "http://evil.example", http.StatusMisdirectedRequest},
		{"evil.example:8080", "http://evil.example:8000", http.StatusMisdirectedRequest},
		{"127.0.0.1", "http://evil.example", http.StatusForbidden},
		{"localhost", "null", http.StatusForbidden},
		{"localhost", "", http.StatusForbidden},
		{"localhost", "http://localhost.evil.example", http.StatusForbidden},
		{"localhost", "http://127.0.0.1:8000", http.StatusForbidden},
		{"localhost", "http://localhost:9999", http.StatusSwitchingProtocols},
		{"127.0.0.1", "https://127.0.0.1", http.StatusSwitchingProtocols},
	}
	if name, err := os.Hostname(); err == nil {
		tests = append(tests, attempt{name, "http://" + name + ":8000", http.StatusSwitchingProtocols})
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() {
			tests = append(tests, attempt{p.Addr().String(), "http://" + p.Addr().String(), http.StatusSwitchingProtocols})
		}
	}
	for _, tt := range tests {
		for _, path := range []string{"/ws", "/ws/"} {
			header := http.Header{}
			if tt.origin != "" {
				header.Set("Origin", tt.origin)
			}
			ws, resp, err := websocket.Dial(t.Context(), "ws://"+tt.host+path, &websocket.DialOptions{
				HTTPClient: s.rebound(), HTTPHeader: header, Subprotocols: []string{rpc.Subprotocol},
			})
			if resp == nil || resp.StatusCode != tt.status {
				t.Errorf("%s from %q: %v %v, want %d", tt.host, tt.origin, resp, err, tt.status)
			}
			if err == nil {
				_ = ws.CloseNow()
			}
		}
	}
}

// Guessing makes everybody wait but the browser that is signed in already.
func TestSignInLimits(t *testing.T) {
	s := startServer(t)
	person := s.person(t, "user")
	welcome, err := person.Welcome(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if err := hello(t, s.dial(t, byPassword("user", fmt.Sprint("guess number ", i)))); ids(err) != "auth.wrong" {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	for name, password := range map[string]string{"guess": "another guess", "the right one": changed} {
		if err := hello(t, s.dial(t, byPassword("user", password))); !strings.HasPrefix(ids(err), "auth.wait") {
			t.Errorf("%s after too many: %v %s", name, err, ids(err))
		}
	}
	known := s.dial(t, func(h *weftv1.Hello) {
		byPassword("user", changed)(h)
		h.KnownSessionToken = welcome.GetSessionToken()
	})
	if err := hello(t, known); err != nil {
		t.Error("the owner's own browser:", err)
	}
}

// What ends a session ends it on the wire within 5 seconds, whoever did it: the
// account itself, an administrator over the wire, or the command line.
func TestSessionEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(t *testing.T, s *runningServer, own, admin *rpc.WebsocketConn, account string)
	}{
		{"password changed elsewhere", func(t *testing.T, s *runningServer, _, _ *rpc.WebsocketConn, _ string) {
			other := s.dial(t, byPassword("user", changed))
			ask(t, weftv1.NewSessionClient(other).ChangePassword, &weftv1.ChangePasswordRequest{OldPassword: changed, NewPassword: changed + " again"})
		}},
		{"ended elsewhere", func(t *testing.T, s *runningServer, own, _ *rpc.WebsocketConn, _ string) {
			id := ask(t, weftv1.NewSessionClient(own).WhoAmI, &weftv1.WhoAmIRequest{}).GetCaller().GetSession()
			other := s.dial(t, byPassword("user", changed))
			ask(t, weftv1.NewSessionClient(other).EndSession, &weftv1.EndSessionRequest{Id: id})
		}},
		{"disabled by an administrator", func(t *testing.T, _ *runningServer, _, admin *rpc.WebsocketConn, account string) {
			ask(t, weftv1.NewAccountsClient(admin).SetDisabled, &weftv1.SetDisabledRequest{Id: account, Disabled: true})
		}},
		{"password reset by an administrator", func(t *testing.T, _ *runningServer, _, admin *rpc.WebsocketConn, account string) {
			ask(t, weftv1.NewAccountsClient(admin).ResetPassword, &weftv1.ResetPasswordRequest{Id: account})
		}},
		{"role changed by an administrator", func(t *testing.T, _ *runningServer, _, admin *rpc.WebsocketConn, account string) {
			ask(t, weftv1.NewAccountsClient(admin).SetRole, &weftv1.SetRoleRequest{Id: account, Role: weftv1.Role_ROLE_VIEWER})
		}},
		{"disabled by the command line", func(t *testing.T, s *runningServer, _, _ *rpc.WebsocketConn, account string) {
			a, err := OpenAdmin(t.Context(), s.Folder())
			if err == nil {
				err = errors.Join(a.SetDisabled(t.Context(), account, true), a.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t)
			own, admin := s.person(t, "user"), s.person(t, "admin")
			ask(t, weftv1.NewSessionClient(admin).Confirm, &weftv1.ConfirmRequest{Password: changed})
			account := ask(t, weftv1.NewSessionClient(own).WhoAmI, &weftv1.WhoAmIRequest{}).GetCaller().GetAccount()
			welcome, err := own.Welcome(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			tt.end(t, s, own, admin, account)
			ended := time.Now()
			code, _ := refused(t, weftv1.NewFilesClient(own).ListFiles, &weftv1.ListFilesRequest{})
			if code != codes.Unauthenticated && code != codes.Unavailable || time.Since(ended) > 5*time.Second {
				t.Errorf("a call after %v: %v", time.Since(ended), code)
			}
			again := s.dial(t, func(h *weftv1.Hello) {
				h.Credentials = &weftv1.Hello_SessionToken{SessionToken: welcome.GetSessionToken()}
			})
			if err := hello(t, again); err == nil {
				t.Error("the session's token still signs in")
			}
			resumed := s.dial(t, func(h *weftv1.Hello) {
				h.Credentials = &weftv1.Hello_ResumeToken{ResumeToken: welcome.GetResumeToken()}
			})
			if err := hello(t, resumed); err == nil {
				t.Error("the connection's token still resumes")
			}
		})
	}
}
