package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/rpc"
)

// encoded is a table as a stream of Arrow IPC.
func encoded(t testing.TB, b arrow.RecordBatch) []byte {
	t.Helper()
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(b.Schema()))
	check(t, errors.Join(w.Write(b), w.Close()))
	return out.Bytes()
}

// whole takes one whole of what is published.
func whole(t *testing.T, stream grpc.ServerStreamingClient[weftv1.WatchServicesResponse]) (out []string) {
	t.Helper()
	for {
		m, err := stream.Recv()
		check(t, err)
		for _, o := range m.GetOperations() {
			out = append(out, o.GetService()+"/"+o.GetOperation())
		}
		for _, p := range m.GetProblems() {
			out = append(out, strings.TrimSpace(fmt.Sprint(p.GetPath(), " ", p.GetService(), " ", p.GetErrors()[0].GetId())))
		}
		if m.GetLast() {
			return out
		}
	}
}

// The same services are reached both ways: by a person on the websocket, who
// sees what is wrong, too, and by a program on TCP.
func TestServicesBothWays(t *testing.T) {
	files := delaysFiles()
	files["user/broken.weft"] = "weft: 1\nservices:\n  x: [\n"
	files["other/delays.weft"] = strings.ReplaceAll(delaysPackage, "  delays:\n", "  hidden:\n")
	files["other/flights.csv"], files["other/airports.csv"] = files["user/flights.csv"], files["user/airports.csv"]
	h := newHost(t, files)
	tcp, err := rpc.Dial(rpc.TCPClient{Address: fmt.Sprintf("127.0.0.1:%d", h.port), User: "service", Token: h.token})
	check(t, err)
	t.Cleanup(func() { _ = tcp.Close() })
	for name, tt := range map[string]struct {
		conn grpc.ClientConnInterface
		want []string
	}{
		"person":  {h.person(t), []string{"delays/all", "delays/by_airport", "delays/late", "delays/worst", "user/broken.weft  pack.syntax"}},
		"program": {tcp, []string{"delays/all", "delays/by_airport", "delays/late", "delays/worst", "hidden/all", "hidden/by_airport", "hidden/late", "hidden/worst", "user/broken.weft  pack.syntax"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := weftv1.NewServicesClient(tt.conn)
			stream, err := c.WatchServices(t.Context(), &weftv1.WatchServicesRequest{})
			check(t, err)
			got := whole(t, stream)
			for len(got) < len(tt.want) { // it is being looked at
				got = whole(t, stream)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			rows := flightsBatch(t, [2]any{"ORD", 30})
			defer rows.Release()
			call := &weftv1.CallServiceRequest{Service: "delays", Operation: "by_airport", Input: encoded(t, rows)}
			answer, err := c.CallService(t.Context(), call)
			check(t, err)
			want := fmt.Sprint(rowsOf(t, answer.GetOutput()))
			if want != "[[ORD O'Hare 1 30]]" {
				t.Error(want)
			}
			if got := fmt.Sprint(rowsOf(t, streamed(t, c, call))); got != want {
				t.Error(got)
			}
			for _, bad := range []struct {
				call *weftv1.CallServiceRequest
				code codes.Code
			}{
				{&weftv1.CallServiceRequest{Service: "none", Operation: "x"}, codes.NotFound},
				{&weftv1.CallServiceRequest{Service: "delays", Operation: "x"}, codes.NotFound},
				{&weftv1.CallServiceRequest{Service: "delays", Operation: "by_airport"}, codes.InvalidArgument},
				{&weftv1.CallServiceRequest{Service: "delays", Operation: "by_airport", Input: []byte("x")}, codes.InvalidArgument},
				{&weftv1.CallServiceRequest{Service: "delays", Operation: "by_airport", Input: call.GetInput()[:len(call.GetInput())/2]}, codes.InvalidArgument},
				{&weftv1.CallServiceRequest{Service: "delays", Operation: "all", Variables: map[string]string{"least": "[1]"}}, codes.InvalidArgument},
				{&weftv1.CallServiceRequest{Service: "delays", Operation: "all", Variables: map[string]string{"least": "{"}}, codes.InvalidArgument},
			} {
				if _, err := c.CallService(t.Context(), bad.call); status.Code(err) != bad.code && status.Code(err) != codes.PermissionDenied {
					t.Errorf("%v: %v", bad.call, err)
				}
			}
			if _, err := c.CallService(t.Context(), &weftv1.CallServiceRequest{Service: "hidden", Operation: "all"}); (err == nil) != (name == "program") {
				t.Errorf("hidden: %v", err)
			}
			if _, err := c.CallService(rpc.OnBehalf(t.Context(), "weft_x"), call); name == "program" && status.Code(err) != codes.PermissionDenied {
				t.Errorf("on behalf: %v", err)
			}
		})
	}
}

// streamed makes a call in pieces.
func streamed(t *testing.T, c weftv1.ServicesClient, call *weftv1.CallServiceRequest) []byte {
	t.Helper()
	stream, err := c.StreamService(t.Context())
	check(t, err)
	first := &weftv1.CallServiceRequest{Service: call.GetService(), Operation: call.GetOperation(), Variables: call.GetVariables()}
	check(t, stream.Send(&weftv1.StreamServiceRequest{Part: &weftv1.StreamServiceRequest_Call{Call: first}}))
	for rest := call.GetInput(); len(rest) > 0; {
		n := min(len(rest), 100)
		check(t, stream.Send(&weftv1.StreamServiceRequest{Part: &weftv1.StreamServiceRequest_Input{Input: rest[:n]}}))
		rest = rest[n:]
	}
	check(t, stream.CloseSend())
	var out []byte
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return out
		}
		check(t, err)
		out = append(out, m.GetOutput()...)
	}
}

// person is the browser of user.
func (h *host) person(t *testing.T) *rpc.WebsocketConn {
	t.Helper()
	password := h.password
	conn := rpc.DialWebsocket(rpc.WebsocketClient{URL: "ws://" + h.ws + "/ws", Origin: "http://" + h.ws, Agent: "test", Hello: func(m *weftv1.Hello) {
		m.Credentials = &weftv1.Hello_Password{Password: &weftv1.Password{Name: "user", Password: password}}
	}})
	t.Cleanup(func() { _ = conn.Close() })
	_, err := weftv1.NewSessionClient(conn).ChangePassword(t.Context(), &weftv1.ChangePasswordRequest{OldPassword: password, NewPassword: longer})
	check(t, err)
	return conn
}
