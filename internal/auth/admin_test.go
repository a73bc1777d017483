package auth

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/sqlite"
)

func TestFirstFile(t *testing.T) {
	w := newWorld(t)
	file := filepath.Join(filepath.Dir(w.file), "first-passwords")
	info, err := os.Stat(file)
	w.ok(err)
	text, err := os.ReadFile(file)
	w.ok(err)
	if info.Mode().Perm() != 0o600 || len(w.first) != 3 {
		t.Errorf("mode %v, %d accounts", info.Mode(), len(w.first))
	}
	for name, secret := range w.first {
		if !strings.Contains(string(text), name+" "+secret+"\n") {
			t.Errorf("the file lacks %s", name)
		}
	}
	for _, suffix := range []string{"", "-wal"} { // nothing of them in the store
		data, err := os.ReadFile(w.file + suffix)
		w.ok(err)
		for name, secret := range w.first {
			if strings.Contains(string(data), secret) {
				t.Errorf("the store%s holds the secret of %s", suffix, name)
			}
		}
	}
}

// Where the passwords can't be written, nobody is made whom nobody knows.
func TestFirstFileFails(t *testing.T) {
	dir := t.TempDir()
	db, err := sqlite.Open(t.Context(), sqlite.Options{File: filepath.Join(dir, "store.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a := New(db.Store(), Options{Cost: cheap})
	_, err = a.First(t.Context(), filepath.Join(dir, "store.db", "first")) // below a file
	if e, ok := errors.AsType[*errs.Error](err); !ok || e.Message.ID != msgFirstFile.ID {
		t.Fatalf("got %v", err)
	}
	if list, err := a.Owner().Accounts(t.Context(), "", 9); err != nil || len(list) != 0 {
		t.Errorf("accounts %v, %v", list, err)
	}
	if c, err := a.First(t.Context(), filepath.Join(dir, "first")); err != nil || len(c) != 3 {
		t.Errorf("the next start: %v, %v", c, err)
	}
}

func TestAccounts(t *testing.T) {
	w := newWorld(t)
	m := w.Owner()
	_, _, err := m.CreateAccount(w.ctx, "ADMIN", store.User)
	w.refused(err, errs.Exists, msgTaken)
	_, _, err = m.CreateAccount(w.ctx, "a b", store.User)
	w.refused(err, errs.Invalid, msgName)
	_, _, err = m.CreateAccount(w.ctx, "ivan", "usr")
	w.refused(err, errs.Invalid, msgRole)
	if text := errs.All(err)[0].Text("ru"); !strings.Contains(text, "user") {
		t.Errorf("no suggestion: %s", text)
	}
	maria := w.person("maria", store.User)
	password, err := m.ResetPassword(w.ctx, maria.Account)
	w.ok(err)
	w.denied(w.Check(w.ctx, maria, OwnSession, ""), msgReset)
	s, err := w.try("maria", password)
	w.ok(err)
	if !s.Caller.MustChange {
		t.Error("the new password need not be changed")
	}
	service, err := m.Account(w.ctx, "Service")
	w.ok(err)
	_, err = m.ResetPassword(w.ctx, service.ID)
	w.refused(err, errs.Invalid, msgNoPassword)
	w.refused(m.SetRole(w.ctx, service.ID, store.Admin), errs.Invalid, msgServiceRole)
	w.refused(m.SetRole(w.ctx, "none", store.Admin), errs.NotFound, msgNoAccount)
	admin, err := m.Account(w.ctx, "admin")
	w.ok(err)
	w.refused(m.SetDisabled(w.ctx, admin.ID, true), errs.Conflict, msgLastAdmin)
	w.refused(m.SetRole(w.ctx, admin.ID, store.Viewer), errs.Conflict, msgLastAdmin)
	w.refused(m.RemoveAccount(w.ctx, admin.ID), errs.Conflict, msgLastAdmin)
	w.ok(m.RemoveAccount(w.ctx, maria.Account))
	list, err := m.Accounts(w.ctx, "ADMIN", 9)
	w.ok(err)
	if len(list) != 2 || list[0].Name != "service" || list[1].Name != "user" || list[1].Password != "" {
		t.Errorf("accounts %+v", list)
	}
}

func TestAdminister(t *testing.T) {
	w := newWorld(t)
	root, maria := w.person("root", store.Admin), w.person("maria", store.User)
	_, err := w.Administer(w.ctx, maria)
	w.denied(err, msgMay)
	m, err := w.Administer(w.ctx, root)
	w.ok(err)
	w.ok(m.SetRole(w.ctx, maria.Account, store.Viewer))
	w.pass(15 * time.Minute)
	_, err = w.Administer(w.ctx, root)
	w.denied(err, msgConfirm)
	w.ok(w.Check(w.ctx, root, ReadFiles, "/maria")) // the rest goes on
	until, err := w.Confirm(w.ctx, root, secretOf("root"))
	w.ok(err)
	if until != w.now().Add(ConfirmFor) {
		t.Errorf("until %v", until)
	}
	_, err = w.Administer(w.ctx, root)
	w.ok(err)
	root.Role = store.Admin // what a caller remembers is not asked
	w.ok(w.Owner().SetRole(w.ctx, root.Account, store.User))
	_, err = w.Administer(w.ctx, root)
	w.denied(err, msgNewRole)
}

func TestTokens(t *testing.T) {
	w := newWorld(t)
	m := w.Owner()
	service, err := m.Account(w.ctx, "service")
	w.ok(err)
	made, second, err := m.CreateToken(w.ctx, NewToken{Account: service.ID, Kind: store.ServiceToken, Label: "new host"})
	w.ok(err)
	if !strings.HasPrefix(second, "weft_") || made.Expires != w.now().AddDate(0, 0, 365) || made.Hash != nil {
		t.Errorf("token %s %+v", second, made)
	}
	_, _, err = m.CreateToken(w.ctx, NewToken{Account: service.ID, Kind: store.ServiceToken})
	w.refused(err, errs.Exists, msgTokens)
	for _, secret := range []string{w.first["service"], second} { // two hold at once
		_, err = w.Program(w.ctx, "service", secret)
		w.ok(err)
	}
	list, err := m.Tokens(w.ctx, service.ID)
	w.ok(err)
	if len(list) != 2 || list[0].Used != w.now() || list[0].Hash != nil {
		t.Errorf("tokens %+v", list)
	}
	c, err := w.Program(w.ctx, "SERVICE", second)
	w.ok(err)
	again, err := w.Referred(w.ctx, c.Ref())
	w.ok(err)
	if again.Token != made.ID || again.Name != "service" {
		t.Errorf("caller %+v", again)
	}
	w.ok(m.RevokeToken(w.ctx, made.ID))
	w.refused(m.RevokeToken(w.ctx, made.ID), errs.NotFound, msgNoToken)
	w.denied(w.Check(w.ctx, c, OwnIdentity, ""), msgEnded)
	for name, try := range map[string][2]string{
		"revoked": {"service", second}, "another's": {"admin", w.first["service"]}, "no prefix": {"service", strings.TrimPrefix(w.first["service"], "weft_")},
		"empty": {"service", ""}, "guessed": {"service", "weft_abc"},
	} {
		if _, err := w.Program(w.ctx, try[0], try[1]); err == nil || errs.All(err)[0].Message.ID != msgWrongToken.ID {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.External(w.ctx, w.first["service"])
	w.denied(err, msgWrongToken)
	for days, want := range map[int]*errs.Message{-1: &msgTokenDays, 4000: &msgTokenDays, 1: nil} {
		_, _, err := m.CreateToken(w.ctx, NewToken{Account: service.ID, Kind: store.ServiceToken, Days: days})
		if want == nil {
			w.ok(err)
		} else {
			w.refused(err, errs.Invalid, *want)
		}
	}
	user, err := m.Account(w.ctx, "user")
	w.ok(err)
	_, _, err = m.CreateToken(w.ctx, NewToken{Account: user.ID, Kind: store.ServiceToken})
	w.refused(err, errs.Invalid, msgTokenFor)

	w.pass(364 * 24 * time.Hour)
	_, err = w.Program(w.ctx, "service", w.first["service"])
	w.ok(err)
	w.ok(m.SetDisabled(w.ctx, service.ID, true))
	_, err = w.Program(w.ctx, "service", w.first["service"])
	w.denied(err, msgWrongToken)
	w.ok(m.SetDisabled(w.ctx, service.ID, false))
	w.pass(24 * time.Hour)
	_, err = w.Program(w.ctx, "service", w.first["service"])
	w.denied(err, msgWrongToken) // expired
}

// What another process changes (weft admin beside a Server) holds at the next
// call.
func TestTwoProcesses(t *testing.T) {
	w := newWorld(t)
	c := w.person("maria", store.User)
	db, err := sqlite.Open(w.ctx, sqlite.Options{File: w.file})
	w.ok(err)
	defer db.Close()
	other := New(db.Store(), Options{Cost: cheap})
	w.ok(other.Owner().Grant(w.ctx, "/maria", Subject{Name: "maria"}, store.Read))
	w.denied(w.Check(w.ctx, c, WriteFiles, "/maria/x"), msgFolder)
	w.ok(other.Owner().SetDisabled(w.ctx, c.Account, true))
	w.denied(w.Check(w.ctx, c, ReadFiles, "/maria/x"), msgDisabled)
}

// Two that start at once make one set of accounts, and the file is theirs.
func TestFirstTogether(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "first")
	var wg sync.WaitGroup
	var made [4][]Credential
	for i := range made {
		db, err := sqlite.Open(t.Context(), sqlite.Options{File: filepath.Join(dir, "store.db")})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		a := New(db.Store(), Options{Cost: cheap})
		wg.Go(func() {
			var err error
			if made[i], err = a.First(t.Context(), file); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all := slices.Concat(made[:]...)
	text, err := os.ReadFile(file)
	if err != nil || len(all) != 3 || !strings.Contains(string(text), all[0].Secret) {
		t.Errorf("%d credentials, file %q, %v", len(all), text, err)
	}
}
