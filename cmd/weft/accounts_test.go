package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// signIn signs in by name and password, as Studio does.
func signIn(t *testing.T, address, lang, name, password string) (*rpc.WebsocketConn, *weftv1.Welcome, error) {
	t.Helper()
	conn := rpc.DialWebsocket(rpc.WebsocketClient{
		URL: "ws://" + address + "/ws", Origin: "http://127.0.0.1:8000", Agent: "test", Language: lang,
		Hello: func(h *weftv1.Hello) {
			h.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: name, Password: password}}
		},
	})
	t.Cleanup(func() { _ = conn.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w, err := conn.Welcome(ctx)
	return conn, w, err
}

// plainServer starts a Server in the sandbox and returns the address of its
// websocket.
func (s sandbox) plainServer(t *testing.T) (p *process, address string) {
	t.Helper()
	p = s.started(t, "server", "--listen-ws", anyPort, "--listen-tcp", anyPort, "--data-folder", "data")
	return p, p.find(&p.err, `listening for websockets" address=(\S+)`)
}

// admin runs weft admin on the sandbox's data folder, which must succeed.
func (s sandbox) admin(t *testing.T, line string) string {
	t.Helper()
	out, err := s.command("weft admin " + line + " --data data").CombinedOutput()
	if err != nil {
		t.Fatalf("weft admin %s: %v\n%s", line, err, out)
	}
	return string(out)
}

// secretIn is the password or token that a command printed: its last line.
func secretIn(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return lines[len(lines)-1]
}

// A new password of an account that is there, made beside the running Server:
// the old one is wrong and its sessions end; the new one must be changed.
func TestAdminPasswd(t *testing.T) {
	s := newSandbox(t, install(t))
	p, address := s.plainServer(t)
	old := p.find(&p.out, `(?m)^  user +(\S+)$`)
	conn, _, err := signIn(t, address, "en", "user", old)
	check(t, err)
	fresh := secretIn(s.admin(t, "user passwd user"))
	if _, err := weftv1.NewSessionClient(conn).WhoAmI(t.Context(), &weftv1.WhoAmIRequest{}); status.Code(err) != codes.Unauthenticated {
		t.Errorf("the old session goes on: %v", err)
	}
	if _, _, err := signIn(t, address, "en", "user", old); status.Code(err) != codes.Unauthenticated {
		t.Errorf("the old password: %v", err)
	}
	_, w, err := signIn(t, address, "en", "user", fresh)
	if err != nil || !w.GetCaller().GetMustChangePassword() {
		t.Errorf("the new password: %v %v", w.GetCaller(), err)
	}
	for line, want := range map[string]string{
		"weft admin user passwd nobody --data data":            "There is no account nobody.",
		"weft admin user passwd service --data data --lang ru": "service — служебная учётная запись: у неё токены, а не пароль.",
	} {
		if out, err := s.command(line).CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	p.end(syscall.SIGTERM)
}

// Ten wrong passwords of an account in a row, and then nobody signs in to it
// for a while, not even with the right one; it is told for how long, in the
// person's language, and a restart of the Server changes nothing. Others sign
// in as before.
func TestSignInLimits(t *testing.T) {
	s := newSandbox(t, install(t))
	p, address := s.plainServer(t)
	user, admin := p.find(&p.out, `(?m)^  user +(\S+)$`), p.find(&p.out, `(?m)^  admin +(\S+)$`)
	for i := range 10 {
		_, _, err := signIn(t, address, "en", "user", fmt.Sprint("wrong password ", i))
		if st := status.Convert(err); st.Code() != codes.Unauthenticated || st.Message() != "Name or password is wrong, or the account is disabled." {
			t.Fatalf("attempt %d: %v", i, err)
		}
	}
	waits := func(when, lang, text string) {
		t.Helper()
		_, _, err := signIn(t, address, lang, "user", user)
		if st := status.Convert(err); st.Code() != codes.ResourceExhausted || !regexp.MustCompile(text).MatchString(st.Message()) {
			t.Errorf("%s: %v", when, err)
		}
	}
	waits("at once", "en", `^There were too many failed sign-ins\. Try again in (30|2\d) s\.$`)
	waits("in Russian", "ru", `^Слишком много неудачных попыток входа\. Повторите через (30|2\d) с\.$`)
	if _, _, err := signIn(t, address, "en", "admin", admin); err != nil {
		t.Errorf("another account: %v", err)
	}
	p.end(syscall.SIGTERM)
	p, address = s.plainServer(t)
	waits("after a restart", "en", `Try again in [123]?\d s\.$`)
	p.end(os.Interrupt)
}

// Tokens of a service account beside a running weft serve: its own Integrator
// takes none of the two, so that one can take the other's place; all are
// listed, of one account or of all.
func TestTokenRotation(t *testing.T) {
	s := newSandbox(t, install(t))
	p := s.started(t, "serve", "--data", "data", "--no-browser", "--port", "0", "--server-port", "0", "--tcp-port", "0", "--log-level", "info")
	address := p.find(&p.err, `listening for gRPC" address=(\S+)`)
	old := s.serviceToken(t)
	fresh := secretIn(s.admin(t, "token create service --label nightly"))
	for _, token := range []string{old, fresh} {
		if code, out, told := launch(t, s.bin, address, token, "user/none.weft"); code != 5 {
			t.Errorf("exit %d\n%s%s", code, out, told)
		}
	}
	out, err := s.command("weft admin token create service --data data").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "There are 2 tokens that hold already. Revoke one first.") {
		t.Errorf("%v\n%s", err, out)
	}
	s.admin(t, "user add shop --role service")
	s.admin(t, "token create shop --caller --label till")
	all, one := s.admin(t, "token list"), s.admin(t, "token list service")
	line := regexp.MustCompile(`(?m)^(\S+) +(\S+) +(service|caller) +(\S+) +20\S+ \S+ +`)
	var labels []string
	for _, m := range line.FindAllStringSubmatch(all, -1) {
		labels = append(labels, m[1]+" "+m[3]+" "+m[4])
	}
	if got := strings.Join(labels, ", "); got != "service service nightly, service service first, shop caller till" {
		t.Errorf("%s\n%s", got, all)
	}
	if strings.Contains(one, "till") || len(line.FindAllString(one, -1)) != 2 {
		t.Error(one)
	}
	for _, m := range line.FindAllStringSubmatch(one, -1) {
		if m[4] == "first" {
			s.admin(t, "token revoke "+m[2])
		}
	}
	if code, _, told := launch(t, s.bin, address, old, "user/none.weft"); code != 7 {
		t.Errorf("the revoked token: exit %d\n%s", code, told)
	}
	p.end(os.Interrupt)
}
