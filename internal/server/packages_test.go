package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/preview"
	"github.com/weftworks/weft/internal/store"
)

func label(node, text string) pack.Command {
	return pack.Rename{Workflow: "main", Node: node, Label: text}
}

// TestTwoPeople lets two people edit one package, each way over both
// transports.
func TestTwoPeople(t *testing.T) {
	for _, c := range []struct {
		name     string
		ann, bob func(*site, testing.TB, string) grpc.ClientConnInterface
	}{
		{"websockets", (*site).websocket, (*site).websocket},
		{"TCP", (*site).overTCP, (*site).overTCP},
		{"one of each", (*site).websocket, (*site).overTCP},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, nil)
			ann, bob := edit(t, c.ann(s, t, "ann"), "shared/p.weft"), edit(t, c.bob(s, t, "bob"), "shared/p.weft")
			for _, e := range []*editor{ann, bob} {
				e.until("the snapshot", func() bool { return e.snapshots == 1 })
			}
			if a := ann.do("1", label("a", "by ann")); a.GetNumber() != 1 {
				t.Error(a)
			}
			bob.at(1)
			a := bob.do("1", pack.Paste{Workflow: "main", Nodes: []pack.Node{{ID: "a", Component: "x"}}})
			if fmt.Sprint(a.GetNodes()) != "[a_2]" {
				t.Error(a)
			}
			ann.at(2)
			bob.at(2)
			if ann.copyOf() != bob.copyOf() || !strings.Contains(ann.copyOf(), "by ann") || !strings.Contains(ann.copyOf(), "a_2") {
				t.Error(ann.copyOf(), bob.copyOf())
			}
			if e := ann.events[1]; e.GetName() != "bob" || e.GetClientId() != "" || !e.GetCanUndo() || e.GetCanRedo() {
				t.Error(e)
			}
			if e := bob.events[1]; e.GetClientId() != "1" {
				t.Error(e)
			}
			undoByBoth(t, ann, bob)
		})
	}
}

func undoByBoth(t *testing.T, ann, bob *editor) {
	t.Helper()
	ctx := context.Background()
	bob.do("2", label("a", "by bob"))
	_, err := ann.Undo(ctx, &weftv1.UndoRequest{Document: ann.document, ClientId: "u"})
	if told := refused(t, err, errs.Conflict); !strings.Contains(told.GetText(), "bob") {
		t.Error(told)
	}
	if a, err := bob.Undo(ctx, &weftv1.UndoRequest{Document: bob.document, ClientId: "u"}); err != nil || a.GetNumber() != 4 {
		t.Fatal(a, err)
	}
	for range 2 { // the second is a repeat
		if a, err := ann.Undo(ctx, &weftv1.UndoRequest{Document: ann.document, ClientId: "u"}); err != nil || a.GetNumber() != 5 {
			t.Fatal(a, err)
		}
	}
	if a, err := ann.Redo(ctx, &weftv1.RedoRequest{Document: ann.document, ClientId: "r"}); err != nil || a.GetNumber() != 6 {
		t.Fatal(a, err)
	}
	ann.at(6)
	bob.at(6)
	if e := ann.events[4]; e.GetAction() != weftv1.Action_ACTION_UNDO || e.GetOf() != 1 || !e.GetCanRedo() {
		t.Error(e)
	}
	if ann.copyOf() != bob.copyOf() {
		t.Error(ann.copyOf(), bob.copyOf())
	}
}

// TestLostConnections cuts the stream at every message in turn.
func TestLostConnections(t *testing.T) {
	s := newSite(t, nil)
	var seen atomic.Int64
	flaky := edit(t, s.websocket(t, "ann"), "shared/p.weft", func(*weftv1.OpenPackageResponse) bool { return seen.Add(1)%3 == 0 })
	steady := edit(t, s.overTCP(t, "bob"), "shared/p.weft")
	steady.until("the snapshot", func() bool { return steady.snapshots == 1 })
	for i := range 50 {
		steady.do(fmt.Sprint(i), label("a", fmt.Sprint("label ", i)))
	}
	flaky.at(50)
	steady.at(50)
	if flaky.copyOf() != steady.copyOf() || flaky.snapshots != 1 {
		t.Error(flaky.snapshots, flaky.copyOf())
	}
}

