package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/errs"
)

var (
	errNoStudio = errs.Message{
		ID: "app.no_studio",
		En: "This weft was built without Node.js, so it holds no Studio. make build with Node.js 20 or newer makes one that does.",
		Ru: "Эта программа собрана без Node.js и не содержит Studio. Полную соберёт make build с Node.js 20 или новее.",
	}
	errExport = errs.Message{
		ID: "app.export",
		En: "Studio cannot be written into {path}: {reason}.",
		Ru: "Не удаётся записать Studio в {path}: {reason}.",
	}
	errForeign = errs.Message{
		ID: "app.export_foreign",
		En: "{path} holds files that are not Studio's, such as {file}. Name an empty folder, or one that weft studio export has written.",
		Ru: "В {path} лежат файлы, которые не относятся к Studio, например {file}. Укажите пустой каталог или тот, куда писала weft studio export.",
	}
)

// serverJSON is the file beside Studio that says where the Server is.
const serverJSON = "server.json"

// ExportStudio writes Studio's files into a folder, with a server.json of the
// defaults unless there is one, and returns how many files of Studio those
// are. A folder that holds something else is not touched; one that holds an
// earlier Studio gets the new one, and keeps the old one's files for pages that
// are open still.
func ExportStudio(studio fs.FS, dir string) (int, error) {
	if studio == nil {
		return 0, errs.New(errs.Unavailable, errNoStudio, nil)
	}
	if err := exportable(dir); err != nil {
		return 0, err
	}
	n := 0
	err := fs.WalkDir(studio, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name()[0] != '.' {
			n++
		}
		return err
	})
	if err == nil {
		err = copyFolder(dir, studio)
	}
	if err == nil {
		err = writeServerJSON(filepath.Join(dir, serverJSON))
	}
	if err != nil {
		return 0, errs.New(errs.Unavailable, errExport, errs.P{"path": dir, "reason": folderReason(err)}).Because(err)
	}
	return n, nil
}

// exportable finds out whether a folder is empty, is not there yet or holds
// Studio.
func exportable(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.Unavailable, errExport, errs.P{"path": dir, "reason": folderReason(err)}).Because(err)
	}
	if page, err := os.ReadFile(filepath.Join(dir, "index.html")); err == nil && bytes.Contains(page, []byte("<title>Weft</title>")) {
		return nil
	}
	for _, e := range list {
		if e.Name() != serverJSON {
			return errs.New(errs.Exists, errForeign, errs.P{"path": dir, "file": e.Name()})
		}
	}
	return nil
}

func writeServerJSON(file string) error {
	text, err := json.MarshalIndent(address.File{Path: address.DefaultPath}, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if os.IsExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(append(text, '\n'))
	return err
}
