package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
)

// open begins a call, or says why not.
func (c *serverConn) open(id uint32, o *weftv1.Open) error {
	c.mu.Lock()
	last, open := c.last, len(c.streams)
	c.last = max(last, id)
	c.mu.Unlock()
	if id <= last {
		return violation("stream %d after stream %d", id, last)
	}
	v := c.opens.take(time.Now())
	switch v {
	case slow:
		c.sleep(c.opens.pause())
	case giveUp:
		return &broken{closePolicy, "too many calls"}
	}
	m, known := c.server.methods[o.GetMethod()]
	if known && v < refuse && c.server.config.Rules[m.name].Edit {
		if v = c.edits.take(time.Now()); v == slow {
			c.sleep(c.edits.pause())
		}
	}
	switch {
	case !known:
		return c.reject(id, codes.Unimplemented, errs.NotFound, msgUnknownMethod, errs.P{"method": short(o.GetMethod(), 100)})
	case v >= refuse || open >= c.limits.MaxStreams:
		return c.reject(id, codes.ResourceExhausted, errs.Exhausted, msgTooMany, nil)
	case m.unary != nil && !c.server.begin() || m.stream != nil && c.server.stopping():
		return c.reject(id, codes.Unavailable, errs.Unavailable, msgStopping, nil)
	}
	call := c.newCall(id, m, o)
	c.work.Go(call.serve)
	return nil
}

// sleep holds the connection's reading up, which holds the client up.
func (c *serverConn) sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-c.done:
	}
}

func (c *serverConn) reject(id uint32, code codes.Code, kind errs.Kind, m errs.Message, p errs.P) error {
	c.push(endFrame(id, refused(code, kind, m, p, c.language), nil))
	return nil
}

// call is one call on a websocket, as its handler sees it: a
// grpc.ServerStream and a grpc.ServerTransportStream.
type call struct {
	conn   *serverConn
	method method
	s      *stream
	ctx    context.Context
	cancel context.CancelCauseFunc
	free   func()
	last   atomic.Bool // its connection is closed once it is answered

	mu       sync.Mutex
	header   metadata.MD
	trailer  metadata.MD
	headSent bool
}

func (c *serverConn) newCall(id uint32, m method, o *weftv1.Open) *call {
	k := &call{conn: c, method: m}
	ctx := withLanguage(WithCaller(c.server.ctx, c.caller), c.language)
	ctx = metadata.NewIncomingContext(ctx, fromWire(o.GetMetadata()))
	ctx = grpc.NewContextWithServerTransportStream(ctx, transportStream{k})
	ctx, k.cancel = context.WithCancelCause(ctx)
	k.free = func() { k.cancel(nil) }
	if ms := o.GetDeadlineMs(); ms > 0 {
		limited, free := context.WithTimeout(ctx, time.Duration(ms)*time.Millisecond)
		ctx, k.free = limited, func() { free(); k.cancel(nil) }
	}
	k.ctx = ctx
	c.mu.Lock()
	defer c.mu.Unlock()
	k.s = c.newStream(id)
	k.s.onBroken = func(error) { k.cancel(context.Canceled) }
	if c.err != nil {
		k.cancel(context.Canceled)
	}
	return k
}

// serve runs the handler and sends the outcome.
func (k *call) serve() {
	err := k.handle()
	k.mu.Lock()
	trailer := k.trailer
	k.mu.Unlock()
	var written <-chan struct{}
	k.conn.mu.Lock()
	if !k.s.dead {
		written = k.conn.push(endFrame(k.s.id, err, trailer))
	}
	k.s.close()
	k.conn.mu.Unlock()
	k.free()
	over := k.last.Load() || sessionOver(err)
	if k.method.unary != nil || over {
		if written != nil {
			<-written // a server that stops waits for the answers, not for the handlers alone
		}
	}
	if k.method.unary != nil {
		k.conn.server.calls.Done()
	}
	if over {
		k.conn.fail(sessionEnded())
	}
}

// sessionOver tells whether a call was refused because there is no such caller
// any more: the connection is good for nothing then.
func sessionOver(err error) bool {
	return err != nil && status.Code(err) == codes.Unauthenticated
}

func (k *call) handle() error {
	g := k.conn.server.guard
	if k.method.unary == nil {
		return g.stream(k.method.impl, k, &grpc.StreamServerInfo{
			FullMethod: k.method.name, IsClientStream: k.method.stream.ClientStreams, IsServerStream: k.method.stream.ServerStreams,
		}, k.method.stream.Handler)
	}
	resp, err := k.method.unary.Handler(k.method.impl, k.ctx, k.RecvMsg, g.unary)
	if err != nil {
		return toStatus(err, k.conn.language) // the request could not be read: the guard has not seen it
	}
	return toStatus(k.SendMsg(resp), k.conn.language)
}

