package rpc

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
)

// TCPClient says how a program calls a server over TCP.
type TCPClient struct {
	Address  string      // host:port
	TLS      *tls.Config // nil: plain text
	User     string      // name of the service account
	Token    string
	Language string // en or ru; "": en
	Agent    string // name and version of the program
}

// Dial prepares to call a server over TCP. It connects at the first call, and
// again whenever the connection is lost: every two seconds at the latest, so
// that a server that was away for an hour is found as soon as one that was away
// for a moment. Calls are not repeated, but for those that certainly never
// reached a handler.
func Dial(c TCPClient) (*grpc.ClientConn, error) {
	creds := insecure.NewCredentials()
	if c.TLS != nil {
		creds = credentials.NewTLS(c.TLS)
	}
	conn, err := grpc.NewClient("passthrough:///"+c.Address,
		grpc.WithTransportCredentials(creds),
		grpc.WithUserAgent(c.Agent),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff: backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second}, MinConnectTimeout: 5 * time.Second,
		}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 60 * time.Second, Timeout: 20 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20), grpc.MaxCallSendMsgSize(4<<20)),
		grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
			return invoke(c.sign(ctx), method, req, reply, cc, opts...)
		}),
		grpc.WithStreamInterceptor(func(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, stream grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
			return stream(c.sign(ctx), desc, cc, method, opts...)
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", c.Address, err)
	}
	return conn, nil
}

// sign puts the credentials on a call.
func (c TCPClient) sign(ctx context.Context) context.Context {
	pairs := []string{"accept-language", c.Language}
	if c.Token != "" {
		pairs = append(pairs, "authorization", "Bearer "+c.Token, "weft-user", c.User)
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}
