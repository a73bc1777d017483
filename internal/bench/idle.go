package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// How many idle websockets there are, how many are opened at once, and how long
// they stand before the Server's memory is read: two of its pings.
const (
	idleConnections = 5000
	idleOpeners     = 10
	idleFor         = 45 * time.Second
)

// idle measures what a signed-in websocket that does nothing costs the Server:
// by how much its resident memory grows. They sign in by the service account's
// token, since sign-ins by password are limited; each has a session to resume,
// as a browser's has.
func idle(ctx context.Context, c config) (_ []figure, err error) {
	dir, err := os.MkdirTemp("", "weft-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var running processes
	defer func() { err = errors.Join(err, running.end()) }()
	server, err := startServer(ctx, c, dir, &running)
	if err != nil {
		return nil, err
	}
	first, err := connect(ctx, server) // what the first one loads is not its own
	if err != nil {
		return nil, err
	}
	defer func() { _ = first.Close() }()
	before, err := resident(server.pid)
	if err != nil {
		return nil, err
	}
	all, err := connectMany(ctx, server)
	defer func() {
		for _, conn := range all {
			_ = conn.Close() // the Server ends with them
		}
	}()
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(idleFor):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	after, err := resident(server.pid)
	if err != nil {
		return nil, err
	}
	fmt.Printf("idle connections: %d, resident memory %d KiB before, %d KiB with them\n", len(all), before, after)
	return []figure{{"idle connection KiB", float64(after-before) / float64(len(all))}}, nil
}

func connect(ctx context.Context, s started) (*rpc.WebsocketConn, error) {
	conn := rpc.DialWebsocket(rpc.WebsocketClient{
		URL: "ws://127.0.0.1:" + s.ws + "/ws", Origin: "http://127.0.0.1:" + s.ws, Agent: "bench",
		Hello: func(h *weftv1.Hello) {
			h.Credentials = &weftv1.Hello_ServiceToken{ServiceToken: &weftv1.ServiceToken{Name: "service", Token: s.token}}
		},
	})
	if _, err := weftv1.NewSessionClient(conn).WhoAmI(ctx, &weftv1.WhoAmIRequest{}); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

func connectMany(ctx context.Context, s started) (all []*rpc.WebsocketConn, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range idleOpeners {
		wg.Go(func() {
			for range idleConnections / idleOpeners {
				conn, e := connect(ctx, s)
				mu.Lock()
				if e != nil {
					err = errors.Join(err, e)
					mu.Unlock()
					return
				}
				all = append(all, conn)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return all, err
}

// resident is the memory of a process in KiB.
func resident(pid int) (int, error) {
	text := lookup("/proc/"+strconv.Itoa(pid)+"/status", "VmRSS")
	return strconv.Atoi(strings.TrimSuffix(text, " kB"))
}
