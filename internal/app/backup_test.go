package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/document"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/store/journal"
)

// backUp saves the data folder dir into a new folder.
func backUp(ctx context.Context, t *testing.T, dir, to string) (Saved, error) {
	t.Helper()
	a, err := OpenAdmin(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	return a.Backup(ctx, to, "test")
}

func messageID(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Message.ID
	}
	return fmt.Sprint(err)
}

// relabel changes a package until stop is closed; each label is the number of
// its event. acknowledged is the latest.
func relabel(t *testing.T, d *document.Document, acknowledged *atomic.Int64, stop <-chan struct{}) {
	for n := acknowledged.Load() + 1; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		a, err := d.Do(context.Background(), document.Request{Account: "ann", Name: "ann", Command: pack.Rename{Label: strconv.FormatInt(n, 10)}})
		if err != nil || a.Number != n {
			t.Error(a, err)
			return
		}
		acknowledged.Store(n)
	}
}

// busy has packages edited and files written, moved and removed.
type busy struct {
	docs  []*document.Document
	acked []*atomic.Int64
	stop  func()
}

func makeBusy(t *testing.T, s *runningServer) *busy {
	t.Helper()
	b := &busy{}
	var work sync.WaitGroup
	stop := make(chan struct{})
	for i := range 3 {
		path := fmt.Sprintf("user/p%d.weft", i)
		if err := s.hub.Create(path, ""); err != nil {
			t.Fatal(err)
		}
		d, err := s.hub.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		n := &atomic.Int64{}
		b.docs, b.acked = append(b.docs, d), append(b.acked, n)
		work.Go(func() { relabel(t, d, n, stop) })
		work.Go(func() { // files are written more often than people do
			for saved := int64(0); ; {
				select {
				case <-stop:
					return
				case <-d.Changed(n.Load()):
				}
				if n.Load() < saved+20 {
					continue
				}
				var err error
				if saved, err = d.Save(false); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	work.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := s.tree.Write("user/changing.csv", bytes.Repeat([]byte{byte('a' + i%26)}, 100_000), true); err != nil {
				t.Error(err)
				return
			}
		}
	})
	b.stop = sync.OnceFunc(func() {
		close(stop)
		work.Wait()
		for _, d := range b.docs {
			d.Release()
		}
	})
	t.Cleanup(b.stop)
	return b
}

// A backup of a Server under edits and writes has all that was acknowledged
// before, and what a Server makes of it is as that one was: packages with the
// changes that were in no file, what can be undone, accounts and files. Nobody
// is signed in any more.
func TestBackupOfARunningServer(t *testing.T) {
	s := startServer(t)
	welcome, err := s.person(t, "user").Welcome(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.tree.Write("user/data.csv", []byte("a,b\n1,2\n"), false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.tree.MakeFolder("user/empty"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(s.Folder(), "workspace", "user", "link")); err != nil {
		t.Fatal(err)
	}
	b := makeBusy(t, s)
	for round := range 3 {
		var least [3]int64
		for i, n := range b.acked {
			for n.Load() < int64(20*(round+1)) {
				<-b.docs[i].Changed(n.Load())
			}
			least[i] = n.Load()
		}
		to := filepath.Join(t.TempDir(), "backup")
		saved, err := backUp(t.Context(), t, s.Folder(), to)
		if err != nil {
			t.Fatal(err)
		}
		if saved.Journals != 3 || saved.Files != 5 || len(saved.Damaged) > 0 {
			t.Errorf("%+v", saved)
		}
		if round == 2 {
			b.stop()
		}
		data := filepath.Join(t.TempDir(), "data")
		if _, err := Restore(t.Context(), to, data); err != nil {
			t.Fatal(err)
		}
		seeRestored(t, data, least, welcome.GetSessionToken())
	}
}

func seeRestored(t *testing.T, data string, least [3]int64, session string) {
	t.Helper()
	s := startServer(t, func(c *ServerConfig) { c.Data = data })
	defer s.stop()
	for i, n := range least {
		d, err := s.hub.Open(t.Context(), fmt.Sprintf("user/p%d.weft", i))
		if err != nil {
			t.Fatal(err)
		}
		p, number := d.Current()
		state := d.State()
		if number < n || p.Label != strconv.FormatInt(number, 10) || state.File.Conflict != nil || state.Refusal != nil {
			t.Errorf("package %d: event %d of at least %d, label %s, %+v", i, number, n, p.Label, state)
		}
		if _, err := d.Undo(t.Context(), document.Request{Account: "ann"}); err != nil {
			t.Error(err)
		}
		if p, _ := d.Current(); p.Label != strconv.FormatInt(number-1, 10) {
			t.Errorf("undone: %s after %d", p.Label, number)
		}
		d.Release()
	}
	if text, _, err := s.tree.Read("user/data.csv", 100); string(text) != "a,b\n1,2\n" {
		t.Error(string(text), err)
	}
	if text, _, err := s.tree.Read("user/changing.csv", 1e6); len(text) != 100_000 || len(bytes.Trim(text, string(text[:1]))) > 0 {
		t.Error("a file that changed is not as it was at one moment", len(text), err)
	}
	if e, err := s.tree.Stat("user/empty"); !e.Folder {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(data, "workspace", "user", "link")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a link was saved", err)
	}
	conn := s.dial(t, byPassword("user", changed))
	if me := ask(t, weftv1.NewSessionClient(conn).WhoAmI, &weftv1.WhoAmIRequest{}); me.GetCaller().GetName() != "user" {
		t.Error(me)
	}
	if _, err := s.auth.Enter(t.Context(), session); err == nil {
		t.Error("a session of before lets in")
	}
	seeModes(t, data)
}

// seeModes sees that all is its owner's alone.
func seeModes(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Error(path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A journal that is written to and shortened all the time is saved whole, with
// all that was acknowledged before.
func TestJournalsUnderCompaction(t *testing.T) {
	data := t.TempDir()
	dir := filepath.Join(data, "journals", "x")
	j, _, err := journal.Open(journal.OS{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "document.json"), []byte(`{"path":"user/p.weft"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var acknowledged atomic.Int64
	stop := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		for n := int64(1); ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			err := j.Append(context.Background(), journal.Record{Seq: n, Type: 1, Payload: bytes.Repeat([]byte{'x'}, int(n%7000))})
			if n%5 == 0 && err == nil {
				err = j.Snapshot(context.Background(), n-2, []byte("state"))
			}
			if err != nil {
				t.Error(err)
				return
			}
			acknowledged.Store(n)
		}
	})
	for range 40 {
		least := acknowledged.Load()
		b := &backup{done: map[string]bool{}}
		if err := b.begin(data, filepath.Join(t.TempDir(), "backup")); err != nil {
			t.Fatal(err)
		}
		if err := b.journals(t.Context()); err != nil {
			t.Error(err)
		}
		state, err := journal.Read(journal.OS{}, filepath.Join(b.draft, "journals", "x"))
		if err != nil || state.Seq() < least || len(b.saved.Damaged) > 0 {
			t.Errorf("%v of at least %d: %v", state.Seq(), least, err)
		}
		if err := b.end(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	work.Wait()
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// stillData is the data folder of a Server that has ended, with a package.
func stillData(t *testing.T) string {
	t.Helper()
	s := startServer(t)
	if err := s.tree.EnsureTop("user"); err != nil {
		t.Fatal(err)
	}
	if err := s.hub.Create("user/p.weft", ""); err != nil {
		t.Fatal(err)
	}
	d, err := s.hub.Open(t.Context(), "user/p.weft")
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{"one", "two", "three"} {
		if _, err := d.Do(t.Context(), document.Request{Account: "ann", Command: pack.Rename{Label: label}}); err != nil {
			t.Fatal(err)
		}
	}
	d.Release()
	s.stop()
	return s.Folder()
}

// restless is a context during which somebody writes to a file all the time.
type restless struct {
	context.Context
	log *os.File
}

func (r restless) Err() error {
	_, _ = r.log.WriteString("and so on\n")
	return r.Context.Err()
}

// Where no backup can be made, nothing is left of it.
func TestBackupIsRefused(t *testing.T) {
	data := stillData(t)
	place := t.TempDir()
	full := filepath.Join(place, "full")
	if err := os.MkdirAll(filepath.Join(full, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx      context.Context
		to, want string
	}{
		{t.Context(), full, "app.backup_target"},
		{t.Context(), filepath.Join(full, "x", "no", "parent"), "app.backup_write"},
		{t.Context(), filepath.Join(data, "workspace", "user", "backup"), "app.backup_inside"},
		{canceled, filepath.Join(place, "b"), "context canceled"},
	} {
		if _, err := backUp(c.ctx, t, data, c.to); !strings.Contains(messageID(err), c.want) {
			t.Errorf("%s: %v", c.to, err)
		}
	}
	log, err := os.Create(filepath.Join(data, "workspace", "user", "log.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	_, err = backUp(restless{t.Context(), log}, t, data, filepath.Join(place, "b"))
	if messageID(err) != "app.backup_file" || !strings.Contains(err.Error(), "workspace/user/log.txt") {
		t.Error(err)
	}
	if left, err := os.ReadDir(place); err != nil || len(left) != 1 {
		t.Error(left, err)
	}
}

// A journal that is damaged where it lies stops no backup: it is saved as it
// is, and told.
func TestBackupOfADamagedJournal(t *testing.T) {
	data := stillData(t)
	files, err := filepath.Glob(filepath.Join(data, "journals", "*", "journal"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/3] ^= 1
	if err := os.WriteFile(files[0], text, 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "b")
	saved, err := backUp(t.Context(), t, data, to)
	if err != nil || fmt.Sprint(saved.Damaged) != "[user/p.weft]" {
		t.Errorf("%+v %v", saved, err)
	}
	if _, err := Restore(t.Context(), to, filepath.Join(t.TempDir(), "data")); err != nil {
		t.Error(err)
	}
}

// change has the list of a backup changed.
func changeList(t *testing.T, dir string, change func(*backupList)) {
	t.Helper()
	file := filepath.Join(dir, "backup.json")
	text, err := os.ReadFile(file)
	var l backupList
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	change(&l)
	if text, e := json.Marshal(l); err == nil && e == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A backup that is not whole is refused, and nothing is left in the data
// folder, nor is its parent touched.
func TestRestoreIsRefused(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good")
	if _, err := backUp(t.Context(), t, stillData(t), good); err != nil {
		t.Fatal(err)
	}
	at := func(dir string) string { return filepath.Join(dir, "workspace", "user", "p.weft") }
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string) error
		want  string
	}{
		"tampered": {func(_ *testing.T, dir string) error {
			text, err := os.ReadFile(at(dir))
			text[len(text)-2] ^= 1
			return errors.Join(err, os.WriteFile(at(dir), text, 0o600))
		}, "app.backup_damaged"},
		"missing": {func(_ *testing.T, dir string) error { return os.Remove(at(dir)) }, "app.backup_damaged"},
		"short":   {func(_ *testing.T, dir string) error { return os.Truncate(at(dir), 3) }, "app.backup_damaged"},
		"a link": {func(_ *testing.T, dir string) error {
			return errors.Join(os.Remove(at(dir)), os.Symlink("/etc/passwd", at(dir)))
		}, "app.backup_damaged"},
		"no list":  {func(_ *testing.T, dir string) error { return os.Remove(filepath.Join(dir, "backup.json")) }, "app.no_backup"},
		"cut list": {func(_ *testing.T, dir string) error { return os.Truncate(filepath.Join(dir, "backup.json"), 200) }, "app.no_backup"},
		"newer": {func(t *testing.T, dir string) error {
			changeList(t, dir, func(l *backupList) { l.Format++ })
			return nil
		}, "app.backup_newer"},
		"no store": {func(t *testing.T, dir string) error {
			changeList(t, dir, func(l *backupList) { l.Files = l.Files[:len(l.Files)-1] })
			return nil
		}, "app.no_backup"},
		"a way out": {func(t *testing.T, dir string) error {
			changeList(t, dir, func(l *backupList) { l.Files[0].Path = "workspace/../../x" })
			return nil
		}, "app.no_backup"},
		"a damaged store": {func(_ *testing.T, dir string) error {
			f, err := os.OpenFile(filepath.Join(dir, "weft.db"), os.O_WRONLY, 0)
			if err == nil {
				_, err = f.WriteAt(bytes.Repeat([]byte{0xff}, 9000), 4000)
			}
			return errors.Join(err, f.Close())
		}, "sqlite.damaged"},
		"no backup at all": {func(_ *testing.T, dir string) error { return os.RemoveAll(dir) }, "app.no_backup"},
	} {
		t.Run(name, func(t *testing.T) {
			place := t.TempDir()
			from := filepath.Join(place, "backup")
			if err := errors.Join(os.CopyFS(from, os.DirFS(good)), c.spoil(t, from)); err != nil {
				t.Fatal(err)
			}
			if _, err := Restore(t.Context(), from, filepath.Join(place, "data")); messageID(err) != c.want {
				t.Errorf("got %v", err)
			}
			empty := filepath.Join(place, "empty")
			if err := os.Mkdir(empty, 0o700); err != nil {
				t.Fatal(err)
			}
			if _, err := Restore(t.Context(), from, empty); messageID(err) != c.want {
				t.Errorf("got %v", err)
			}
			if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
				t.Error(left, err)
			}
			if _, err := os.Stat(filepath.Join(place, "data")); !errors.Is(err, fs.ErrNotExist) {
				t.Error("the data folder was made", err)
			}
		})
	}
}

// What holds something is never restored over, and a Server does not start on
// half a restore.
func TestRestoreIntoAFolder(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good")
	if _, err := backUp(t.Context(), t, stillData(t), good); err != nil {
		t.Fatal(err)
	}
	s := startServer(t)
	if _, err := Restore(t.Context(), good, s.Folder()); messageID(err) != "app.data_taken" {
		t.Error(err)
	}
	s.stop()
	if _, err := Restore(t.Context(), good, s.Folder()); messageID(err) != "app.restore_target" {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(s.Folder(), "weft.db")); err != nil {
		t.Error(err)
	}
	if err := os.Mkdir(filepath.Join(s.Folder(), "restore.new"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := openFolder(s.Folder(), "data.folder"); messageID(err) != "app.restore_cut" {
		t.Error(err)
	}
	empty := t.TempDir()
	done, err := Restore(t.Context(), good, empty)
	if err != nil || done.Dir != empty || done.Files < 4 || done.Made.IsZero() {
		t.Errorf("%+v %v", done, err)
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) != 4 { // and the lock
		t.Error(left, err)
	}
}
