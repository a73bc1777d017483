package document

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/pack"
)

const sample = "weft: 1\nlabel: Sample\nworkflows:\n  main:\n    nodes:\n      a:\n        component: x\n      b: {component: y, input: a}\n"

// fixture is a hub with one package.
type fixture struct {
	*Hub
	t    *testing.T
	dir  string
	name string
}

// quick looks at files often, so that tests don't wait.
func quick() Options {
	return Options{SaveAfter: 5 * time.Millisecond, Poll: 5 * time.Millisecond, Idle: time.Hour}
}

// slow never writes a file by itself.
func slow() Options { return Options{SaveAfter: time.Hour, Poll: time.Hour, Idle: time.Hour} }

func newFixture(t *testing.T, o Options) *fixture {
	t.Helper()
	f := &fixture{t: t, dir: t.TempDir(), name: "user/p.weft"}
	f.start(o)
	if err := os.MkdirAll(filepath.Join(f.dir, "files", "user"), 0o755); err != nil {
		t.Fatal(err)
	}
	f.writeFile(sample)
	t.Cleanup(f.stop)
	return f
}

func (f *fixture) start(o Options) {
	o.Root, o.Journals = filepath.Join(f.dir, "files"), filepath.Join(f.dir, "journals")
	f.Hub = New(o)
}

func (f *fixture) stop() {
	f.t.Helper()
	if err := f.Close(context.Background()); err != nil {
		f.t.Error(err)
	}
}

// restart closes the hub and begins with the same folders.
func (f *fixture) restart(o Options) {
	f.t.Helper()
	f.stop()
	f.start(o)
}

// crash leaves the hub as a kill would, but for its goroutines.
func (f *fixture) crash(o Options, docs ...*Document) {
	f.t.Helper()
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	for _, d := range docs {
		f.retire(d, true)
		d.quitOnce.Do(func() { close(d.quit) }) // ends without writing the file
		<-d.closed
	}
	f.start(o)
}

func (f *fixture) file() string { return filepath.Join(f.dir, "files", filepath.FromSlash(f.name)) }

func (f *fixture) writeFile(text string) {
	f.t.Helper()
	if err := os.WriteFile(f.file(), []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) readFile() string {
	f.t.Helper()
	b, err := os.ReadFile(f.file())
	if err != nil {
		f.t.Fatal(err)
	}
	return string(b)
}

func (f *fixture) open() *Document {
	f.t.Helper()
	d, err := f.Open(context.Background(), f.name)
	if err != nil {
		f.t.Fatal(err)
	}
	return d
}

func label(account, text string) Request {
	return Request{Account: account, Name: "name of " + account, Command: pack.Rename{Label: text}}
}

func do(t *testing.T, d *Document, r Request) Answer {
	t.Helper()
	a, err := d.Do(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// until waits for a state that fits.
func until(t *testing.T, d *Document, fits func(State) bool) State {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		s := d.State()
		if fits(s) {
			return s
		}
		select {
		case <-d.News(s.Version):
		case <-limit:
			t.Fatalf("the state stays %+v", s)
		}
	}
}
