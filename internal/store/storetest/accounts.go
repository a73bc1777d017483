package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/weftworks/weft/internal/store"
)

func testFirst(t *testing.T, f *fixture) {
	first := store.First{
		Accounts: []store.Account{
			{ID: "1", Name: "admin", Key: "admin", Role: store.Admin, Password: "p", MustChange: true, Created: at(1)},
			{ID: "2", Name: "service", Key: "service", Role: store.Service, Created: at(1)},
		},
		Tokens: []store.Token{{ID: "t", Kind: store.ServiceToken, Account: "2", Hash: hash("t"), Created: at(1), Expires: at(9)}},
		Grants: []store.Grant{{Subject: "1", Folder: "/", Key: "/", Rights: store.AllRights}},
	}
	stop := errors.New("stop")
	_, err := f.Accounts.AddFirst(f.ctx, first, func() error { return stop })
	f.is(err, stop)
	list, err := f.Accounts.List(f.ctx, "", 10)
	f.ok(err)
	f.same(len(list), 0)

	added, err := f.Accounts.AddFirst(f.ctx, first, func() error { return nil })
	f.ok(err)
	f.same(added, true)
	added, err = f.Accounts.AddFirst(f.ctx, first, func() error { t.Error("before ran although there are accounts"); return nil })
	f.ok(err)
	f.same(added, false)

	f.restart()
	f.same(f.byID("1"), first.Accounts[0])
	token, account, err := f.Tokens.ByHash(f.ctx, hash("t"))
	f.ok(err)
	f.same(token, first.Tokens[0])
	f.same(account, first.Accounts[1])
	grants, err := f.Grants.List(f.ctx, "/")
	f.ok(err)
	f.same(grants, first.Grants)
}

func testAccounts(t *testing.T, f *fixture) {
	a, b, c := f.account("a", store.Admin), f.account("b", store.User), f.account("c", store.Viewer)
	f.is(f.Accounts.Add(f.ctx, store.Account{ID: "d", Name: "other", Key: b.Key, Role: store.User, Created: at(0)}), store.ErrExists)
	f.is(f.Accounts.Add(f.ctx, store.Account{ID: "b", Name: "other", Key: "other", Role: store.User, Created: at(0)}), store.ErrExists)
	got, err := f.Accounts.ByKey(f.ctx, b.Key)
	f.ok(err)
	f.same(got, b)
	_, err = f.Accounts.ByKey(f.ctx, "KEY B") // keys are compared as they are: folding is not the store's
	f.is(err, store.ErrNotFound)
	_, err = f.Accounts.ByID(f.ctx, "x")
	f.is(err, store.ErrNotFound)

	page, err := f.Accounts.List(f.ctx, "", 2)
	f.ok(err)
	f.same(page, []store.Account{a, b})
	page, err = f.Accounts.List(f.ctx, b.Key, 2)
	f.ok(err)
	f.same(page, []store.Account{c})

	f.ok(f.Accounts.Remove(f.ctx, "c"))
	f.is(f.Accounts.Remove(f.ctx, "c"), store.ErrNotFound)
	f.is(f.Accounts.SetRole(f.ctx, "c", store.User), store.ErrNotFound)
	f.is(f.Accounts.SetDisabled(f.ctx, "c", true), store.ErrNotFound)
	f.is(f.Accounts.SetPassword(f.ctx, "c", "p", false, ""), store.ErrNotFound)

	// A grant that fails takes the account with it.
	err = f.Accounts.Add(f.ctx, store.Account{ID: "e", Name: "e", Key: "e", Role: store.User, Created: at(0)},
		store.Grant{Subject: "nobody", Folder: "/", Key: "/"})
	f.is(err, store.ErrNotFound)
	_, err = f.Accounts.ByID(f.ctx, "e")
	f.is(err, store.ErrNotFound)
}

func testLastAdmin(t *testing.T, f *fixture) {
	f.account("a", store.Admin)
	f.account("u", store.User)
	f.is(f.Accounts.Remove(f.ctx, "a"), store.ErrLastAdmin)
	f.is(f.Accounts.SetDisabled(f.ctx, "a", true), store.ErrLastAdmin)
	f.is(f.Accounts.SetRole(f.ctx, "a", store.User), store.ErrLastAdmin)
	f.ok(f.Accounts.SetRole(f.ctx, "a", store.Admin))

	f.account("b", store.Admin)
	f.ok(f.Accounts.SetDisabled(f.ctx, "b", true))
	f.is(f.Accounts.SetDisabled(f.ctx, "a", true), store.ErrLastAdmin) // b can't sign in
	f.ok(f.Accounts.SetDisabled(f.ctx, "b", false))

	// Two at once can't both go.
	var wg sync.WaitGroup
	var errs [2]error
	for i, id := range []string{"a", "b"} {
		wg.Go(func() { errs[i] = f.Accounts.SetDisabled(f.ctx, id, true) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("got %v and %v, want one of them refused", errs[0], errs[1])
	}
}

func testPasswords(t *testing.T, f *fixture) {
	a := f.account("a", store.User)
	f.ok(f.Accounts.Rehash(f.ctx, "a", a.Password, "better"))
	f.is(f.Accounts.Rehash(f.ctx, "a", a.Password, "late"), store.ErrChanged)
	f.ok(f.Accounts.SetPassword(f.ctx, "a", "new", true, ""))
	f.restart()
	a.Password, a.MustChange = "new", true
	f.same(f.byID("a"), a)
}

func testTogether(t *testing.T, f *fixture) {
	f.account("a", store.User)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				id := string(rune('a'+i)) + string(rune('a'+j))
				if err := f.Sessions.Add(f.ctx, session(id, "a", i), 1000); err != nil {
					t.Error(err)
				}
				if _, _, err := f.Sessions.ByID(f.ctx, id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	f.restart()
	list, err := f.Sessions.List(f.ctx, "a")
	f.ok(err)
	f.same(len(list), 160)
}
