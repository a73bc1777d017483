package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The Integrator mounted in weft web: a call from outside goes through it to a
// Server of another process, beside Studio.
func TestWebWithIntegrator(t *testing.T) {
	s := newSandbox(t, install(t))
	server := s.serverAt(t, "data", delaysFiles())
	token := secretIn(s.admin(t, "token create service --caller --label shop --only delays"))
	file := filepath.Join(s.dir, "web.toml")
	check(t, os.WriteFile(file, fmt.Appendf(nil, "[integrator]\nenabled = true\n[[integrator.servers]]\naddress = \"127.0.0.1\"\nport = %s\ntoken = %q\n", server.port, server.token), 0o600))
	p := s.started(t, "web", "--config", file, "--listen-http", anyPort)
	web := "http://" + p.find(&p.err, `listening address=(\S+)`)
	p.called()
	for _, tt := range []struct {
		name, method, path, body, token string
		status                          int
		want                            string
	}{
		{"a call", "POST", "/api/v1/delays/by_airport", oneFlight, token, 200, oneRow},
		{"no token", "POST", "/api/v1/delays/by_airport", oneFlight, "", 401, "integrator.token"},
		{"a wrong field", "POST", "/api/v1/delays/by_airport", `{"input":[{"origin":"ORD"}]}`, token, 422, "integrator.missing_key"},
		{"an unknown service", "POST", "/api/v1/none/by_airport", oneFlight, token, 404, "integrator.unknown"},
		{"its description", "GET", "/api/v1/delays/openapi.json", "", token, 200, `"openapi": "3.1`},
		{"Studio beside", "GET", "/app/", "", "", 200, "<title>Weft</title>"},
		{"server.json beside", "GET", "/app/server.json", "", "", 200, `"wsport":8080`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var headers []string
			if tt.token != "" {
				headers = []string{"Authorization", "Bearer " + tt.token}
			}
			status, _, got := asked(t, tt.method, web+tt.path, tt.body, headers...)
			if status != tt.status || !strings.Contains(got, tt.want) {
				t.Errorf("%d %.300s", status, got)
			}
		})
	}
	p.end(syscall.SIGTERM)
}

// Without integrator.enabled there is no such path, and a mount that names no
// Server is refused at the start.
func TestWebWithoutIntegrator(t *testing.T) {
	s := newSandbox(t, install(t))
	p := s.started(t, "web", "--listen-http", anyPort)
	if status, _, got := asked(t, "GET", "http://"+p.find(&p.err, `listening address=(\S+)`)+"/api/v1/", ""); status != 404 {
		t.Errorf("%d %.200s", status, got)
	}
	p.end(syscall.SIGTERM)
	out, err := s.command("weft web --integrator-enabled --listen-http " + anyPort).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "[[integrator.servers]]") {
		t.Errorf("%v\n%s", err, out)
	}
}
