package document

import (
	"cmp"
	"context"
	"path"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/workspace"
)

var (
	msgBothChanged = errs.Message{
		ID: "document.both_changed",
		En: "The file was changed outside Weft while the package had changes that were not in it. Nothing is written until you say which of the two holds.",
		Ru: "Файл изменён вне Weft, пока в пакете были изменения, которых в нём ещё нет. Запись в файл остановлена, пока вы не решите, что из двух остаётся.",
	}
	msgFileGone = errs.Message{
		ID: "document.file_gone",
		En: "The file {path} was deleted outside Weft, or moved to where Weft does not see it. The package is still open and nothing in it is lost. Save it to have the file again.",
		Ru: "Файл {path} удалён вне Weft или перенесён туда, где Weft его не видит. Пакет остаётся открытым, в нём ничего не потеряно. Сохраните его, чтобы файл появился снова.",
	}
	msgDeleted = errs.Message{
		ID: "document.file_deleted",
		En: "{name} has deleted the package {path}. It is still open here and nothing in it is lost. Save it to have the file again.",
		Ru: "{name}: пакет {path} удалён. Здесь он остаётся открытым, в нём ничего не потеряно. Сохраните его, чтобы файл появился снова.",
	}
	msgFileBroken = errs.Message{
		ID: "document.file_broken",
		En: "The file was changed outside Weft and cannot be read as a package: {problem}",
		Ru: "Файл изменён вне Weft, и прочитать его как пакет нельзя: {problem}",
	}
)

func (d *Document) marked() mark {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.mark
}

// saved notes what is in the file now.
func (d *Document) saved(m mark, file workspace.Entry) {
	d.seen, d.clash, d.lost, d.deleted = file, nil, "", nil
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mark, d.dirty = m, time.Now()
	if d.state.File.Saved != m.Number {
		d.showLocked(func(s *State) { s.File.Saved = m.Number })
	}
}

// tell says why the file isn't written; nil: it is. Those who know are not
// told twice.
func (d *Document) tell(why *errs.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.state.File.Conflict
	if was == nil && why == nil || was != nil && why != nil && was.Text("en") == why.Text("en") {
		return
	}
	if why != nil {
		d.log.Warn("the file is not written", "path", d.path, "error", why)
	}
	d.showLocked(func(s *State) { s.File.Conflict = why })
}

// look finds out whether the file was changed from outside, and takes its
// change over; what stands against that is in d.clash. The caller has d.file.
func (d *Document) look() {
	name := d.Path()
	file, err := d.hub.files.Stat(name)
	switch {
	case err != nil && errs.KindOf(err) == errs.NotFound:
		d.lost = cmp.Or(d.seen.Fingerprint, d.lost)
		d.seen = workspace.Entry{}
		if d.clash = d.deleted; d.clash == nil {
			d.clash = errs.New(errs.NotFound, msgFileGone, errs.P{"path": name})
		}
		return
	case err == nil && file.Fingerprint == d.seen.Fingerprint && !file.Folder:
		return
	}
	content, file, err := d.hub.files.Read(name, pack.MaxBytes)
	if err != nil {
		d.clash = errs.All(err)[0]
		return
	}
	if m := d.marked(); hashOf(content) == m.Hash {
		d.saved(m, file)
		return
	}
	d.outside(content, file)
}

// outside makes a change of the file a command like any other, or a clash
// where the package has changes that the file has not.
func (d *Document) outside(content []byte, file workspace.Entry) {
	d.seen = file
	p, err := pack.Decode(content, "")
	if err != nil {
		first := errs.All(err)[0]
		d.clash = errs.New(errs.Unreadable, msgFileBroken, errs.P{"problem": words(first)}).At(first.Place)
		return
	}
	now, number := d.Current()
	m := mark{number, hashOf(content)}
	if string(pack.Encode(p)) != string(pack.Encode(now)) { // else both say the same
		answer, err := d.ask(context.Background(), &request{
			Request: Request{Account: pack.Outside, Command: pack.Replace{Text: string(content)}}, action: pack.ActionDo, only: d.marked().Number,
		})
		switch {
		case err != nil && errs.KindOf(err) == errs.Conflict:
			d.clash = errs.New(errs.Conflict, msgBothChanged, nil)
			return
		case err != nil: // the journal takes nothing now: looked at again later
			d.seen = workspace.Entry{}
			return
		}
		m.Number = answer.Number
	}
	d.saved(m, file)
	if err := d.note(m, m); err != nil {
		d.log.Warn("note the state of the file", "error", err)
		d.seen = workspace.Entry{}
	}
}

