package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	testv1 "github.com/weftworks/weft/gen/weft/test/v1"
)

// Every case runs over both transports.
func TestConformance(t *testing.T) {
	cases := []struct {
		name string
		run  func(t *testing.T, c testv1.EchoClient, f *fixture)
	}{
		{"unary", testUnary},
		{"metadata", testMetadata},
		{"error with details", testError},
		{"error with bytes that are no text", testErrorBytes},
		{"panic", testPanic},
		{"deadline of the caller", testDeadline},
		{"deadline of the server", testDefaultDeadline},
		{"cancel", testCancel},
		{"server stream", testDown},
		{"cancelled stream", testCancelDown},
		{"client stream", testUp},
		{"bidirectional stream", testBoth},
		{"large messages", testLarge},
		{"message over the limit", testTooLarge},
		{"back-pressure", testBackPressure},
		{"many streams", testMany},
		{"large messages at once", testManyLarge},
		{"rights taken", testRightsTaken},
		{"no rights", testNoRights},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Run("tcp", func(t *testing.T) {
				f := start(t)
				c.run(t, testv1.NewEchoClient(f.overTCP(t)), f)
			})
			t.Run("websocket", func(t *testing.T) {
				f := start(t)
				c.run(t, testv1.NewEchoClient(f.overWebsocket(t)), f)
			})
		})
	}
}

// within is a context that ends a test that hangs.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func wantCode(t *testing.T, err error, want codes.Code) {
	t.Helper()
	if got := status.Code(err); got != want {
		t.Fatalf("got code %v (%v), want %v", got, err, want)
	}
}

func testUnary(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx := within(t)
	for range 3 {
		got, err := c.Unary(ctx, &testv1.UnaryRequest{Data: []byte("hello")})
		if err != nil {
			t.Fatal(err)
		}
		if string(got.GetData()) != "hello" || got.GetCaller() != "a1" && got.GetCaller() != "svc" {
			t.Fatalf("got %v", got)
		}
	}
	if _, err := c.Unary(ctx, &testv1.UnaryRequest{}); err != nil {
		t.Fatalf("an empty message: %v", err)
	}
}

