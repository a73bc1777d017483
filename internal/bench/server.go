package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/auth"
)

// processes are what was started.
type processes []*exec.Cmd

// start runs a program until end.
func (p *processes) start(ctx context.Context, dir, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	*p = append(*p, cmd)
	return nil
}

func (p *processes) end() error {
	var err error
	for _, cmd := range *p {
		err = errors.Join(err, cmd.Process.Signal(os.Interrupt))
		_ = cmd.Wait() // it was interrupted
	}
	return err
}

// started is a Server that runs.
type started struct {
	pid     int
	ws, tcp string // ports
	token   string // of its service account
}

// startServer starts a Server whose data folder is dir/data, and waits until
// it has made its accounts.
func startServer(ctx context.Context, c config, dir string, running *processes) (started, error) {
	ports, err := freePorts(2)
	if err != nil {
		return started{}, err
	}
	s := started{ws: ports[0], tcp: ports[1]}
	data := filepath.Join(dir, "data")
	err = running.start(ctx, dir, c.weft, "server", "--listen-ws", "127.0.0.1:"+s.ws, "--listen-tcp", "127.0.0.1:"+s.tcp,
		"--data-folder", data, "--accounts-print-first=false", "--log-level", "error")
	if err != nil {
		return s, err
	}
	s.pid = (*running)[len(*running)-1].Process.Pid
	s.token, err = firstToken(ctx, filepath.Join(data, "first-passwords.txt"))
	return s, err
}

// firstToken waits for the service account's first token.
func firstToken(ctx context.Context, file string) (string, error) {
	for begun := time.Now(); time.Since(begun) < servePatience && ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(string(text)) {
			if strings.HasPrefix(word, auth.TokenPrefix) {
				return word, nil
			}
		}
	}
	return "", errors.New("the Server does not start")
}
