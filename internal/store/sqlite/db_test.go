package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-sqlite3"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/leak"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/storetest"
)

func TestMain(m *testing.M) {
	if file := os.Getenv("WEFT_TEST_WRITER"); file != "" {
		writeForEver(file)
	}
	leak.Main(m)
}

// openAt opens a store for a test, which closes it.
func openAt(t *testing.T, file string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{File: file})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) (store.Store, func() store.Store) {
		file := filepath.Join(t.TempDir(), "a folder", "50% of? #1.db") // signs that mean something in a URI
		db := openAt(t, file)
		return db.Store(), func() store.Store {
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			return openAt(t, file).Store()
		}
	})
}

func add(t *testing.T, db *DB, id string) {
	t.Helper()
	if err := db.Store().Accounts.Add(t.Context(), store.Account{ID: id, Name: id, Key: id, Role: store.User}); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(dir, "store.db")
	db := openAt(t, file)
	add(t, db, "a")
	if err := db.Backup(t.Context(), file+".copy"); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err := filepath.Walk(dir, func(name string, info os.FileInfo, err error) error {
		if err == nil {
			got[filepath.Base(name)] = info.Mode().Perm().String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"data": "-rwx------", "store.db": "-rw-------", "store.db-wal": "-rw-------", "store.db-shm": "-rw-------", "store.db.copy": "-rw-------",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOpenFilesOfOthersAreShut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store.db")
	if err := openAt(t, file).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	openAt(t, file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
}

func TestSettingsOfEveryConnection(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	shared := map[string]string{
		"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "foreign_keys": "1", "trusted_schema": "0",
		"secure_delete": "1", "mmap_size": "0", "cell_size_check": "1",
	}
	for name, want := range shared {
		for _, p := range []struct {
			who string
			row interface{ Scan(...any) error }
		}{
			{"writer", db.write.QueryRowContext(t.Context(), "PRAGMA "+name)},
			{"reader", db.read.QueryRowContext(t.Context(), "PRAGMA "+name)},
		} {
			var got string
			if err := p.row.Scan(&got); err != nil || got != want {
				t.Errorf("%s of the %s: got %q, %v, want %q", name, p.who, got, err, want)
			}
		}
	}
	if _, err := db.read.ExecContext(t.Context(), "DELETE FROM accounts"); err == nil {
		t.Error("a reader could write")
	}
	var loose []string
	rows, err := db.read.QueryContext(t.Context(), "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		loose = append(loose, n)
	}
	if len(loose) > 0 || rows.Err() != nil {
		t.Errorf("tables that are not strict: %v, %v", loose, rows.Err())
	}
}

// wantRefused opens a file that must be refused with a message, in both
// languages, and must stay as it is.
func wantRefused(t *testing.T, file string, want errs.Message) {
	t.Helper()
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), Options{File: file})
	if err == nil {
		_ = db.Close()
		t.Fatal("opened")
	}
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Message.ID != want.ID {
		t.Fatalf("got %v, want %s", err, want.ID)
	}
	for _, lang := range []string{"en", "ru"} {
		if text := e.Text(lang); strings.Contains(text, "{") || !strings.Contains(text, file) {
			t.Errorf("message %q", text)
		}
	}
	if after, err := os.ReadFile(file); err != nil || !cmp.Equal(before, after) {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestRefused(t *testing.T) {
	closed := func(t *testing.T, change string) string {
		file := filepath.Join(t.TempDir(), "store.db")
		db := openAt(t, file)
		for i := range 200 {
			add(t, db, fmt.Sprint("account", i))
		}
		if _, err := db.write.ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return file
	}
	t.Run("no database", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "store.db")
		if err := os.WriteFile(file, []byte(strings.Repeat("some text ", 500)), 0o600); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, file, msgForeign)
	})
	t.Run("a folder", func(t *testing.T) {
		dir := t.TempDir()
		_, err := Open(t.Context(), Options{File: dir})
		if e, ok := errors.AsType[*errs.Error](err); !ok || e.Message.ID != msgForeign.ID {
			t.Errorf("got %v", err)
		}
	})
	t.Run("another program's", func(t *testing.T) {
		wantRefused(t, closed(t, "PRAGMA application_id = 7"), msgForeign)
	})
	t.Run("newer", func(t *testing.T) {
		wantRefused(t, closed(t, "PRAGMA user_version = 1000"), msgNewer)
	})
	t.Run("damaged", func(t *testing.T) {
		file := closed(t, "PRAGMA user_version = 1")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 4096 + 8; i < len(data); i += 3 {
			data[i] ^= 0x5a
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		// A log that nobody wrote back tells of an unclean stop.
		if err := os.WriteFile(file+"-wal", []byte("torn"), 0o600); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, file, msgDamaged)
	})
}

func TestMigration(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store.db")
	db := openAt(t, file)
	add(t, db, "a")
	scripts, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	now := len(scripts)
	broken := append(scripts, "CREATE TABLE extra (a TEXT) STRICT; INSERT INTO extra VALUES ('x')", "CREATE TABLE worse (; ")
	if err := db.migrateBy(t.Context(), now, broken); err == nil {
		t.Fatal("a broken script went through")
	}
	version := func(db *DB) (v int) {
		if err := db.read.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if got := version(db); got != now+1 {
		t.Errorf("version %d after the good step, want %d", got, now+1)
	}
	if err := db.migrateBy(t.Context(), now, broken[:now+1]); err != nil { // as another process that began earlier
		t.Error(err)
	}
	old := openAt(t, fmt.Sprintf("%s.version-%d", file, now))
	if got := version(old); got != now {
		t.Errorf("the copy has version %d, want %d", got, now)
	}
	if _, err := old.Store().Accounts.ByID(t.Context(), "a"); err != nil {
		t.Errorf("the copy lacks the account: %v", err)
	}
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "store.db"))
	add(t, db, "a")
	file := filepath.Join(dir, "copy.db")
	for range 2 { // the second takes the first one's place
		if err := db.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := openAt(t, file).Store().Accounts.ByID(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	err := db.Backup(t.Context(), filepath.Join(dir, "missing", "copy.db"))
	if e, ok := errors.AsType[*errs.Error](err); !ok || e.Message.ID != msgBackup.ID {
		t.Errorf("got %v", err)
	}
}

func TestTwoProcessesShareAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store.db")
	one, two := openAt(t, file), openAt(t, file)
	add(t, one, "a")
	if _, err := two.Store().Accounts.ByID(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	add(t, two, "b")
	if _, err := one.Store().Accounts.ByID(t.Context(), "b"); err != nil {
		t.Error(err)
	}
}

func TestContextEnds(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Store().Accounts.Remove(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := db.Store().Accounts.List(ctx, "", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLibrary(t *testing.T) {
	var major, minor, patch int
	if _, err := fmt.Sscanf(Least, "%d.%d.%d", &major, &minor, &patch); err != nil || major*1_000_000+minor*1_000+patch != leastNumber {
		t.Errorf("%s is not %d: %v", Least, leastNumber, err)
	}
	if version, number, _ := sqlite3.Version(); number < leastNumber {
		t.Errorf("linked SQLite %s", version)
	}
}

// wantMessage wants an error of the store with its kind and message.
func wantMessage(t *testing.T, err error, kind errs.Kind, want errs.Message) {
	t.Helper()
	if e, ok := errors.AsType[*errs.Error](err); !ok || e.Kind != kind || e.Message.ID != want.ID {
		t.Errorf("got %v, want %s %s", err, kind, want.ID)
	}
}

func TestFullDisk(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	add(t, db, "before")
	if _, err := db.write.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil { // as many as there are
		t.Fatal(err)
	}
	long := store.Account{ID: "long", Name: strings.Repeat("x", 1<<20), Key: "long", Role: store.User}
	wantMessage(t, db.Store().Accounts.Add(t.Context(), long), errs.Exhausted, msgFull)
	if list, err := db.Store().Accounts.List(t.Context(), "", 9); err != nil || len(list) != 1 {
		t.Errorf("accounts %v, %v", list, err)
	}
}

func TestBusy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store.db")
	one, two := openAt(t, file), openAt(t, file)
	tx, err := two.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one.write.ExecContext(t.Context(), "PRAGMA busy_timeout = 0"); err != nil {
		t.Fatal(err)
	}
	wantMessage(t, one.Store().Accounts.Remove(t.Context(), "a"), errs.Unavailable, msgBusy)
	if _, err := one.Store().Accounts.List(t.Context(), "", 9); err != nil { // readers don't wait
		t.Error(err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	add(t, one, "a")
}

func TestOpenTogether(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			db, err := Open(t.Context(), Options{File: file})
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Verify writes nothing, and refuses what Open would.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	db := openAt(t, filepath.Join(dir, "store.db"))
	add(t, db, "a")
	copies := filepath.Join(dir, "mode=rw") // a name that means something in a URI
	if err := os.Mkdir(copies, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(copies, "copy.db")
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := Verify(t.Context(), file); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(copies); err != nil || len(left) != 1 {
		t.Error(left, err)
	}
	other := filepath.Join(copies, "other.db")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if e, ok := errors.AsType[*errs.Error](Verify(t.Context(), other)); !ok || e.Message.ID != msgForeign.ID {
		t.Error(e)
	}
	if err := os.Truncate(file, 5000); err != nil {
		t.Fatal(err)
	}
	if e, ok := errors.AsType[*errs.Error](Verify(t.Context(), file)); !ok || e.Message.ID != msgDamaged.ID {
		t.Error(e)
	}
}
