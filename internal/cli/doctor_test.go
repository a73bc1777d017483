package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
)

// captured runs a command of a program that writes to a file, and returns
// what it wrote.
func captured(t *testing.T, lang string, args ...string) (string, error) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := &program{out: &output{file: file}, err: file, lang: lang}
	root := p.root()
	root.SetArgs(args)
	ran := root.ExecuteContext(context.Background())
	text, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text), ran
}

func TestDoctorTellsWhatToChange(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	address := l.Addr().String()
	cases := map[string]string{
		"en": `http://%[1]s/app/
✗ port of the web server: Nothing listens on %[1]s.
  → configuration of the web server (weft web), listen.http: Start the web server, or open the page at the port that it listens on.
`,
		"ru": `http://%[1]s/app/
✗ порт веб-сервера: На %[1]s никто не ждёт соединений.
  → конфигурация веб-сервера (weft web), listen.http: Запустите веб-сервер или откройте страницу на порту, где он ждёт соединений.
`,
	}
	for lang, want := range cases {
		got, err := captured(t, lang, "doctor", address)
		if d := cmp.Diff(fmt.Sprintf(want, address), got); d != "" {
			t.Error(d)
		}
		if code := exitCode(err); code != exitFailed {
			t.Errorf("exit code %d", code)
		}
	}
	got, err := captured(t, "en", "doctor", "--format", "json", address)
	if !strings.Contains(got, `"keys": [`) || exitCode(err) != exitFailed {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestDoctorRefusesFlags(t *testing.T) {
	if _, err := captured(t, "en", "doctor", "--ca-file", "/none.pem", "localhost"); exitCode(err) != exitInput {
		t.Error(err)
	}
	if _, err := captured(t, "en", "doctor", "--format", "xml", "localhost"); exitCode(err) != exitUsage {
		t.Error(err)
	}
	var e *errs.Error
	if _, err := captured(t, "en", "doctor", "--ca-file", "doctor_test.go", "localhost"); !errors.As(err, &e) || e.Message.ID != "doctor.no_roots" {
		t.Error(err)
	}
}
