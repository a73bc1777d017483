package main

import (
	"strings"
	"syscall"
	"testing"
)

// A backup beside a running Server, restored into another folder: its accounts
// sign in to a Server there. Neither command writes over what is there.
func TestBackupProcess(t *testing.T) {
	s := newSandbox(t, install(t))
	p, _ := s.plainServer(t)
	password := p.find(&p.out, `(?m)^  user +(\S+)$`)
	if out := s.admin(t, "backup saved"); !strings.HasPrefix(out, "Saved into saved: files ") {
		t.Error(out)
	}
	for line, want := range map[string]string{
		"weft admin backup saved --data data":            "is there already and is no empty folder",
		"weft admin restore saved --data data":           "is in use by a running Weft",
		"weft admin restore data --data new --lang ru":   "нет целой резервной копии: нет файла backup.json",
		"weft admin restore nowhere --data new":          "it cannot be opened",
		"weft admin backup data/b --data data --lang ru": "Укажите каталог вне его",
	} {
		if out, err := s.command(line).CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	p.end(syscall.SIGTERM)
	if out, err := s.command("weft admin restore saved --data new").CombinedOutput(); err != nil || !strings.Contains(string(out), "weft admin token list") {
		t.Errorf("%v\n%s", err, out)
	}
	p = s.started(t, "server", "--listen-ws", anyPort, "--listen-tcp", anyPort, "--data-folder", "new")
	if _, _, err := signIn(t, p.find(&p.err, `listening for websockets" address=(\S+)`), "en", "user", password); err != nil {
		t.Error(err)
	}
	p.end(syscall.SIGTERM)
}