// checkpoint puts the package as it is now into its file, where that has not
// got it already; over what somebody else has put there only when it is asked
// for. The caller has d.file.
func (d *Document) checkpoint(overwrite bool) error {
	d.look()
	clash := d.clash
	if clash != nil && !overwrite {
		d.tell(clash)
		return clash
	}
	p, number := d.Current()
	if was := d.marked(); number != was.Number || clash != nil {
		err := d.put(pack.Encode(p), number, was, clash != nil)
		if errs.KindOf(err) == errs.Conflict { // somebody has written since it was looked at
			if d.look(); d.clash != nil {
				err = d.clash
			}
		}
		if err != nil {
			d.tell(errs.All(err)[0])
			return err
		}
	}
	d.tell(nil)
	return nil
}

// put writes the file, unless it says the same already.
func (d *Document) put(text []byte, number int64, was mark, always bool) error {
	next := mark{number, hashOf(text)}
	if err := d.note(was, next); err != nil {
		return err
	}
	file := d.seen
	if always || next.Hash != was.Hash {
		err := d.makeFolder()
		if err != nil {
			return err
		}
		if always || d.seen.Fingerprint == "" {
			file, err = d.hub.files.Write(d.Path(), text, true)
		} else {
			file, err = d.hub.files.WriteOver(d.Path(), text, d.seen.Fingerprint)
		}
		if err != nil {
			d.seen = workspace.Entry{} // nobody knows what is there
			return err
		}
	}
	d.saved(next, file)
	return nil
}

// makeFolder makes the folder of a file that went with it.
func (d *Document) makeFolder() error {
	if d.clash == nil || errs.KindOf(d.clash) != errs.NotFound {
		return nil
	}
	folder := path.Dir(d.Path())
	for i := 1; i <= len(folder); i++ {
		if i < len(folder) && folder[i] != '/' {
			continue
		}
		if _, err := d.hub.files.MakeFolder(folder[:i]); err != nil && errs.KindOf(err) != errs.Exists {
			return err
		}
	}
	return nil
}

// Save writes the file now, where it has not got all that the package has, and
// returns the number of the last event in it. errs.Conflict, errs.NotFound:
// the file was changed or removed by somebody else, and overwrite was not
// asked for.
func (d *Document) Save(overwrite bool) (int64, error) {
	d.file.Lock()
	defer d.file.Unlock()
	if err := d.checkpoint(overwrite); err != nil {
		return 0, err
	}
	return d.marked().Number, nil
}

// SaveAs writes the package to another path, and stays with its own. A file
// that is there is only replaced when it is asked for.
func (d *Document) SaveAs(path string, overwrite bool) (int64, error) {
	if path == d.Path() {
		return d.Save(overwrite)
	}
	if err := checkPath(path); err != nil {
		return 0, err
	}
	if err := d.hub.options.Room(); err != nil {
		return 0, err
	}
	p, number := d.Current()
	_, err := d.hub.files.Write(path, pack.Encode(p), overwrite)
	return number, err
}

// Reload takes what is in the file in the place of the package, as a step of
// whoever asks, by the rules of Do.
func (d *Document) Reload(ctx context.Context, r Request) (Answer, error) {
	d.file.Lock()
	defer d.file.Unlock()
	content, file, err := d.hub.files.Read(d.Path(), pack.MaxBytes)
	if err != nil {
		return Answer{}, err
	}
	r.Command = pack.Replace{Text: string(content)}
	answer, err := d.Do(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	m := mark{answer.Number, hashOf(content)}
	if err := d.note(m, m); err != nil {
		return answer, err
	}
	d.saved(m, file)
	d.tell(nil)
	return answer, nil
}
