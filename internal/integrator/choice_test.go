package integrator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// patience is how long a test waits for what is to come at once.
const patience = 20 * time.Second

// callee is a Server that publishes one operation and says nothing but who it
// is: its process is this one, its wire is real.
type callee struct {
	weftv1.UnimplementedServicesServer
	port      int
	grpc      *grpc.Server
	health    *health.Server
	operation *weftv1.ServiceOperation
	calls     atomic.Int64
	hold      chan struct{} // calls wait until it is closed; nil: they don't
	fail      error         // what becomes of calls that have begun; nil: an answer
}

// newCallee starts a Server that takes so many calls at once.
func newCallee(t *testing.T, operation *weftv1.ServiceOperation, most uint32) *callee {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &callee{
		port: l.Addr().(*net.TCPAddr).Port, operation: operation, health: health.NewServer(),
		grpc: grpc.NewServer(grpc.MaxConcurrentStreams(most), grpc.WaitForHandlers(true)),
	}
	weftv1.RegisterServicesServer(c.grpc, c)
	healthv1.RegisterHealthServer(c.grpc, c.health)
	c.serving(true)
	served := make(chan error, 1)
	go func() { served <- c.grpc.Serve(l) }()
	t.Cleanup(func() {
		c.grpc.Stop()
		if err := <-served; err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			t.Error(err)
		}
	})
	return c
}

func (c *callee) serving(ok bool) {
	status := healthv1.HealthCheckResponse_NOT_SERVING
	if ok {
		status = healthv1.HealthCheckResponse_SERVING
	}
	c.health.SetServingStatus(weftv1.Services_ServiceDesc.ServiceName, status)
}

func (c *callee) WatchServices(_ *weftv1.WatchServicesRequest, stream grpc.ServerStreamingServer[weftv1.WatchServicesResponse]) error {
	if err := stream.Send(&weftv1.WatchServicesResponse{Operations: []*weftv1.ServiceOperation{c.operation}, Last: true}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}

func (c *callee) CallService(ctx context.Context, _ *weftv1.CallServiceRequest) (*weftv1.CallServiceResponse, error) {
	c.calls.Add(1)
	if c.hold != nil {
		select {
		case <-c.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if c.fail != nil {
		return nil, c.fail
	}
	var out bytes.Buffer
	err := ipc.NewWriter(&out, ipc.WithSchema(arrowSchema(nil))).Close()
	return &weftv1.CallServiceResponse{Output: out.Bytes()}, err
}

// calling runs an Integrator over Servers, of which the last one is reserved,
// and returns what calls it once all of them are known.
func calling(t *testing.T, servers ...*callee) func() (int, string) {
	t.Helper()
	c := Defaults()
	c.Open, c.AccessLog = true, false
	for i, s := range servers {
		c.Servers = append(c.Servers, ServerConfig{Address: "127.0.0.1", Port: s.port, User: "service", Token: "x", Reserved: i == len(servers)-1})
	}
	web, in := integrating(t, c)
	eventually(t, "all Servers are known", func() bool { return in.Offers("a/b") })
	return func() (int, string) { return asked(t, http.MethodPost, web+"/api/v1/a/b") }
}

// integrating runs an Integrator and returns its address.
func integrating(t *testing.T, c Config) (string, *Integrator) {
	t.Helper()
	in, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx) }()
	web := httptest.NewServer(in)
	t.Cleanup(func() {
		web.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return web.URL, in
}

// asked is the status of an answer, and when to come again.
func asked(t *testing.T, method, url string) (status int, retry string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("{}"))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body) // only the status matters
	return resp.StatusCode, resp.Header.Get("Retry-After")
}

// eventually waits for a condition that no event tells of.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

// Calls go to healthy, unreserved Servers at random; to the reserved one while
// there is no other; with none left the answer says when to come again.
func TestChoice(t *testing.T) {
	operation := &weftv1.ServiceOperation{Service: "a", Operation: "b", Output: &weftv1.TableSchema{}}
	one, two, reserved := newCallee(t, operation, 100), newCallee(t, operation, 100), newCallee(t, operation, 100)
	call := calling(t, one, two, reserved)
	round := func() (n [3]int64) {
		before := [3]int64{one.calls.Load(), two.calls.Load(), reserved.calls.Load()}
		for range 200 {
			if status, _ := call(); status != http.StatusOK {
				t.Fatal(status)
			}
		}
		return [3]int64{one.calls.Load() - before[0], two.calls.Load() - before[1], reserved.calls.Load() - before[2]}
	}
	if n := round(); n[0] < 60 || n[1] < 60 || n[2] != 0 {
		t.Errorf("calls by Server: %v", n)
	}
	one.serving(false)
	eventually(t, "the second is called alone", func() bool {
		n := round()
		if n[2] != 0 {
			t.Fatalf("the reserved one is called: %v", n)
		}
		return n[0] == 0 && n[1] == 200
	})
	two.serving(false)
	eventually(t, "the reserved one is called alone", func() bool { return round() == [3]int64{0, 0, 200} })
	two.serving(true)
	eventually(t, "the reserved one rests", func() bool { return round() == [3]int64{0, 200, 0} })
	two.serving(false)
	reserved.serving(false)
	eventually(t, "nobody is left", func() bool {
		status, retry := call()
		return status == http.StatusServiceUnavailable && retry != ""
	})
}

// What a Server publishes that was not reached yet nobody knows: that there is
// no such service is said only once all are known.
func TestUnknownWhileAServerIsAway(t *testing.T) {
	operation := &weftv1.ServiceOperation{Service: "a", Operation: "b", Output: &weftv1.TableSchema{}}
	away := newCallee(t, operation, 100)
	away.grpc.Stop()
	c := Defaults()
	c.Open, c.AccessLog = true, false
	for _, s := range []*callee{newCallee(t, operation, 100), away} {
		c.Servers = append(c.Servers, ServerConfig{Address: "127.0.0.1", Port: s.port, User: "service", Token: "x"})
	}
	web, in := integrating(t, c)
	eventually(t, "the Server that is there is known", in.Ready)
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{http.MethodPost, "a/b", http.StatusOK},
		{http.MethodGet, "a/openapi.json", http.StatusOK},
		{http.MethodPost, "none/b", http.StatusServiceUnavailable},
		{http.MethodGet, "none/openapi.json", http.StatusServiceUnavailable},
	} {
		status, retry := asked(t, tt.method, web+"/api/v1/"+tt.path)
		if status != tt.want || (retry != "") != (status == http.StatusServiceUnavailable) {
			t.Errorf("%s: %d, Retry-After %q", tt.path, status, retry)
		}
	}
}