// TestLargeChanges are told by a snapshot.
func TestLargeChanges(t *testing.T) {
	s := newSite(t, nil)
	ann := edit(t, s.websocket(t, "ann"), "shared/p.weft")
	ann.until("the snapshot", func() bool { return ann.snapshots == 1 })
	big := strings.Repeat("long ", 40<<10)
	for i := range 3 {
		c := pack.SetSetting{Workflow: "main", Node: "b", Path: pack.Path{{Key: fmt.Sprint("k", i)}}, Value: pack.Text(big)}
		ann.do(fmt.Sprint(i), c)
	}
	ann.do("copy", pack.Rename{Label: "end"})
	ann.at(4)
	text := "weft: 1\nlabel: new\nworkflows:\n  main:\n    nodes:\n" + strings.Repeat("      n%: {component: x, note: "+strings.Repeat("x", 1000)+"}\n", 400)
	for i := range 400 {
		text = strings.Replace(text, "%", fmt.Sprint(i), 1)
	}
	if err := os.WriteFile(s.path("shared/p.weft"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	conflict := false
	ann.until("the conflict or the change", func() bool {
		conflict = ann.file.GetConflict() != nil
		return ann.snapshots == 2 || conflict
	})
	if conflict {
		_, err := ann.SavePackage(context.Background(), &weftv1.SavePackageRequest{Document: ann.document, Reload: true, ClientId: "reload"})
		if err != nil {
			t.Fatal(err)
		}
	}
	ann.until("the whole", func() bool { return ann.snapshots == 2 && ann.number == 5 })
	if !strings.Contains(ann.copyOf(), "n399") {
		t.Error("not the new text")
	}
}

// TestPresence tells others who is where.
func TestPresence(t *testing.T) {
	s := newSite(t, nil)
	ann, bob := edit(t, s.websocket(t, "ann"), "shared/p.weft"), edit(t, s.overTCP(t, "bob"), "shared/p.weft")
	ann.until("bob", func() bool { return len(ann.people) == 1 })
	bob.until("ann", func() bool { return len(bob.people) == 1 })
	_, err := bob.SetPresence(context.Background(), &weftv1.SetPresenceRequest{Document: bob.document, Workflow: "main", Nodes: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	at := func(nodes int) func() bool {
		return func() bool {
			for _, p := range ann.people {
				return p.GetName() == "bob" && p.GetWorkflow() == "main" && len(p.GetNodes()) == nodes
			}
			return false
		}
	}
	ann.until("bob at a and b", at(2))
	bob.close()
	ann.until("bob gone", func() bool { return len(ann.people) == 0 })
	_, err = bob.SetPresence(context.Background(), &weftv1.SetPresenceRequest{Document: ann.document})
	refused(t, err, errs.NotFound)
	_, err = ann.SetPresence(context.Background(), &weftv1.SetPresenceRequest{Document: ann.document, Nodes: make([]string, 101)})
	refused(t, err, errs.Invalid)
}

// TestWhoMayDoWhat calls each method as those who may not.
func TestWhoMayDoWhat(t *testing.T) {
	s := newSite(t, nil)
	ann := edit(t, s.websocket(t, "ann"), "shared/p.weft")
	ann.until("the snapshot", func() bool { return ann.snapshots == 1 })
	if !ann.opened.GetWritable() || !ann.opened.GetRunnable() {
		t.Error("ann can't write or run")
	}
	vera := edit(t, s.websocket(t, "vera"), "shared/p.weft")
	vera.until("the snapshot", func() bool { return vera.snapshots == 1 })
	if vera.opened.GetWritable() || vera.opened.GetRunnable() {
		t.Error("vera can write or run")
	}
	mallory := weftv1.NewPackagesClient(s.websocket(t, "mallory"))
	for _, c := range []weftv1.PackagesClient{vera, mallory} {
		for name, err := range changes(c, ann.document) {
			if err == nil {
				t.Error(name, "by somebody who may not")
			}
		}
	}
	told := map[string]bool{}
	for _, id := range []string{ann.document, "guessed"} {
		for _, err := range changes(mallory, id) {
			told[refused(t, err, errs.NotFound).GetText()] = true
		}
		_, err := mallory.SetPresence(context.Background(), &weftv1.SetPresenceRequest{Document: id})
		told[refused(t, err, errs.NotFound).GetText()] = true
	}
	if len(told) != 1 {
		t.Error("what is hidden and what is not there are told apart:", told)
	}
	for _, path := range []string{"shared/p.weft", "shared/none.weft"} {
		stream, err := mallory.OpenPackage(context.Background(), &weftv1.OpenPackageRequest{Path: path})
		if err == nil {
			_, err = stream.Recv()
		}
		refused(t, err, errs.Denied)
	}
	if _, n := current(t, s); n != 0 {
		t.Error("something was changed")
	}
}

func changes(c weftv1.PackagesClient, id string) map[string]error {
	ctx := context.Background()
	_, command := c.SendCommand(ctx, &weftv1.SendCommandRequest{Document: id, ClientId: "1", Command: `{"kind":"rename","label":"x"}`})
	_, undo := c.Undo(ctx, &weftv1.UndoRequest{Document: id, ClientId: "2"})
	_, redo := c.Redo(ctx, &weftv1.RedoRequest{Document: id, ClientId: "3"})
	_, save := c.SavePackage(ctx, &weftv1.SavePackageRequest{Document: id})
	return map[string]error{"command": command, "undo": undo, "redo": redo, "save": save}
}

func current(t *testing.T, s *site) (*pack.Package, int64) {
	t.Helper()
	d, err := s.hub.Open(context.Background(), "shared/p.weft")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Release()
	return d.Current()
}

// TestRightsThatAreTaken end what is open.
func TestRightsThatAreTaken(t *testing.T) {
	s := newSite(t, nil)
	bob := edit(t, s.websocket(t, "bob"), "shared/p.weft")
	bob.until("the snapshot", func() bool { return bob.snapshots == 1 })
	if err := s.auth.Owner().Grant(context.Background(), "/shared", auth.Subject{Name: "bob"}, store.Read); err != nil {
		t.Fatal(err)
	}
	_, err := bob.command(context.Background(), "1", label("a", "x"))
	refused(t, err, errs.Denied)
	if err := s.auth.Owner().Grant(context.Background(), "/shared", auth.Subject{Name: "bob"}, 0); err != nil {
		t.Fatal(err)
	}
	bob.until("the end", func() bool { return bob.err != nil })
	refused(t, bob.err, errs.Denied)
}

// TestBadRequests are refused with the place.
func TestBadRequests(t *testing.T) {
	s := newSite(t, nil)
	ann := edit(t, s.websocket(t, "ann"), "shared/p.weft")
	ann.until("the snapshot", func() bool { return ann.snapshots == 1 })
	rename := `{"kind":"rename","label":"x"}`
	for _, c := range []struct {
		name, client, command string
		base                  int64
	}{
		{"no id", "", rename, 0},
		{"a long id", strings.Repeat("я", 65), rename, 0},
		{"no command", "1", "", 0},
		{"no JSON", "1", "{", 0},
		{"a key twice", "1", `{"kind":"rename","label":"x","label":"y"}`, 0},
		{"an unknown key", "1", `{"kind":"rename","lable":"x"}`, 0},
		{"an unknown command", "1", `{"kind":"drop"}`, 0},
		{"two commands", "1", rename + rename, 0},
		{"a number out of range", "1", `{"kind":"set_setting","workflow":"main","node":"a","path":"k","value":1e400}`, 0},
		{"nesting", "1", strings.Repeat("[", 100_000), 0},
		{"a large command", "1", `{"kind":"rename","label":"` + strings.Repeat("x", 256<<10) + `"}`, 0},
	} {
		_, err := ann.SendCommand(context.Background(), &weftv1.SendCommandRequest{Document: ann.document, ClientId: c.client, Command: c.command, Base: c.base})
		if err == nil {
			t.Error(c.name)
			continue
		}
		refused(t, err, errs.Invalid)
	}
	_, err := ann.SendCommand(context.Background(), &weftv1.SendCommandRequest{Document: ann.document, ClientId: "1", Command: rename, Base: 7})
	refused(t, err, errs.Conflict)
	if _, n := current(t, s); n != 0 {
		t.Error("something was changed")
	}
}

// TestCreateAndSave makes a package, edits it and saves it elsewhere.
func TestCreateAndSave(t *testing.T) {
	s := newSite(t, nil, func(o *document.Options) { o.SaveAfter = patience })
	ctx := context.Background()
	conn := s.websocket(t, "ann")
	c := weftv1.NewPackagesClient(conn)
	for _, path := range []string{"shared/new.csv", "shared/../x.weft", "/shared/x.weft", "shared/CON.weft", "shared/a?.weft", ""} {
		_, err := c.CreatePackage(ctx, &weftv1.CreatePackageRequest{Path: path})
		refused(t, err, errs.Invalid)
	}
	_, err := c.CreatePackage(ctx, &weftv1.CreatePackageRequest{Path: "mallory/x.weft"})
	refused(t, err, errs.Denied)
	if _, err := c.CreatePackage(ctx, &weftv1.CreatePackageRequest{Path: "shared/новый.weft", Label: "A: new"}); err != nil {
		t.Fatal(err)
	}
	_, err = c.CreatePackage(ctx, &weftv1.CreatePackageRequest{Path: "shared/новый.weft"})
	refused(t, err, errs.Exists)
	ann := edit(t, conn, "shared/новый.weft")
	ann.until("the snapshot", func() bool { return ann.snapshots == 1 })
	ann.do("1", pack.AddNode{Workflow: "main", Node: pack.Node{ID: "a", Component: "x"}})
	for i, path := range []string{"", "shared/copy.weft"} {
		a, err := ann.SavePackage(ctx, &weftv1.SavePackageRequest{Document: ann.document, Path: path})
		if err != nil || a.GetNumber() != 1 {
			t.Fatal(i, a, err)
		}
	}
	_, err = ann.SavePackage(ctx, &weftv1.SavePackageRequest{Document: ann.document, Path: "shared/copy.weft"})
	refused(t, err, errs.Exists)
	_, err = ann.SavePackage(ctx, &weftv1.SavePackageRequest{Document: ann.document, Path: "mallory/copy.weft"})
	refused(t, err, errs.Denied)
	want := "weft: 1\nlabel: \"A: new\"\nworkflows:\n  main:\n    nodes:\n      a:\n        component: x\n"
	for _, path := range []string{"shared/новый.weft", "shared/copy.weft"} {
		got, err := os.ReadFile(s.path(path))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s %v", path, got, err)
		}
	}
	ann.until("it is saved", func() bool { return ann.file.GetSaved() == 1 })
}

// TestPackagesOfStrangers is abuse case 24.
func TestPackagesOfStrangers(t *testing.T) {
	s := newSite(t, nil)
	nodes := func(n int) string {
		var b strings.Builder
		b.WriteString("weft: 1\nworkflows:\n  main:\n    nodes:\n")
		for i := range n {
			fmt.Fprintf(&b, "      n%d: {component: x}\n", i)
		}
		return b.String()
	}
	head := "weft: 1\nworkflows:\n  main:\n    nodes:\n"
	for _, c := range []struct {
		name, text string
		line       uint32 // of the error; 0: it opens
	}{
		{"too many nodes", nodes(100_001), 3},
		{"a cycle", head + "      a: {component: x, input: b}\n      b: {component: x, input: a}\n", 5},
		{"a node of itself", head + "      a: {component: x, input: a}\n", 5},
		{"unknown component", head + "      a: {component: no.such.thing@7, settings: {odd: [1]}}\n", 0},
		{"script in a label", head + "      a: {component: x, label: \"<script>alert(1)</script>\"}\n", 0},
		{"a device's path", head + "      a: {component: input.text, settings: {path: 'C:\\CON'}}\n", 0},
		{"an alias", head + "      a: &a {component: x}\n      b: *a\n", 5},
		{"keys twice", head + "      a: {component: x, component: y}\n", 5},
		{"nested", "weft: 1\nlabel: " + strings.Repeat("[", 200) + "\n", 2},
		{"no text", "weft: 1\nlabel: \xff\xfe\n", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(s.path("shared/s.weft"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			e := edit(t, s.websocket(t, "ann"), "shared/s.weft")
			if c.line == 0 {
				e.until("the snapshot", func() bool { return e.snapshots == 1 })
				e.do(fmt.Sprint(c.name), pack.Rename{Label: "touched"})
				e.until("it is saved", func() bool { return e.file.GetSaved() == 1 })
				got, err := os.ReadFile(s.path("shared/s.weft"))
				if err != nil || strings.Contains(c.text, "no.such.thing") && !strings.Contains(string(got), "component: no.such.thing@7\n        settings: {odd: [1]}") && !strings.Contains(string(got), "odd: [1]") {
					t.Errorf("%s %v", got, err)
				}
				e.close()
				s.left(t, "shared/s.weft")
				if err := s.hub.Removed(context.Background(), "shared/s.weft", "root"); err != nil {
					t.Fatal(err)
				}
				return
			}
			e.until("the refusal", func() bool { return e.err != nil })
			if told := refused(t, e.err, errs.Invalid); told.GetPlace().GetLine() < c.line || told.GetPlace().GetColumn() == 0 {
				t.Error(told)
			}
		})
	}
}

// left waits until nobody has a package open.
func (s *site) left(t *testing.T, path string) {
	t.Helper()
	d, err := s.hub.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Release()
	for state := d.State(); len(state.Presence) > 0; state = d.State() {
		<-d.News(state.Version)
	}
}

// wrong is Problems that have one for each node.
type wrong struct{ asked atomic.Int64 }

var msgWrong = errs.Message{ID: "server.test_wrong", En: "Wrong.", Ru: "Неверно."}

func (w *wrong) Problems(ctx context.Context, account string, d preview.Document) (int64, errs.List, error) {
	w.asked.Add(1)
	p, n := d.Current()
	if account == "" {
		return 0, nil, errors.New("whose?")
	}
	var list errs.List
	for _, node := range p.Workflows[0].Nodes {
		list = append(list, errs.New(errs.Invalid, msgWrong, nil).At(errs.Place{Node: node.ID}))
	}
	return n, list, ctx.Err()
}

// TestProblems are told after changes, and not after each of many.
func TestProblems(t *testing.T) {
	w := &wrong{}
	s := newSite(t, w)
	ann := edit(t, s.websocket(t, "ann"), "shared/p.weft")
	ann.until("the first problems", func() bool { return len(ann.problems.GetErrors()) == 2 })
	before := w.asked.Load()
	for i := range 250 {
		ann.do(fmt.Sprint(i), pack.AddNode{Workflow: "main", Node: pack.Node{ID: fmt.Sprint("n", i), Component: "x"}})
	}
	ann.until("the last problems", func() bool { return ann.problems.GetNumber() == 250 })
	if len(ann.problems.GetErrors()) != 200 || ann.problems.GetOmitted() != 52 {
		t.Error(len(ann.problems.GetErrors()), ann.problems.GetOmitted())
	}
	if n := w.asked.Load() - before; n > 100 {
		t.Errorf("asked %d times for 250 changes", n)
	}
}

// TestSlowReaders get the whole instead of a queue.
func TestSlowReaders(t *testing.T) {
	s := newSite(t, nil)
	stuck := make(chan struct{})
	release := sync.OnceFunc(func() { close(stuck) })
	defer release()
	var first atomic.Bool
	slow := edit(t, s.overTCP(t, "bob"), "shared/p.weft", func(m *weftv1.OpenPackageResponse) bool {
		if m.GetEvent() != nil && first.CompareAndSwap(false, true) {
			<-stuck
		}
		return false
	})
	ann := edit(t, s.websocket(t, "ann"), "shared/p.weft")
	for _, e := range []*editor{ann, slow} {
		e.until("the snapshot", func() bool { return e.snapshots == 1 })
	}
	text := strings.Repeat("x", 100<<10)
	for i := range 150 {
		ann.do(fmt.Sprint(i), pack.SetSetting{Workflow: "main", Node: "a", Path: pack.Path{{Key: "k"}}, Value: pack.Text(fmt.Sprint(i, text))})
	}
	release()
	ann.at(150)
	slow.at(150)
	if slow.snapshots != 2 || slow.copyOf() != ann.copyOf() {
		t.Error(slow.snapshots, "snapshots")
	}
}

// A package that is renamed under whoever has it open goes on at its new place,
// and is found there by those who come back with its id.
func TestRenamedUnderneath(t *testing.T) {
	s := newSite(t, nil)
	ann := edit(t, s.websocket(t, "ann"), "shared/p.weft")
	ann.until("the snapshot", func() bool { return ann.snapshots == 1 })
	ann.do("1", pack.Rename{Label: "mine"})
	ann.until("where the file is", func() bool { return ann.file.GetPath() == "shared/p.weft" && ann.file.GetSaved() == 1 })
	if err := os.Rename(s.path("shared/p.weft"), s.path("shared/q.weft")); err != nil {
		t.Fatal(err)
	}
	ann.until("its new place", func() bool { return ann.file.GetPath() == "shared/q.weft" && ann.file.GetConflict() == nil })
	open := func(name, id string) (*weftv1.OpenPackageResponse, error) {
		stream, err := weftv1.NewPackagesClient(s.websocket(t, name)).OpenPackage(t.Context(), &weftv1.OpenPackageRequest{Path: "shared/p.weft", Document: id})
		if err != nil {
			return nil, err
		}
		return stream.Recv()
	}
	if m, err := open("vera", ann.document); err != nil || m.GetOpened().GetDocument() != ann.document {
		t.Error(m, err)
	}
	_, err := open("vera", "")
	refused(t, err, errs.NotFound)
	if err := s.auth.Owner().Grant(t.Context(), "/shared", auth.Subject{Name: "vera"}, 0); err != nil {
		t.Fatal(err)
	}
	_, err = open("vera", ann.document)
	refused(t, err, errs.Denied)
}
