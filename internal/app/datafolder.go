package app

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/run"
)

var (
	errDataFolder = errs.Message{
		ID: "app.data_folder",
		En: "The data folder {path} can't be used: {reason}. Name another with {key}.",
		Ru: "Каталог данных {path} использовать нельзя: {reason}. Другой задаётся через {key}.",
	}
	errDataTaken = errs.Message{
		ID: "app.data_taken",
		En: "The data folder {path} is in use by a running Weft. Stop that one, or name another folder with {key}.",
		Ru: "Каталог данных {path} занят работающим Weft. Остановите его или задайте другой каталог через {key}.",
	}
)

// What a data folder holds that can't be made again.
const (
	storeName     = "weft.db"
	journalsName  = "journals"
	workspaceName = "workspace"
)

// DataFolder is the user's standard place for what a Server keeps.
func DataFolder() string {
	if x := os.Getenv("XDG_DATA_HOME"); x != "" {
		return filepath.Join(x, "weft")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "/var/lib/weft"
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "weft")
	case "windows":
		return filepath.Join(home, "AppData", "Local", "weft")
	}
	return filepath.Join(home, ".local", "share", "weft")
}

// folder is the data folder of a Server that runs: nobody else's meanwhile.
type folder struct {
	dir  string
	lock *os.File
}

// openFolder makes the data folder, for its owner alone, and takes it.
func openFolder(dir, key string) (*folder, error) {
	wrong := func(err error) error {
		return errs.New(errs.Unreadable, errDataFolder, errs.P{"path": dir, "reason": folderReason(err), "key": key}).Because(err)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, wrong(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, wrong(err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, wrong(err)
	}
	if err := run.TryLock(lock); err != nil {
		taken := errs.New(errs.Unavailable, errDataTaken, errs.P{"path": dir, "key": key}).Because(err)
		return nil, errors.Join(taken, lock.Close())
	}
	if _, err := os.Lstat(filepath.Join(dir, restoring)); err == nil {
		return nil, errors.Join(errs.New(errs.Unreadable, errRestoreCut, errs.P{"path": dir}), lock.Close())
	}
	return &folder{dir: dir, lock: lock}, nil
}

// makeFolder makes a folder of the data folder.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errs.New(errs.Unreadable, errDataFolder, errs.P{"path": dir, "reason": folderReason(err), "key": "data.folder"}).Because(err)
	}
	return nil
}

// running tells whether some Weft has a data folder open. It makes none.
func running(dir string) bool {
	lock, err := os.OpenFile(filepath.Join(cmp.Or(dir, DataFolder()), "lock"), os.O_RDWR, 0)
	if err != nil {
		return false // there is none, or it is said when it is opened
	}
	defer lock.Close()
	return run.TryLock(lock) != nil
}

// Close gives the folder free.
func (f *folder) Close() error { return f.lock.Close() }

// path is the path of something in the folder.
func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

func folderReason(err error) errs.Words {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return words("this user may not write there", "этому пользователю запись туда запрещена")
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return words("a part of its path is a file", "часть пути — файл")
	case errors.Is(err, syscall.ENOSPC):
		return words("the disk is full", "диск заполнен")
	}
	return words("the system refuses", "система отказывает")
}
