package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// clientCall is one call on a client's websocket, a grpc.ClientStream.
type clientCall struct {
	conn   *clientConn
	s      *stream
	ctx    context.Context
	cancel context.CancelFunc
	stop   func() bool // ends watching the caller's context

	headed   chan struct{} // closed when the header is known, or never will be
	headOnce sync.Once
	header   metadata.MD // once headed
	trailer  metadata.MD // once the stream is over
}

// Invoke implements grpc.ClientConnInterface.
func (c *WebsocketConn) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	k, err := c.begin(ctx, method)
	if err != nil {
		return err
	}
	if err := k.SendMsg(args); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := k.CloseSend(); err != nil {
		return err
	}
	if err := k.RecvMsg(reply); err != nil {
		if errors.Is(err, io.EOF) {
			return status.Error(codes.Internal, "the call ended without an answer")
		}
		return err
	}
	if err := k.RecvMsg(nil); !errors.Is(err, io.EOF) {
		return err
	}
	for _, o := range opts {
		switch o := o.(type) {
		case grpc.HeaderCallOption:
			*o.HeaderAddr, _ = k.Header()
		case grpc.TrailerCallOption:
			*o.TrailerAddr = k.Trailer()
		}
	}
	return nil
}

// NewStream implements grpc.ClientConnInterface.
func (c *WebsocketConn) NewStream(ctx context.Context, _ *grpc.StreamDesc, method string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
	return c.begin(ctx, method)
}

func (c *WebsocketConn) begin(ctx context.Context, method string) (*clientCall, error) {
	conn, err := c.connection(ctx)
	if err != nil {
		return nil, err
	}
	open := &weftv1.Open{Method: toValid(method)}
	if md, ok := metadata.FromOutgoingContext(ctx); ok {
		open.Metadata = toWire(md)
	}
	if at, ok := ctx.Deadline(); ok {
		open.DeadlineMs = max(1, count(int(time.Until(at).Milliseconds())))
	}
	k := &clientCall{conn: conn, headed: make(chan struct{})}
	k.ctx, k.cancel = context.WithCancel(ctx)
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if conn.err != nil {
		k.cancel()
		return nil, lost(conn.err)
	}
	conn.last++
	k.s = conn.newStream(conn.last)
	k.s.onHeader = func(h *weftv1.Header) { k.heads(fromWire(h.GetMetadata())) }
	k.s.onEnd = k.ended
	k.s.onBroken = func(error) { k.heads(nil) }
	conn.push(&weftv1.Frame{Stream: k.s.id, Kind: &weftv1.Frame_Open{Open: open}})
	// Not k.ctx's error: that may come later than this.
	k.stop = context.AfterFunc(ctx, func() { k.giveUp(ctx.Err()) })
	return k, nil
}

func (k *clientCall) heads(md metadata.MD) {
	k.headOnce.Do(func() {
		k.header = md
		close(k.headed)
	})
}

// ended takes the outcome; link.mu is held.
func (k *clientCall) ended(e *weftv1.End) {
	k.trailer = fromWire(e.GetTrailers())
	k.heads(nil)
	if e.GetCode() == 0 {
		k.s.end(io.EOF)
		return
	}
	k.s.end(status.FromProto(&spb.Status{Code: int32(e.GetCode()), Message: e.GetMessage(), Details: e.GetDetails()}).Err()) //nolint:gosec // a code
}

// giveUp cancels the call, since its caller's context has ended.
func (k *clientCall) giveUp(why error) {
	l := k.conn.link
	l.mu.Lock()
	defer l.mu.Unlock()
	k.heads(nil)
	if l.streams[k.s.id] != k.s {
		return
	}
	delete(l.streams, k.s.id)
	k.s.end(status.FromContextError(why).Err())
	if l.err == nil {
		l.push(&weftv1.Frame{Stream: k.s.id, Kind: &weftv1.Frame_Cancel{Cancel: &weftv1.Cancel{}}})
	}
}

// Header implements grpc.ClientStream.
func (k *clientCall) Header() (metadata.MD, error) {
	<-k.headed
	return k.header, nil
}

// Trailer implements grpc.ClientStream.
func (k *clientCall) Trailer() metadata.MD {
	k.conn.mu.Lock()
	defer k.conn.mu.Unlock()
	return k.trailer
}

// Context implements grpc.ClientStream.
func (k *clientCall) Context() context.Context { return k.ctx }

// CloseSend implements grpc.ClientStream.
func (k *clientCall) CloseSend() error {
	k.conn.push(&weftv1.Frame{Stream: k.s.id, Kind: &weftv1.Frame_HalfClose{HalfClose: &weftv1.HalfClose{}}})
	return nil
}

// SendMsg implements grpc.ClientStream: io.EOF says that the call is over,
// and RecvMsg why.
func (k *clientCall) SendMsg(m any) error {
	msg, ok := m.(proto.Message)
	if !ok {
		return status.Errorf(codes.Internal, "not a protobuf message: %T", m)
	}
	b, err := proto.Marshal(msg)
	if err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	err = k.s.send(k.ctx, b)
	switch {
	case err == nil:
		return nil
	case len(b) > k.conn.limits.MaxMessage:
		k.stop()
		k.cancel()
		k.giveUp(context.Canceled)
		return toStatus(err, "en")
	default:
		return io.EOF
	}
}

// RecvMsg implements grpc.ClientStream.
func (k *clientCall) RecvMsg(m any) error {
	b, err := k.s.read(context.Background()) // giveUp ends it when the context does
	if err != nil {
		k.stop()
		k.cancel()
		var made interface{ GRPCStatus() *status.Status }
		if errors.Is(err, io.EOF) || errors.As(err, &made) {
			return err
		}
		return lost(err)
	}
	if m == nil {
		return status.Error(codes.Internal, "more than one answer to a unary call")
	}
	msg, ok := m.(proto.Message)
	if !ok {
		return status.Errorf(codes.Internal, "not a protobuf message: %T", m)
	}
	if err := proto.Unmarshal(b, msg); err != nil {
		return status.Error(codes.Internal, fmt.Sprintf("read an answer: %v", err))
	}
	return nil
}
