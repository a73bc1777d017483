package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/weftworks/weft/internal/store"
)

func testTokens(t *testing.T, f *fixture) {
	f.account("root", store.Admin)
	a := f.account("a", store.Service)
	token := func(id string, kind store.TokenKind, label string, made, ends int) store.Token {
		return store.Token{ID: id, Kind: kind, Account: "a", Label: label, Hash: hash(id), Created: at(made), Expires: at(ends)}
	}
	one := token("1", store.ServiceToken, "x", 1, 20)
	f.ok(f.Tokens.Add(f.ctx, one, 2))
	f.ok(f.Tokens.Add(f.ctx, token("2", store.ServiceToken, "y", 2, 10), 2))
	f.is(f.Tokens.Add(f.ctx, token("3", store.ServiceToken, "z", 3, 30), 2), store.ErrTooMany)
	f.ok(f.Tokens.Add(f.ctx, token("3", store.ServiceToken, "z", 10, 30), 2)) // 2 has ended
	caller := token("4", store.CallerToken, "shop", 11, 30)
	caller.Only = []string{"delays", "weather"}
	f.ok(f.Tokens.Add(f.ctx, caller, 1))
	f.is(f.Tokens.Add(f.ctx, token("5", store.CallerToken, "shop", 12, 30), 1), store.ErrTooMany)
	f.ok(f.Tokens.Add(f.ctx, token("5", store.CallerToken, "till", 12, 30), 1))

	f.ok(f.Tokens.Touch(f.ctx, "1", at(15)))
	f.restart()
	got, owner, err := f.Tokens.ByHash(f.ctx, hash("1"))
	f.ok(err)
	one.Used = at(15)
	f.same(got, one)
	f.same(owner, a)
	got, _, err = f.Tokens.ByID(f.ctx, "4")
	f.ok(err)
	f.same(got, caller)
	list, err := f.Tokens.List(f.ctx, "a")
	f.ok(err)
	ids := ""
	for _, t := range list {
		ids += t.ID
	}
	f.same(ids, "54321")

	f.ok(f.Tokens.Revoke(f.ctx, "4"))
	f.is(f.Tokens.Revoke(f.ctx, "4"), store.ErrNotFound)
	f.ok(f.Accounts.Remove(f.ctx, "a"))
	_, _, err = f.Tokens.ByHash(f.ctx, hash("1"))
	f.is(err, store.ErrNotFound)
}

func testThrottles(t *testing.T, f *fixture) {
	f.ok(f.Throttles.Update(f.ctx, []string{"a", "b"}, func(c []store.Counter) error {
		f.same(c, make([]store.Counter, 2))
		c[0] = store.Counter{Recent: []time.Time{at(1), at(2)}, Level: 3, Until: at(60), Last: at(2)}
		return nil
	}))
	stop := errors.New("stop")
	f.is(f.Throttles.Update(f.ctx, []string{"b", "a"}, func(c []store.Counter) error { c[0].Level = 9; return stop }), stop)
	f.restart()
	f.ok(f.Throttles.Update(f.ctx, []string{"b", "a"}, func(c []store.Counter) error {
		f.same(c, []store.Counter{{}, {Recent: []time.Time{at(1), at(2)}, Level: 3, Until: at(60), Last: at(2)}})
		c[1] = store.Counter{}
		return nil
	}))

	var wg sync.WaitGroup // no update is lost
	for range 4 {
		wg.Go(func() {
			for range 10 {
				err := f.Throttles.Update(f.ctx, []string{"n"}, func(c []store.Counter) error { c[0].Level++; c[0].Last = at(5); return nil })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	look := func(want int) {
		t.Helper()
		f.ok(f.Throttles.Update(f.ctx, []string{"n"}, func(c []store.Counter) error { f.same(c[0].Level, want); return nil }))
	}
	look(40)
	f.ok(f.Throttles.Sweep(f.ctx, at(5)))
	look(40)
	f.ok(f.Throttles.Sweep(f.ctx, at(6)))
	look(0)
}

func grant(subject, folder string, r store.Rights) store.Grant {
	return store.Grant{Subject: subject, Folder: folder, Key: "K" + folder, Rights: r}
}

func testGrants(t *testing.T, f *fixture) {
	f.account("a", store.User)
	role := store.RoleSubject(store.User)
	f.is(f.Grants.Set(f.ctx, grant("nobody", "/", store.Read)), store.ErrNotFound)
	f.ok(f.Grants.Set(f.ctx, grant("a", "/", store.Read)))
	f.ok(f.Grants.Set(f.ctx, grant("a", "/", store.Read|store.Write)))
	f.ok(f.Grants.Set(f.ctx, grant(role, "/x", 0)))
	f.ok(f.Grants.Set(f.ctx, grant("a", "/x/y", store.AllRights)))
	f.restart()
	got, err := f.Grants.Along(f.ctx, []string{"a", role}, []string{"K/", "K/x", "K/x/z"})
	f.ok(err)
	f.same(got, []store.Grant{grant(role, "/x", 0), grant("a", "/", store.Read|store.Write)})
	got, err = f.Grants.Along(f.ctx, nil, []string{"K/"})
	f.ok(err)
	f.same(len(got), 0)
	f.ok(f.Grants.Remove(f.ctx, "a", "K/"))
	f.is(f.Grants.Remove(f.ctx, "a", "K/"), store.ErrNotFound)
	f.ok(f.Accounts.Remove(f.ctx, "a"))
	got, err = f.Grants.List(f.ctx, "K/x/y")
	f.ok(err)
	f.same(len(got), 0)
}

func testMovedGrants(t *testing.T, f *fixture) {
	f.account("a", store.User)
	all := []store.Grant{
		{Subject: "a", Folder: "/Straße/Ä", Key: "/strasse/ä", Rights: store.Read},
		{Subject: "a", Folder: "/Straße/Ä/Deep", Key: "/strasse/ä/deep", Rights: store.Run},
		{Subject: "a", Folder: "/Straße/Än", Key: "/strasse/än", Rights: store.Write}, // a sibling with the same beginning
		{Subject: "a", Folder: "/to", Key: "/to", Rights: store.Publish},
	}
	for _, g := range all {
		f.ok(f.Grants.Set(f.ctx, g))
	}
	f.ok(f.Grants.Move(f.ctx, "/strasse/ä", "/To", "/to"))
	along := func() []store.Grant {
		t.Helper()
		got, err := f.Grants.Along(f.ctx, []string{"a"}, []string{"/strasse/ä", "/strasse/ä/deep", "/strasse/än", "/to", "/to/deep"})
		f.ok(err)
		return got
	}
	f.same(along(), []store.Grant{
		all[2],
		{Subject: "a", Folder: "/To/Deep", Key: "/to/deep", Rights: store.Run},
		{Subject: "a", Folder: "/To", Key: "/to", Rights: store.Read},
	})
	f.ok(f.Grants.Drop(f.ctx, "/to"))
	f.same(along(), []store.Grant{all[2]})
}