// Context implements grpc.ServerStream.
func (k *call) Context() context.Context { return k.ctx }

// abort implements aborter.
func (k *call) abort(cause error) { k.cancel(cause) }

// RecvMsg implements grpc.ServerStream.
func (k *call) RecvMsg(m any) error {
	b, err := k.s.read(k.ctx)
	if err != nil {
		return k.ended(err)
	}
	msg, ok := m.(proto.Message)
	if !ok {
		return fmt.Errorf("not a protobuf message: %T", m)
	}
	if err := proto.Unmarshal(b, msg); err != nil {
		return errs.New(errs.Invalid, msgBadMessage, nil).Because(err)
	}
	return nil
}

// ended words why nothing passes any more: the call's own reasons come first.
func (k *call) ended(err error) error {
	if cause := context.Cause(k.ctx); cause != nil && !errors.Is(err, io.EOF) {
		return cause
	}
	return err
}

// SendMsg implements grpc.ServerStream. It returns when the message is
// written, which waits for the client's credit.
func (k *call) SendMsg(m any) error {
	msg, ok := m.(proto.Message)
	if !ok {
		return fmt.Errorf("not a protobuf message: %T", m)
	}
	b, err := proto.Marshal(msg)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	k.mu.Lock()
	header := k.takeHeader()
	k.mu.Unlock()
	if len(header) > 0 {
		k.conn.push(headerFrame(k.s.id, header))
	}
	if err := k.s.send(k.ctx, b); err != nil {
		return k.ended(err)
	}
	return nil
}

// takeHeader returns the header when it was not sent before; k.mu is held.
func (k *call) takeHeader() metadata.MD {
	if k.headSent {
		return nil
	}
	k.headSent = true
	return k.header
}

// SetHeader implements grpc.ServerStream.
func (k *call) SetHeader(md metadata.MD) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.headSent {
		return status.Error(codes.Internal, "the header was sent before")
	}
	k.header = metadata.Join(k.header, md)
	return nil
}

// SendHeader implements grpc.ServerStream.
func (k *call) SendHeader(md metadata.MD) error {
	if err := k.SetHeader(md); err != nil {
		return err
	}
	k.mu.Lock()
	header := k.takeHeader()
	k.mu.Unlock()
	k.conn.push(headerFrame(k.s.id, header))
	return nil
}

// SetTrailer implements grpc.ServerStream.
func (k *call) SetTrailer(md metadata.MD) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.trailer = metadata.Join(k.trailer, md)
}

// transportStream is what grpc.SetHeader and its like look for.
type transportStream struct{ k *call }

func (t transportStream) Method() string                  { return t.k.method.name }
func (t transportStream) SetHeader(md metadata.MD) error  { return t.k.SetHeader(md) }
func (t transportStream) SendHeader(md metadata.MD) error { return t.k.SendHeader(md) }
func (t transportStream) SetTrailer(md metadata.MD) error { t.k.SetTrailer(md); return nil }

func endFrame(id uint32, err error, trailer metadata.MD) *weftv1.Frame {
	st := status.Convert(err).Proto()
	return &weftv1.Frame{Stream: id, Kind: &weftv1.Frame_End{End: &weftv1.End{
		Code: uint32(st.GetCode()), Message: short(st.GetMessage(), 4<<10), Details: st.GetDetails(), Trailers: toWire(trailer), //nolint:gosec // a code
	}}}
}

func headerFrame(id uint32, md metadata.MD) *weftv1.Frame {
	return &weftv1.Frame{Stream: id, Kind: &weftv1.Frame_Header{Header: &weftv1.Header{Metadata: toWire(md)}}}
}

// toWire spells metadata for a frame. What would not fit the limit of
// metadata is left out.
func toWire(md metadata.MD) []*weftv1.Metadata {
	var out []*weftv1.Metadata
	left := maxMetadata
	for k, values := range md {
		for _, v := range values {
			if left -= len(k) + len(v); left >= 0 {
				out = append(out, &weftv1.Metadata{Key: toValid(strings.ToLower(k)), Value: []byte(v)})
			}
		}
	}
	return out
}

func fromWire(list []*weftv1.Metadata) metadata.MD {
	md := metadata.MD{}
	for _, m := range list {
		md.Append(m.GetKey(), string(m.GetValue()))
	}
	return md
}

func toValid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