// Of calls of an operation that can't be repeated, those that had not begun at
// a Server that dies go to another, however many they are; the one that had is
// given up.
func TestCallsThatHadNotBegun(t *testing.T) {
	operation := &weftv1.ServiceOperation{Service: "a", Operation: "b", Output: &weftv1.TableSchema{}}
	const streams = 3 // the health, the services, and one call
	dying, other := newCallee(t, operation, streams), newCallee(t, operation, 100)
	dying.hold = make(chan struct{})
	call := calling(t, dying, other)
	const waiting = 2 * budgetMost
	results := make(chan int, waiting)
	var callers sync.WaitGroup
	for range waiting {
		callers.Go(func() {
			status, _ := call()
			results <- status
		})
	}
	eventually(t, "a call has begun", func() bool { return dying.calls.Load() == 1 })
	dying.grpc.Stop()
	callers.Wait()
	close(results)
	n := map[int]int{}
	for status := range results {
		n[status]++
	}
	if n[http.StatusOK] != waiting-1 || n[http.StatusServiceUnavailable] != 1 || dying.calls.Load() != 1 {
		t.Errorf("%v, %d begun at the Server that died", n, dying.calls.Load())
	}
}

// A call that may have begun is repeated twice at most, and not at all where a
// repetition does harm.
func TestRepeatsOfACall(t *testing.T) {
	for idempotent, want := range map[bool]int64{true: 1 + mostRepeats, false: 1} {
		operation := &weftv1.ServiceOperation{Service: "a", Operation: "b", Output: &weftv1.TableSchema{}, Idempotent: idempotent}
		var servers []*callee
		for range 5 {
			c := newCallee(t, operation, 100)
			c.fail = status.Error(codes.Unavailable, "it went away")
			servers = append(servers, c)
		}
		call := calling(t, servers...)
		if got, retry := call(); got != http.StatusServiceUnavailable || retry == "" {
			t.Errorf("answered %d, again after %q", got, retry)
		}
		begun := int64(0)
		for _, c := range servers {
			begun += c.calls.Load()
		}
		if begun != want {
			t.Errorf("idempotent %v: begun %d times, want %d", idempotent, begun, want)
		}
	}
}

// Of many calls a tenth is repeated at most, but for those that were under way
// at once.
func TestBudgetOfRepeats(t *testing.T) {
	b := newBudget()
	spent := 0
	const calls = 100_000
	for range calls {
		b.earn()
		if b.spend() {
			spent++
		}
	}
	if most := calls/10 + budgetMost; spent > most || spent < calls/10 {
		t.Errorf("%d of %d calls are repeated, at most %d may be", spent, calls, most)
	}
}
