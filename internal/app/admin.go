package app

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/sqlite"
)

var errNoStore = errs.Message{
	ID: "app.no_store",
	En: "There is no store of a Server in {path}. Name its data folder with --data; the first start of the Server makes it.",
	Ru: "В {path} нет хранилища Сервера. Укажите его каталог данных через --data; он создаётся первым запуском Сервера.",
}

// Admin administers the store of a data folder, beside a Server that runs or
// not. Whoever can write there may.
type Admin struct {
	auth.Admin
	db  *sqlite.DB
	dir string // the data folder
}

// OpenAdmin opens the store of a data folder (empty: the standard place).
// errs.NotFound: there is none, and none is made.
func OpenAdmin(ctx context.Context, data string) (*Admin, error) {
	dir := cmp.Or(data, DataFolder())
	file := filepath.Join(dir, storeName)
	if _, err := os.Stat(file); err != nil {
		kind := errs.Unreadable
		if errors.Is(err, fs.ErrNotExist) {
			kind = errs.NotFound
		}
		return nil, errs.New(kind, errNoStore, errs.P{"path": dir}).Because(err)
	}
	db, err := sqlite.Open(ctx, sqlite.Options{File: file})
	if err != nil {
		return nil, err
	}
	return &Admin{Admin: auth.New(db.Store(), auth.Options{}).Owner(), db: db, dir: dir}, nil
}

// Close closes the store.
func (a *Admin) Close() error { return a.db.Close() }