func testMetadata(t *testing.T, c testv1.EchoClient, f *fixture) {
	var header, trailer metadata.MD
	ctx := metadata.AppendToOutgoingContext(within(t), "ask", "this")
	if _, err := c.Unary(ctx, &testv1.UnaryRequest{}, grpc.Header(&header), grpc.Trailer(&trailer)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(header.Get("told"), []string{"this"}) || !slices.Equal(trailer.Get("after"), []string{"all"}) {
		t.Fatalf("header %v, trailer %v", header, trailer)
	}
}

func testError(t *testing.T, c testv1.EchoClient, f *fixture) {
	_, err := c.Unary(within(t), &testv1.UnaryRequest{Fail: "cup"})
	wantCode(t, err, codes.Aborted)
	details := Errors(err)
	if len(details) != 1 {
		t.Fatalf("got %d details", len(details))
	}
	d := details[0]
	if d.GetId() != "rpc.test_broken" || d.GetKind() != "conflict" || d.GetParams()["thing"] != "cup" ||
		d.GetText() != "Предмет cup сломан." || d.GetPlace().GetNode() != "n1" || d.GetPlace().GetSetting() != "keys[0]" {
		t.Fatalf("got %v", d)
	}
	if strings.Contains(fmt.Sprint(err, details), "secret") {
		t.Fatal("the cause was told")
	}
}

func testErrorBytes(t *testing.T, c testv1.EchoClient, f *fixture) {
	_, err := c.Unary(within(t), &testv1.UnaryRequest{Fail: "bytes"})
	wantCode(t, err, codes.Aborted)
	if d := Errors(err); len(d) != 1 || d[0].GetText() != "Предмет \uFFFD сломан." {
		t.Fatalf("got %v", d)
	}
}

func testPanic(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx := within(t)
	_, err := c.Unary(ctx, &testv1.UnaryRequest{Fail: "panic"})
	wantCode(t, err, codes.Internal)
	if strings.Contains(err.Error(), "as asked") {
		t.Fatalf("the panic was told: %v", err)
	}
	if _, err := c.Unary(ctx, &testv1.UnaryRequest{}); err != nil {
		t.Fatalf("after a panic: %v", err)
	}
}

func testDeadline(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx, cancel := context.WithTimeout(within(t), 50*time.Millisecond)
	defer cancel()
	_, err := c.Unary(ctx, &testv1.UnaryRequest{Hang: true})
	wantCode(t, err, codes.DeadlineExceeded)
}

// Whoever names no deadline, or a later one, gets the server's.
func testDefaultDeadline(t *testing.T, c testv1.EchoClient, f *fixture) {
	got, err := c.Unary(context.Background(), &testv1.UnaryRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if most := f.config.Limits.CallDeadline.Milliseconds(); got.GetLeftMs() <= 0 || got.GetLeftMs() > most {
		t.Fatalf("%d ms are left, %d at most", got.GetLeftMs(), most)
	}
}

func testCancel(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx, cancel := context.WithCancel(within(t))
	s, err := c.Both(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(&testv1.BothRequest{Number: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	_, err = s.Recv()
	wantCode(t, err, codes.Canceled)
}

func testDown(t *testing.T, c testv1.EchoClient, f *fixture) {
	s, err := c.Down(within(t), &testv1.DownRequest{After: 10, Until: 500, Bytes: 3000})
	if err != nil {
		t.Fatal(err)
	}
	want := int64(11)
	for {
		m, err := s.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if m.GetNumber() != want || len(m.GetData()) != 3000 {
			t.Fatalf("got %d with %d bytes, want %d", m.GetNumber(), len(m.GetData()), want)
		}
		want++
	}
	if want != 501 {
		t.Fatalf("the stream ended before %d", want)
	}
}

func testCancelDown(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx, cancel := context.WithCancel(within(t))
	s, err := c.Down(ctx, &testv1.DownRequest{Until: 1 << 40, Bytes: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	for err == nil {
		_, err = s.Recv()
	}
	wantCode(t, err, codes.Canceled)
	if _, err := c.Unary(within(t), &testv1.UnaryRequest{}); err != nil {
		t.Fatalf("after a cancelled stream: %v", err)
	}
}

func testUp(t *testing.T, c testv1.EchoClient, f *fixture) {
	s, err := c.Up(within(t))
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		if err := s.Send(&testv1.UpRequest{Data: make([]byte, 100<<10)}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.CloseAndRecv()
	if err != nil {
		t.Fatal(err)
	}
	if got.GetMessages() != 40 || got.GetBytes() != 40*100<<10 {
		t.Fatalf("got %v", got)
	}
}

func testBoth(t *testing.T, c testv1.EchoClient, f *fixture) {
	s, err := c.Both(within(t))
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(100) {
		if err := s.Send(&testv1.BothRequest{Number: n}); err != nil {
			t.Fatal(err)
		}
		m, err := s.Recv()
		if err != nil || m.GetNumber() != n {
			t.Fatalf("got %v, %v; want %d", m, err, n)
		}
	}
	if err := s.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recv(); !errors.Is(err, io.EOF) {
		t.Fatalf("after half-close: %v", err)
	}
}

// A message may be larger than what a stream has under way.
func testLarge(t *testing.T, c testv1.EchoClient, f *fixture) {
	data := make([]byte, 1<<20-100)
	data[0], data[len(data)-1] = 1, 2
	for range 3 {
		got, err := c.Unary(within(t), &testv1.UnaryRequest{Data: data})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.GetData(), data) {
			t.Fatal("the answer differs")
		}
	}
}

func testTooLarge(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx := within(t)
	_, err := c.Unary(ctx, &testv1.UnaryRequest{Data: make([]byte, 5<<20)})
	wantCode(t, err, codes.ResourceExhausted)
	_, err = c.Unary(ctx, &testv1.UnaryRequest{AnswerBytes: 17 << 20})
	wantCode(t, err, codes.ResourceExhausted)
	if _, err := c.Unary(ctx, &testv1.UnaryRequest{}); err != nil {
		t.Fatalf("after a message over the limit: %v", err)
	}
}

// A receiver that does not read makes the server hold no more than a window,
// and holds up nobody else.
func testBackPressure(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx, cancel := context.WithCancel(within(t))
	defer cancel()
	s, err := c.Down(ctx, &testv1.DownRequest{Until: 10_000, Bytes: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recv(); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if _, err := c.Unary(ctx, &testv1.UnaryRequest{Data: make([]byte, 1000)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := f.echo.handed(); n*10_000 > 1<<20 {
		t.Fatalf("%d messages were handed over to a receiver that does not read", n)
	}
	for n := int64(2); n <= 1000; n++ {
		if m, err := s.Recv(); err != nil || m.GetNumber() != n {
			t.Fatalf("got %v, %v; want %d", m.GetNumber(), err, n)
		}
	}
}

func testMany(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx := within(t)
	var all sync.WaitGroup
	failed := make(chan error, 60)
	for range 60 {
		all.Go(func() {
			s, err := c.Both(ctx)
			if err != nil {
				failed <- err
				return
			}
			for n := range int64(50) {
				if err := s.Send(&testv1.BothRequest{Number: n}); err != nil {
					failed <- err
					return
				}
				if m, err := s.Recv(); err != nil || m.GetNumber() != n {
					failed <- fmt.Errorf("got %v, %w; want %d", m, err, n)
					return
				}
			}
			_ = s.CloseSend()
			if _, err := s.Recv(); !errors.Is(err, io.EOF) {
				failed <- err
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
}

// Messages larger than the credit of their streams pass each other.
func testManyLarge(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx := within(t)
	var all sync.WaitGroup
	failed := make(chan error, 8)
	for range 4 {
		all.Go(func() {
			got, err := c.Unary(ctx, &testv1.UnaryRequest{Data: make([]byte, 900<<10)})
			if err != nil || len(got.GetData()) != 900<<10 {
				failed <- fmt.Errorf("got %d bytes, %w", len(got.GetData()), err)
			}
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
}

func testRightsTaken(t *testing.T, c testv1.EchoClient, f *fixture) {
	f.guard.limits.Recheck = 10 * time.Millisecond
	ctx := within(t)
	s, err := c.Both(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(&testv1.BothRequest{Number: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Recv(); err != nil {
		t.Fatal(err)
	}
	f.auth.set(func(a *accounts) { a.gone = true })
	for err == nil {
		_ = s.Send(&testv1.BothRequest{Number: 2}) // the answer tells
		_, err = s.Recv()
	}
	wantCode(t, err, codes.Unauthenticated)
}

func testNoRights(t *testing.T, c testv1.EchoClient, f *fixture) {
	ctx := within(t)
	if _, err := c.Unary(ctx, &testv1.UnaryRequest{}); err != nil {
		t.Fatal(err)
	}
	f.auth.set(func(a *accounts) { a.role = 0 })
	_, err := c.Unary(ctx, &testv1.UnaryRequest{})
	wantCode(t, err, codes.PermissionDenied)
	s, err := c.Down(ctx, &testv1.DownRequest{Until: 1})
	if err == nil {
		_, err = s.Recv()
	}
	wantCode(t, err, codes.PermissionDenied)
}

// A big download never delays a click: streams take turns, so an answer waits
// behind one frame of each other stream and not behind all that is under way.
func TestDownloadDoesNotDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		var all sync.WaitGroup
		o := outbox{fail: func(error) {}, spawn: all.Go}
		o.write = func(b []byte) error {
			time.Sleep(time.Second) // a slow line
			order = append(order, string(b))
			return nil
		}
		all.Go(func() {
			for range 10 {
				_ = o.send(t.Context(), []byte("download"))
			}
		})
		time.Sleep(2500 * time.Millisecond)
		_ = o.send(t.Context(), []byte("click"))
		all.Wait()
		if at := slices.Index(order, "click"); at > 3 {
			t.Errorf("the click came after %d frames", at)
		}
	})
}
