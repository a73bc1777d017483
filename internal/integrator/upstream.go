package integrator

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// upstream is one Server: its connection, whether it is healthy, and what it
// publishes.
type upstream struct {
	cfg      ServerConfig
	client   rpc.TCPClient
	key      func(name string) string // spells keys of the configuration
	conn     *grpc.ClientConn
	services weftv1.ServicesClient
	log      *slog.Logger

	serving   atomic.Bool
	published atomic.Pointer[published]

	mu     sync.Mutex
	reason string // why it is not called; for the log
}

func newUpstream(s ServerConfig, cfg Config) (*upstream, error) {
	token, err := s.token()
	if err != nil {
		return nil, err
	}
	encryption, err := s.tls(cfg.key)
	if err != nil {
		return nil, err
	}
	client := rpc.TCPClient{
		Address: s.target(), TLS: encryption, User: s.User, Token: token, Agent: "weft-integrator/" + cfg.Version,
	}
	conn, err := rpc.Dial(client)
	if err != nil {
		return nil, err
	}
	return &upstream{cfg: s, client: client, key: cfg.key, conn: conn, services: weftv1.NewServicesClient(conn), log: cfg.Log.With("server", s.target())}, nil
}

// healthy reports whether the Server can be called.
func (u *upstream) healthy() bool { return u.serving.Load() && u.published.Load() != nil }

// watch keeps up with the Server's health and services until ctx ends.
func (u *upstream) watch(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { again(ctx, func() error { return u.watchHealth(ctx) }, u.lost) })
	wg.Go(func() { again(ctx, func() error { return u.watchServices(ctx) }, u.lost) })
	wg.Wait()
}

// Waits between attempts to reach a Server: longer each time, up to the last.
const (
	firstWait = 50 * time.Millisecond
	lastWait  = 2 * time.Second
)

// again does something that lasts until it fails, again and again.
func again(ctx context.Context, do func() error, failed func(context.Context, error)) {
	wait := firstWait
	for ctx.Err() == nil {
		begun := time.Now()
		err := do()
		if ctx.Err() != nil {
			return
		}
		failed(ctx, err)
		if time.Since(begun) > lastWait {
			wait = firstWait
		}
		timer := time.NewTimer(wait/2 + rand.N(wait))
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		wait = min(2*wait, lastWait)
	}
}

// lost notes that what keeps up with a Server has failed.
func (u *upstream) lost(ctx context.Context, err error) { u.down(u.reasonOf(ctx, err)) }

// down notes that a Server does not answer, before its health says so.
func (u *upstream) down(reason string) {
	was := u.serving.Swap(false)
	u.mu.Lock()
	changed := u.reason != reason
	u.reason = reason
	u.mu.Unlock()
	if was || changed {
		u.log.Warn("a Server is not called", "reason", reason)
	}
}

// reasonOf words why a Server is not called, for the log.
func (u *upstream) reasonOf(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return "ended"
	case status.Code(err) == codes.Unavailable:
		return u.client.WhyUnreached(ctx, err, u.key).Why.En + ": " + err.Error()
	}
	return err.Error()
}

func (u *upstream) watchHealth(ctx context.Context) error {
	stream, err := healthv1.NewHealthClient(u.conn).Watch(ctx, &healthv1.HealthCheckRequest{Service: weftv1.Services_ServiceDesc.ServiceName})
	if err != nil {
		return err
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		ok := m.GetStatus() == healthv1.HealthCheckResponse_SERVING
		if u.serving.Swap(ok) != ok {
			u.log.Info("a Server's health changed", "serving", ok)
		}
	}
}

func (u *upstream) watchServices(ctx context.Context) error {
	stream, err := u.services.WatchServices(ctx, &weftv1.WatchServicesRequest{})
	if err != nil {
		return err
	}
	for {
		list, err := receiveAll(stream)
		if err != nil {
			return err // what is known stays: only health decides whether it is called
		}
		u.published.Store(newPublished(list, u.log))
		u.log.Info("a Server's services are known", "operations", len(list))
	}
}

// receiveAll takes the parts of one whole.
func receiveAll(stream grpc.ServerStreamingClient[weftv1.WatchServicesResponse]) ([]*weftv1.ServiceOperation, error) {
	var list []*weftv1.ServiceOperation
	for {
		m, err := stream.Recv()
		if err != nil {
			return nil, err
		}
		list = append(list, m.GetOperations()...)
		if m.GetLast() {
			return list, nil
		}
	}
}
