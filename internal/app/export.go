package app

import (
	"encoding/json"
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
)

// ExportStudio writes Studio's files into a folder, with a server.json of the
// defaults unless there is one, and returns how many files those are.
func ExportStudio(studio fs.FS, dir string) (int, error) {
	if studio == nil {
		return 0, errs.New(errs.Unavailable, errNoStudio, nil)
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
		err = writeServerJSON(filepath.Join(dir, "server.json"))
	}
	if err != nil {
		return 0, errs.New(errs.Unavailable, errExport, errs.P{"path": dir, "reason": folderReason(err)}).Because(err)
	}
	return n, nil
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
