package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/weftworks/weft/internal/job"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/workspace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// object is what the requests of the matrix are about: files and what hangs on
// them, by the names of the requests' fields.
type object map[protoreflect.Name]string

// about fills a request: its fields that name something name the object.
func about(m protoreflect.MethodDescriptor, o object) proto.Message {
	req := dynamicpb.NewMessage(m.Input())
	o.fill(req)
	return req
}

func (o object) fill(m *dynamicpb.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		value, ok := o[f.Name()]
		switch {
		case f.IsList(), f.IsMap():
		case ok && f.Kind() == protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString(value))
		case f.Kind() == protoreflect.MessageKind && f.Message().ParentFile().Package() == "weft.v1" && f.ContainingOneof() == nil:
			inner := dynamicpb.NewMessage(f.Message())
			o.fill(inner)
			m.Set(f, protoreflect.ValueOfMessage(inner))
		}
	}
}

// methods lists all methods of weft.v1, in order.
func methods() []protoreflect.MethodDescriptor {
	var out []protoreflect.MethodDescriptor
	protoregistry.GlobalFiles.RangeFilesByPackage("weft.v1", func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			s := f.Services().Get(i)
			for j := range s.Methods().Len() {
				out = append(out, s.Methods().Get(j))
			}
		}
		return true
	})
	slices.SortFunc(out, func(a, b protoreflect.MethodDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return out
}

func pathOf(m protoreflect.MethodDescriptor) string {
	return fmt.Sprintf("/%s/%s", m.Parent().FullName(), m.Name())
}

// silence is how long a stream may say nothing: it was taken then, and waits
// for something to tell.
const silence = 3 * time.Second

// call makes one call of any shape and returns what came of it, and the errors
// that stand in the first answer.
func call(ctx context.Context, conn grpc.ClientConnInterface, m protoreflect.MethodDescriptor, req proto.Message) (ids []string, err error) {
	answer := dynamicpb.NewMessage(m.Output())
	if !m.IsStreamingClient() && !m.IsStreamingServer() {
		return nil, conn.Invoke(ctx, pathOf(m), req, answer)
	}
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	s, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: m.IsStreamingServer(), ClientStreams: m.IsStreamingClient()}, pathOf(m))
	if err != nil {
		return nil, err
	}
	if err := s.SendMsg(req); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := s.CloseSend(); err != nil {
		return nil, err
	}
	err = s.RecvMsg(answer)
	if errors.Is(err, io.EOF) || status.Code(err) == codes.DeadlineExceeded {
		err = nil
	}
	return errorsIn(answer), err
}

// errorsIn finds the errors that an answer holds as part of it.
func errorsIn(m protoreflect.Message) []string {
	var out []string
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Kind() != protoreflect.MessageKind || f.IsMap():
		case f.IsList() && f.Message().Name() == "Error":
			for i := range v.List().Len() {
				e := v.List().Get(i).Message()
				if id := e.Get(e.Descriptor().Fields().ByName("id")).String(); id != "worker.start" { // there are no workers here
					out = append(out, id)
				}
			}
		case !f.IsList():
			out = append(out, errorsIn(v.Message())...)
		}
		return true
	})
	return out
}

// answer is what the matrix holds of a call: its code, and of a refusal why.
func answer(ids []string, err error) string {
	if status.Code(err) == codes.OK {
		return strings.Join(append([]string{"ok"}, ids...), " ")
	}
	out := strings.ToLower(status.Code(err).String())
	for _, e := range rpc.Errors(err) {
		out += " " + e.GetId()
	}
	return out
}

// cast is everybody who takes part in the matrix.
type cast struct {
	*runningServer
	accounts map[string]store.Account
}

