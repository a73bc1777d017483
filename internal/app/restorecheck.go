package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/sqlite"
)

var (
	errNoBackup = errs.Message{
		ID: "app.no_backup",
		En: "{path} holds no whole backup: {reason}. Name the folder that weft admin backup has made. Nothing was changed.",
		Ru: "В {path} нет целой резервной копии: {reason}. Укажите каталог, созданный командой weft admin backup. Ничего не изменено.",
	}
	errBackupNewer = errs.Message{
		ID: "app.backup_newer",
		En: "The backup {path} was made by a newer Weft, {weft}. Restore it with that one. Nothing was changed.",
		Ru: "Копия {path} сделана более новой версией Weft, {weft}. Восстановите её той версией. Ничего не изменено.",
	}
	errBackupDamaged = errs.Message{
		ID: "app.backup_damaged",
		En: "The file {file} of the backup {path} is missing or is not as it was saved. Nothing was changed. Restore another backup.",
		Ru: "Файла {file} в копии {path} нет, или он не такой, каким был сохранён. Ничего не изменено. Восстановите другую копию.",
	}
)

// look reads what the backup says of itself and sees whether all is there, and
// the store one that this program can use.
func (r *restore) look(ctx context.Context) (err error) {
	if r.from, err = filepath.Abs(r.from); err != nil {
		return err
	}
	if r.source, err = os.OpenRoot(r.from); err != nil {
		return r.none(words("it cannot be opened", "её нельзя открыть"), err)
	}
	if err = r.readList(); err == nil {
		err = r.allThere()
	}
	if err == nil {
		err = sqlite.Verify(ctx, filepath.Join(r.from, storeName))
	}
	if err != nil {
		return errors.Join(err, r.source.Close())
	}
	return nil
}

func (r *restore) readList() error {
	text, err := r.source.ReadFile(listName)
	if errors.Is(err, fs.ErrNotExist) {
		return r.none(words("backup.json is not there", "нет файла backup.json"), err)
	}
	var head struct {
		Format int
		Weft   string
	}
	if err == nil {
		err = json.Unmarshal(text, &head)
	}
	if err == nil && head.Format > backupFormat {
		return errs.New(errs.Invalid, errBackupNewer, errs.P{"path": r.from, "weft": head.Weft})
	}
	if err == nil {
		err = json.Unmarshal(text, &r.list)
	}
	if err != nil || head.Format < 1 {
		return r.none(words("backup.json is damaged", "файл backup.json повреждён"), err)
	}
	return nil
}

// allThere sees whether the files are there, in their sizes, and are such as a
// backup has.
func (r *restore) allThere() error {
	store := false
	for _, f := range r.list.Files {
		if !isSaved(f.Path) {
			return r.none(words("backup.json is damaged", "файл backup.json повреждён"), nil)
		}
		store = store || f.Path == storeName
		info, err := r.source.Lstat(filepath.FromSlash(f.Path))
		if err != nil || !info.Mode().IsRegular() || info.Size() != f.Size {
			return r.damaged(f.Path, err)
		}
	}
	for _, name := range r.list.Folders {
		if !isSaved(name) || name == storeName {
			return r.none(words("backup.json is damaged", "файл backup.json повреждён"), nil)
		}
	}
	if !store {
		return r.none(words("it has no store", "в ней нет хранилища"), nil)
	}
	return nil
}

func (r *restore) none(reason errs.Words, err error) error {
	return errs.New(errs.Unreadable, errNoBackup, errs.P{"path": r.from, "reason": reason}).Because(err)
}

func (r *restore) damaged(file string, err error) error {
	return errs.New(errs.Unreadable, errBackupDamaged, errs.P{"path": r.from, "file": file}).Because(err)
}
