package app

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// record is a log that several write to.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(b)
}

// Whatever lets somebody in stands in no log and in no file, but for the first
// passwords in theirs: neither when it is used nor when it is refused.
func TestSecretsAreNowhere(t *testing.T) {
	var log record
	s := startServer(t, func(c *ServerConfig) {
		c.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	secrets := map[string]string{"the new password": changed, "a wrong password": "a canary that guesses", "a wrong ticket": "canary-ticket-0123456789"}
	first := s.secret(t, "user")
	secrets["the first password"], secrets["the service's token"] = first, s.secret(t, "service")

	user := s.person(t, "user")
	welcome, err := user.Welcome(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secrets["the session's token"], secrets["the token of resuming"] = welcome.GetSessionToken(), welcome.GetResumeToken()
	if secrets["the ticket"], err = s.Ticket(t.Context(), LocalUser); err != nil {
		t.Fatal(err)
	}
	if err := hello(t, s.dial(t, byTicket(secrets["the ticket"]))); err != nil {
		t.Fatal(err)
	}
	_ = hello(t, s.dial(t, byTicket(secrets["a wrong ticket"])))             // refused, as other tests show
	_ = hello(t, s.dial(t, byPassword("user", secrets["a wrong password"]))) // the same
	refused(t, weftv1.NewSessionClient(user).Confirm, &weftv1.ConfirmRequest{Password: secrets["a wrong password"]})
	program, err := rpc.Dial(rpc.TCPClient{Address: s.TCP().String(), User: "service", Token: secrets["the service's token"]})
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	ask(t, weftv1.NewSessionClient(program).WhoAmI, &weftv1.WhoAmIRequest{})
	s.stop()

	for name, secret := range secrets {
		if len(secret) < 12 {
			t.Errorf("%s is %q", name, secret)
		}
		if bytes.Contains(log.text.Bytes(), []byte(secret)) {
			t.Errorf("%s stands in the log", name)
		}
	}
	err = filepath.WalkDir(s.Folder(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || e.Name() == FirstPasswords {
			return err
		}
		text, err := os.ReadFile(path)
		for name, secret := range secrets {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s stands in %s", name, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
