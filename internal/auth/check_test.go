package auth

import (
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
	"github.com/weftworks/weft/internal/store/sqlite"
)

var update = flag.Bool("update", false, "write the wanted parts of testdata anew")

// TestMatrix asks for every right, as every role, on what is one's own, what
// is shared in part, what is another's and what is not there. The table is
// read like code: a line that changes is a decision.
func TestMatrix(t *testing.T) {
	w := newWorld(t)
	service, err := w.Owner().Account(w.ctx, "service")
	w.ok(err)
	_, external, err := w.Owner().CreateToken(w.ctx, NewToken{Account: service.ID, Kind: store.CallerToken, Label: "shop"})
	w.ok(err)
	w.ok(w.Owner().Revoke(w.ctx, "/", Subject{Name: "service"}))
	w.person("other", store.User)
	callers := map[string]Caller{
		"viewer": w.person("a-viewer", store.Viewer),
		"user":   w.person("a-user", store.User),
		"admin":  w.person("an-admin", store.Admin),
	}
	var program, caller error
	callers["service"], program = w.Program(w.ctx, "service", w.first["service"])
	callers["external"], caller = w.External(w.ctx, external)
	w.ok(program)
	w.ok(caller)
	own := map[string]string{}
	for who, c := range callers {
		own[who] = Home(c.Name) + "/x.weft"
		w.ok(w.Owner().Grant(w.ctx, "/shared/read", Subject{Name: c.Name}, store.Read))
		w.ok(w.Owner().Grant(w.ctx, "/shared/run", Subject{Name: c.Name}, store.Run))
	}
	w.ok(w.Owner().Grant(w.ctx, Home("service"), Subject{Name: "service"}, store.AllRights))

	var b strings.Builder
	fmt.Fprintf(&b, "%-18s%-10s%-9s%-9s%-9s%-9s%-9s\n", "right", "who", "own", "read", "run", "other's", "nothing")
	for _, r := range append(Rights(), Nobodys, Right(200)) {
		for _, who := range []string{"viewer", "user", "admin", "service", "external"} {
			fmt.Fprintf(&b, "%-18s%-10s", r, who)
			for _, path := range []string{own[who], "/shared/read/x", "/shared/run/x", "/other/x.weft", "/none/x.weft"} {
				fmt.Fprintf(&b, "%-9s", word(w.Check(w.ctx, callers[who], r, path)))
			}
			b.WriteString("\n")
		}
	}
	got := strings.ReplaceAll(b.String(), " \n", "\n")
	for strings.Contains(got, " \n") {
		got = strings.ReplaceAll(got, " \n", "\n")
	}
	const file = "testdata/matrix.txt"
	if *update {
		w.ok(os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	w.ok(err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// word is an answer of Check in the matrix.
func word(err error) string {
	if err == nil {
		return "yes"
	}
	switch errs.All(err)[0].Message.ID {
	case msgMay.ID:
		return "no"
	case msgHidden.ID:
		return "hidden"
	case msgFolder.ID:
		return "lacks"
	}
	return err.Error()
}

func TestHiddenIsTheSame(t *testing.T) {
	w := newWorld(t)
	c := w.person("maria", store.User)
	w.person("other", store.User)
	for _, r := range []Right{ReadFiles, WriteFiles, StartRuns, PublishServices, GrantRights} {
		there, not := w.Check(w.ctx, c, r, "/other/x"), w.Check(w.ctx, c, r, "/none/x")
		if there == nil || strings.ReplaceAll(there.Error(), "/other/", "/none/") != not.Error() || not.Error() != Hidden("/none/x").Error() {
			t.Errorf("%s: %v, %v", r, there, not)
		}
	}
}

func TestFolders(t *testing.T) {
	w := newWorld(t)
	c := w.person("maria", store.User)
	grant := func(folder string, to Subject, r store.Rights) {
		t.Helper()
		w.ok(w.Owner().Grant(w.ctx, folder, to, r))
	}
	has := func(path string, want store.Rights) {
		t.Helper()
		got, err := w.FolderRights(w.ctx, c, path)
		w.ok(err)
		if got != want {
			t.Errorf("%s: got %05b, want %05b", path, got, want)
		}
	}
	me, users := Subject{Name: "MARIA"}, Subject{Role: store.User}
	has("/team/x", 0)
	grant("/", users, store.Read)
	has("/team/x", store.Read)
	has("/", store.Read)
	grant("/Team", users, store.Read|store.Write)
	has("/team/x", store.Read|store.Write) // one file on some machines
	has("/teams/x", store.Read)            // another folder with the same beginning
	grant("/team/secret", users, 0)
	has("/team/secret/deep/x", 0)
	has("/Team/SECRET", 0)
	grant("/team/secret", me, store.Read)
	has("/team/secret/x", store.Read) // the account's own wins over its role's
	grant("/team", me, 0)
	has("/team/secret/x", store.Read) // the one further down wins
	has("/team/x", 0)
	grant("/team/secret/deeper", users, store.Run)
	has("/team/secret/deeper/x", store.Run)
	w.ok(w.Owner().Revoke(w.ctx, "/team", me))
	w.ok(w.Owner().Revoke(w.ctx, "/team", me))
	has("/team/x", store.Read|store.Write)

	w.ok(w.Moved(w.ctx, "/team", "/maria/Group"))
	has("/team/secret/x", store.Read) // nothing is left there: the root's
	has("/maria/group/secret/x", store.Read)
	has("/maria/group/secret/deeper", store.Run)
	w.ok(w.Removed(w.ctx, "/maria/Group"))
	has("/maria/group/secret/deeper", store.AllRights)

	for _, bad := range []string{"", "team", "/team/", "//team", "/team/../x", "/./x", "/a\xff", "/" + strings.Repeat("x", maxPath)} {
		w.refused(w.Check(w.ctx, c, ReadFiles, bad), errs.Invalid, msgPath)
		w.refused(w.Owner().Grant(w.ctx, bad, me, 0), errs.Invalid, msgPath)
	}
	w.refused(w.Owner().Grant(w.ctx, "/", me, 1<<7), errs.Invalid, msgRights)
	w.refused(w.Owner().Grant(w.ctx, "/", Subject{Name: "nobody"}, 0), errs.NotFound, msgNoAccount)
	w.refused(w.Owner().Grant(w.ctx, "/", Subject{Role: "x"}, 0), errs.Invalid, msgRole)
}

func TestGranting(t *testing.T) {
	w := newWorld(t)
	maria, ivan, root := w.person("maria", store.User), w.person("ivan", store.User), w.person("root", store.Admin)
	w.denied(w.Check(w.ctx, ivan, ReadFiles, "/maria/x"), msgHidden)
	w.denied(w.Grant(w.ctx, ivan, "/maria", Subject{Name: "ivan"}, store.Read), msgHidden)
	w.ok(w.Grant(w.ctx, maria, "/maria", Subject{Name: "ivan"}, store.Read))
	w.ok(w.Check(w.ctx, ivan, ReadFiles, "/maria/x"))
	w.denied(w.Check(w.ctx, ivan, StartRuns, "/maria/x"), msgFolder) // to read is not to run
	w.denied(w.Grant(w.ctx, ivan, "/maria", Subject{Name: "ivan"}, store.AllRights), msgFolder)
	w.ok(w.Revoke(w.ctx, maria, "/maria", Subject{Name: "ivan"}))
	w.denied(w.Check(w.ctx, ivan, ReadFiles, "/maria/x"), msgHidden)

	// An administrator who was shut out can open again, and cannot read until then.
	w.ok(w.Grant(w.ctx, maria, "/maria", Subject{Role: store.Admin}, 0))
	w.denied(w.Check(w.ctx, root, ReadFiles, "/maria/x"), msgHidden)
	w.ok(w.Revoke(w.ctx, root, "/maria", Subject{Role: store.Admin}))
	w.ok(w.Check(w.ctx, root, ReadFiles, "/maria/x"))
}

func TestCallersOfServices(t *testing.T) {
	w := newWorld(t)
	m := w.Owner()
	service, err := m.Account(w.ctx, "service")
	w.ok(err)
	token := func(label string, only ...string) Caller {
		t.Helper()
		_, secret, err := m.CreateToken(w.ctx, NewToken{Account: service.ID, Kind: store.CallerToken, Label: label, Only: only})
		w.ok(err)
		_, err = w.Program(w.ctx, "service", secret) // it lets nobody log in
		w.denied(err, msgWrongToken)
		c, err := w.External(w.ctx, secret)
		w.ok(err)
		return c
	}
	all, one := token("all"), token("one", "delays")
	w.ok(w.CheckService(w.ctx, all, "weather", "/user/w.weft"))
	w.ok(w.CheckService(w.ctx, one, "delays", "/user/w.weft"))
	w.denied(w.CheckService(w.ctx, one, "weather", "/user/w.weft"), msgNoService)
	w.denied(w.Check(w.ctx, one, CallServices, "/user/w.weft"), msgMay)
	w.ok(m.Grant(w.ctx, "/user", Subject{Name: "service"}, store.Read))
	w.denied(w.CheckService(w.ctx, all, "weather", "/user/w.weft"), msgNoService)
	w.ok(m.Grant(w.ctx, "/user", Subject{Name: "service"}, 0))
	w.denied(w.CheckService(w.ctx, all, "weather", "/user/w.weft"), msgNoService)
}

func BenchmarkCheck(b *testing.B) {
	db, err := sqlite.Open(b.Context(), sqlite.Options{File: filepath.Join(b.TempDir(), "store.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	a := New(db.Store(), Options{Cost: cheap})
	first, err := a.First(b.Context(), filepath.Join(b.TempDir(), "first"))
	if err != nil {
		b.Fatal(err)
	}
	c, err := a.Program(b.Context(), "service", first[2].Secret)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := a.CheckService(b.Context(), c, "delays", "/user/flights/delays.weft"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOver looks whether 5,000 people who are connected are still there.
func BenchmarkOver(b *testing.B) {
	db, err := sqlite.Open(b.Context(), sqlite.Options{File: filepath.Join(b.TempDir(), "store.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	a := New(db.Store(), Options{Cost: cheap})
	if _, err := a.First(b.Context(), filepath.Join(b.TempDir(), "first")); err != nil {
		b.Fatal(err)
	}
	account, err := a.Owner().Account(b.Context(), "user")
	if err != nil {
		b.Fatal(err)
	}
	var ids []string
	for i := range 5000 {
		s := store.Session{ID: rand.Text(), Account: account.ID, Hash: hashSecret(fmt.Sprint(i)), Created: time.Now(), Used: time.Now()}
		if err := db.Store().Sessions.Add(b.Context(), s, 10_000); err != nil {
			b.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	b.ResetTimer()
	for b.Loop() {
		if over, err := a.Over(b.Context(), ids); err != nil || len(over) != 0 {
			b.Fatal(len(over), err)
		}
	}
}
