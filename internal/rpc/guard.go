package rpc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/weftworks/weft/internal/errs"
)

// guard stands before every handler, however it was called: it knows the
// caller, holds the rules, bounds the time, and words errors.
type guard struct {
	rules  map[string]Rule
	auth   Authenticator
	limits Limits
	log    *slog.Logger
	living atomic.Pointer[living] // by the latest look at all who are connected
}

// unary is a grpc.UnaryServerInterceptor.
func (g *guard) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
	ctx = localized(ctx)
	defer func() { err = toStatus(err, Language(ctx)) }()
	ctx, err = g.admit(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.limits.CallDeadline) // an earlier deadline of the caller stays
	defer cancel()
	defer g.recover(ctx, info.FullMethod, &err)
	return handler(ctx, req)
}

// stream is a grpc.StreamServerInterceptor. Streams have no deadline but the
// caller's: they can be taken up again.
func (g *guard) stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	ctx := localized(ss.Context())
	defer func() { err = toStatus(err, Language(ctx)) }()
	ctx, err = g.admit(ctx, info.FullMethod)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := g.watch(ctx, func(err error) {
		cancel(err)
		if a, ok := ss.(aborter); ok {
			a.abort(err)
		}
	}, info.FullMethod)
	defer func() {
		stop()
		if e, ok := errors.AsType[*statusError](context.Cause(ctx)); ok {
			err = e // the rights went, which is what the caller must hear
		}
		cancel(nil)
	}()
	defer g.recover(ctx, info.FullMethod, &err)
	return handler(srv, &guardedStream{ServerStream: ss, ctx: ctx})
}

// aborter is a stream that ends at once, whatever its handler waits for.
type aborter interface{ abort(cause error) }

// guardedStream is a stream with the guard's context: nothing passes any more
// when the caller's rights are gone.
type guardedStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *guardedStream) Context() context.Context { return s.ctx }

func (s *guardedStream) SendMsg(m any) error {
	if err := context.Cause(s.ctx); err != nil {
		return err
	}
	return s.ServerStream.SendMsg(m)
}

func (s *guardedStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	return context.Cause(s.ctx)
}

// admit returns the call's context with its caller, or why it is refused.
func (g *guard) admit(ctx context.Context, method string) (context.Context, error) {
	rule, ok := g.rules[method]
	if !ok {
		return ctx, errs.New(errs.Denied, msgNotAllowed, nil)
	}
	if rule.anyone() {
		return ctx, nil
	}
	caller, ok := CallerFrom(ctx)
	if !ok {
		signed, err := g.auth.Authenticate(ctx, bearer(ctx))
		if err != nil {
			return ctx, unauthenticated(err)
		}
		// It was read just now.
		return WithCaller(ctx, signed.Caller), rule.refusal(signed.Caller)
	}
	now, err := g.allowed(ctx, caller, rule)
	if err != nil {
		return ctx, err
	}
	return WithCaller(ctx, now), nil
}

// refusal is why a rule does not let a caller in; nil: it does.
func (r Rule) refusal(c Caller) error {
	switch {
	case !r.allows(c.Role):
		return errs.New(errs.Denied, msgNotAllowed, nil)
	case c.MustChangePassword && !r.FirstPassword:
		return errs.New(errs.Denied, msgChangePassword, nil)
	}
	return nil
}

// allowed looks at the caller's rights as they are now.
func (g *guard) allowed(ctx context.Context, caller Caller, rule Rule) (Caller, error) {
	now, err := g.auth.Present(ctx, caller)
	if err != nil {
		return Caller{}, unauthenticated(err)
	}
	if err := rule.refusal(now); err != nil {
		return Caller{}, err
	}
	return now, nil
}

// watch looks at the rights again and again while a stream is open, and
// cancels it when they are gone; of one on a websocket, whose session recheck
// looks at, they hold as long as that does. It keeps no goroutine between the looks; stop
// ends it and waits for a look that is going on.
func (g *guard) watch(ctx context.Context, cancel func(error), method string) (stop func()) {
	rule := g.rules[method]
	caller, ok := CallerFrom(ctx)
	if rule.anyone() || !ok {
		return func() {}
	}
	var (
		mu      sync.Mutex
		stopped bool
		timer   *time.Timer
	)
	look := func() {
		mu.Lock()
		defer mu.Unlock()
		if stopped || ctx.Err() != nil {
			return
		}
		if g.living.Load().has(caller.Session, 2*g.limits.Recheck) {
			timer.Reset(g.limits.Recheck)
			return
		}
		if _, err := g.allowed(ctx, caller, rule); err != nil && ctx.Err() == nil {
			cancel(revoked(err))
			return
		}
		timer.Reset(g.limits.Recheck)
	}
	mu.Lock()
	timer = time.AfterFunc(g.limits.Recheck, look)
	mu.Unlock()
	return func() {
		mu.Lock()
		stopped = true
		timer.Stop()
		mu.Unlock()
	}
}

func (g *guard) recover(ctx context.Context, method string, err *error) {
	if r := recover(); r != nil {
		g.log.ErrorContext(ctx, "a handler panicked", "method", method, "panic", r, "stack", string(debug.Stack()))
		*err = fmt.Errorf("panic in %s: %v", method, r)
	}
}

// localized gives a call on TCP its language, by the header accept-language.
func localized(ctx context.Context) context.Context {
	if _, ok := ctx.Value(languageKey{}).(string); ok {
		return ctx
	}
	return withLanguage(ctx, first(ctx, "accept-language"))
}

// bearer reads the credentials of a call on TCP.
func bearer(ctx context.Context) Credentials {
	c := Credentials{Kind: ByServiceToken, Name: first(ctx, "weft-user"), Client: first(ctx, "user-agent")}
	scheme, token, _ := strings.Cut(first(ctx, "authorization"), " ")
	if strings.EqualFold(scheme, "bearer") {
		c.Secret = token
	}
	if p, ok := peer.FromContext(ctx); ok && p.Addr != nil {
		c.Address = hostOf(p.Addr.String())
	}
	return c
}

func first(ctx context.Context, key string) string {
	if v := metadata.ValueFromIncomingContext(ctx, key); len(v) > 0 {
		return v[0]
	}
	return ""
}

// revoked marks an error as the end of rights.
func revoked(err error) error {
	if e, ok := errors.AsType[*statusError](err); ok {
		return e
	}
	return &statusError{CodeOf(errs.KindOf(err)), err}
}

// refused is the status of a call that never began.
func refused(code codes.Code, kind errs.Kind, m errs.Message, p errs.P, lang string) error {
	return toStatus(&statusError{code, errs.New(kind, m, p)}, lang)
}