func newCast(t *testing.T) *cast {
	t.Helper()
	c := &cast{runningServer: startServer(t), accounts: map[string]store.Account{}}
	for name, role := range map[string]store.Role{"viewer": store.Viewer, "other": store.User} {
		if _, _, err := c.auth.Owner().CreateAccount(t.Context(), name, role); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"viewer", "other", "user", "admin", "service"} {
		account, err := c.auth.Owner().Account(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		c.accounts[name] = account
	}
	return c
}

// objectOf makes things anew in somebody's folder, and returns how requests
// name them, and how they are let go.
func (c *cast) objectOf(t *testing.T, folder, victim string) (object, func()) {
	t.Helper()
	if err := c.tree.EnsureTop(folder); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"f.csv": "a\n1\n", "p.weft": "weft: 1\n"} {
		if _, err := c.tree.Write(folder+"/"+name, []byte(text), true); err != nil {
			t.Fatal(err)
		}
	}
	_ = c.tree.Remove(folder+"/moved.csv", true) // of the call before, if it could
	account := c.accounts[folder]
	up, err := c.uploads.Begin(workspace.Upload{Owner: account.ID, Client: "matrix", Path: folder + "/up.csv"})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := c.hub.Open(t.Context(), folder+"/p.weft")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := doc.Current()
	run, err := c.jobs.Start(job.Request{
		Account: account.ID, Name: account.Name, Path: folder + "/p.weft", Package: p, ClientID: victim,
	})
	if err != nil {
		t.Fatal(err)
	}
	o := object{
		"path": folder + "/f.csv", "from": folder + "/f.csv", "to": folder + "/moved.csv",
		"id": victim, "account": victim, "client_id": "c1", "upload": up.ID, "document": doc.ID(), "run": run, "result": run,
		"service": "none", "operation": "none", "password": "wrong", "old_password": "wrong", "new_password": "wrong",
	}
	return o, func() {
		doc.Release()
		if err := c.uploads.Abort(account.ID, up.ID); err != nil {
			t.Error(err)
		}
		_ = c.tree.Remove(folder+"/up.csv", false) // it may have been committed
	}
}

// caller is a connection as somebody.
func (c *cast) caller(t *testing.T, who string) (grpc.ClientConnInterface, func()) {
	t.Helper()
	if who == "service" || who == "nobody" {
		tcp := rpc.TCPClient{Address: c.TCP().String()}
		if who == "service" {
			tcp.User, tcp.Token = "service", c.secret(t, "service")
		}
		conn, err := rpc.Dial(tcp)
		if err != nil {
			t.Fatal(err)
		}
		return conn, func() { conn.Close() }
	}
	token, err := c.Ticket(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	conn := rpc.DialWebsocket(rpc.WebsocketClient{URL: c.url(), Origin: "http://127.0.0.1", Hello: byTicket(token)})
	return conn, func() { _ = conn.Close() }
}

// Every method of every service, asked by every role, about what is its own,
// what is another's, and what is not there. The golden file is to be read like
// code: what stands there is what somebody may.
func TestRightsMatrix(t *testing.T) {
	c := newCast(t)
	var b strings.Builder
	for _, m := range methods() {
		fmt.Fprintf(&b, "\n%s.%s\n", m.Parent().Name(), m.Name())
		for _, who := range []string{"nobody", "viewer", "user", "admin", "service"} {
			answers := map[string]string{}
			for _, whose := range []string{"own", "another's", "missing"} {
				answers[whose] = c.try(t, m, who, whose)
			}
			if answers["another's"] != answers["missing"] && who != "admin" && who != "service" {
				t.Errorf("%s: %s learns from %q and %q that something of another's is there", m.FullName(), who, answers["another's"], answers["missing"])
			}
			fmt.Fprintf(&b, "  %-8s %s\n", who, told(answers))
		}
	}
	golden(t, "testdata/rights.txt", b.String())
}

func told(answers map[string]string) string {
	if answers["own"] == answers["another's"] {
		return answers["own"]
	}
	return answers["own"] + " | another's: " + answers["another's"]
}

// try makes a call as somebody, about something.
func (c *cast) try(t *testing.T, m protoreflect.MethodDescriptor, who, whose string) string {
	t.Helper()
	folder := "other"
	if whose == "own" && who != "nobody" && who != "service" {
		folder = who
	}
	victim, _, err := c.auth.Owner().CreateAccount(t.Context(), "victim", store.User)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.auth.Owner().RemoveAccount(context.Background(), victim.ID); err != nil {
			t.Error(err)
		}
	}()
	o, release := c.objectOf(t, folder, victim.ID)
	defer release()
	if m.Parent().Name() == "Packages" || m.Name() == "ListRuns" {
		o["path"] = folder + "/p.weft"
	}
	if whose == "missing" {
		o["upload"], o["document"], o["run"], o["result"] = "0", "0", "0", "0"
		o["path"], o["from"] = folder+"/none.weft", folder+"/none.csv"
	}
	conn, done := c.caller(t, who)
	defer done()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return answer(call(ctx, conn, m, about(m, o)))
}

// The table of the transports and this matrix hold the same methods.
func TestEveryMethodHasARule(t *testing.T) {
	rules := rpc.Rules()
	served := map[string]bool{}
	for _, m := range methods() {
		served[pathOf(m)] = true
		if _, ok := rules[pathOf(m)]; !ok {
			t.Errorf("there is no rule who may call %s", pathOf(m))
		}
	}
	for method := range rules {
		if strings.HasPrefix(method, "/weft.v1.") && !served[method] {
			t.Errorf("there is a rule for %s, which is no method", method)
		}
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
