package rpc

import (
	"testing"

	"google.golang.org/grpc"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
)

// BenchmarkUnary is one small call after another, from eight callers a core.
func BenchmarkUnary(b *testing.B) {
	f := start(b, func(c *Config) {
		c.Limits = DefaultLimits()
		c.Limits.OpensPerSecond, c.Limits.OpenBurst = 1e9, 1e9
	})
	transports := map[string]grpc.ClientConnInterface{"tcp": f.overTCP(b), "websocket": f.overWebsocket(b)}
	for name, conn := range transports {
		b.Run(name, func(b *testing.B) {
			c := testv1.NewEchoClient(conn)
			b.SetParallelism(8)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, err := c.Unary(b.Context(), &testv1.UnaryRequest{Data: make([]byte, 100)}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkDown is one long stream of messages as large as chunks are.
func BenchmarkDown(b *testing.B) {
	f := start(b)
	transports := map[string]grpc.ClientConnInterface{"tcp": f.overTCP(b), "websocket": f.overWebsocket(b)}
	for name, conn := range transports {
		b.Run(name, func(b *testing.B) {
			const chunk = 256 << 10
			b.SetBytes(chunk)
			s, err := testv1.NewEchoClient(conn).Down(b.Context(), &testv1.DownRequest{Until: int64(b.N), Bytes: chunk})
			if err != nil {
				b.Fatal(err)
			}
			for range b.N {
				if _, err := s.Recv(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
