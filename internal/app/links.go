package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// OpenFile is the file of the data folder that leads a browser to Studio and
// signs it in, while `weft serve` runs.
const OpenFile = "open.html"

var (
	errNotRunning = errs.Message{
		ID: "app.serve_not_running",
		En: "weft serve does not run with this data folder. Start it, or name its folder with --data.",
		Ru: "weft serve с этим каталогом данных не работает. Запустите его или укажите каталог через --data.",
	}
	errRunning = errs.Message{
		ID: "app.serve_running",
		En: "Weft runs already with this data folder. weft open opens Studio; --data names another folder.",
		Ru: "Weft с этим каталогом данных уже работает. Studio откроет weft open; другой каталог задаётся через --data.",
	}
)

// links keeps that file: only its owner can read it, and the token in it is
// always one that was not used yet. So a token stands in no argument, where
// everybody on the machine would see it.
type links struct {
	local *Local
	file  string
	wake  chan struct{}
}

func (k *links) start(l *Local) {
	k.local, k.file = l, filepath.Join(l.Folder(), OpenFile)
}

// used says that a token was used.
func (k *links) used() {
	select {
	case k.wake <- struct{}{}:
	default: // it is known already
	}
}

// keep writes the file anew whenever its token was used.
func (k *links) keep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.wake:
		}
		if err := k.write(ctx); err != nil && ctx.Err() == nil {
			k.local.cfg.Log.Warn("the file for the browser was not written", "file", k.file, "error", err)
		}
	}
}

const linkPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=%[1]s">
<title>Weft</title>
</head>
<body><p><a href="%[1]s">Open Studio. Открыть Studio.</a></p></body>
</html>
`

// write puts a new token into the file, in one step.
func (k *links) write(ctx context.Context) error {
	address, err := k.local.SignedIn(ctx)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(k.file), ".open-*") // made with 0600
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, linkPage, html.EscapeString(address))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), k.file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Link finds the file that leads a browser to the `weft serve` that runs with a
// data folder (empty: the standard place), and the address in it. errs.NotFound:
// none runs.
func Link(data string) (file, address string, err error) {
	none := errs.New(errs.NotFound, errNotRunning, nil)
	if !running(data) {
		return "", "", none
	}
	dir, err := filepath.Abs(cmp.Or(data, DataFolder()))
	if err != nil {
		return "", "", err
	}
	file = filepath.Join(dir, OpenFile)
	text, err := os.ReadFile(file)
	if err != nil { // a Server alone has no such file
		return "", "", none.Because(err)
	}
	_, rest, _ := strings.Cut(string(text), `href="`)
	link, _, _ := strings.Cut(rest, `"`)
	return file, html.UnescapeString(link), nil
}

func (k *links) remove() error {
	if err := os.Remove(k.file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
