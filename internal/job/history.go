package job

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store/journal"
)

// record is a run's file.
type record struct {
	Info   Info    `json:"info"`
	Client string  `json:"client,omitempty"`
	Events []Event `json:"events"`
}

// recordName is the file, in a run's folder.
const recordName = "run.json"

// gap stands between the events that are in the file of a run that was cut off
// and those that come after: the ones that were told and not kept.
const gap = 1_000_000

var errKeep = errs.Message{
	ID: "job.keep",
	En: "The run cannot be noted on the Server's disk.",
	Ru: "Не удаётся записать запуск на диск сервера.",
}

func (j *Jobs) folder(id string) string { return filepath.Join(j.o.Runs, id) }

// saved writes the run's file.
func (j *Jobs) saved(e *entry) error {
	e.saving.Lock()
	defer e.saving.Unlock()
	e.mu.Lock()
	data, err := json.Marshal(record{Info: e.now, Client: e.client, Events: e.events})
	e.mu.Unlock()
	if err == nil {
		err = os.MkdirAll(j.folder(e.id), 0o700)
	}
	if err == nil {
		err = replaceFile(filepath.Join(j.folder(e.id), recordName), data)
	}
	if err != nil {
		return errs.New(errs.Unavailable, errKeep, nil).Because(err)
	}
	return nil
}

// save is saved where the run goes on all the same.
func (j *Jobs) save(e *entry) {
	if err := j.saved(e); err != nil {
		j.o.Log.Error("run not noted", "run", e.id, "error", err)
	}
}

// replaceFile makes a file have new content, or leaves the old one.
func replaceFile(path string, data []byte) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return journal.OS{}.SyncDir(filepath.Dir(path))
}

// load reads the runs of the past. What was under way was cut off.
func (j *Jobs) load() error {
	form := regexp.MustCompile(`^[a-z2-7]{26}$`)
	folders, err := os.ReadDir(j.o.Runs)
	if err != nil {
		return err
	}
	var all []*entry
	for _, f := range folders {
		if !f.IsDir() || !form.MatchString(f.Name()) {
			continue
		}
		e, err := j.read(f.Name())
		if err != nil {
			j.o.Log.Warn("a run's file cannot be read; the run is removed", "run", f.Name(), "error", err)
			_ = os.RemoveAll(j.folder(f.Name())) // it is tried again at the next start
			continue
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b *entry) int { return a.now.Started.Compare(b.now.Started) })
	for _, e := range all {
		j.add(e)
	}
	return nil
}

func (j *Jobs) read(id string) (*entry, error) {
	data, err := os.ReadFile(filepath.Join(j.folder(id), recordName))
	if err != nil {
		return nil, err
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, err
	}
	if r.Info.ID != id {
		return nil, errors.New("it is of another run")
	}
	e := newEntry(r.Info, r.Client)
	e.events = r.Events
	for _, ev := range r.Events {
		e.number = max(e.number, ev.Number)
	}
	if !e.now.State.Final() {
		e.number += gap
		e.end(Failed, errs.List{interrupted()}, nil)
		j.removeResults(e)
		j.save(e)
	}
	return e, nil
}

// removeResults removes the rows that a run has kept, but not its file.
func (j *Jobs) removeResults(e *entry) {
	entries, err := os.ReadDir(j.folder(e.id))
	if err != nil {
		return // there is nothing
	}
	for _, f := range entries {
		if f.IsDir() {
			err = errors.Join(err, os.RemoveAll(filepath.Join(j.folder(e.id), f.Name())))
		}
	}
	if err != nil {
		j.o.Log.Warn("results not removed", "run", e.id, "error", err)
	}
}

// trim removes runs that are too old or too many, and the oldest whose results
// take too many bytes.
func (j *Jobs) trim() {
	old := time.Now().Add(-j.o.Age)
	var gone []*entry
	j.mu.Lock()
	total := int64(0)
	count := 0
	keep := make([]*entry, 0, len(j.order))
	for _, e := range slices.Backward(j.order) {
		i := e.info()
		if i.State.Final() {
			bytes := int64(0)
			for _, r := range i.Results {
				bytes += r.Bytes
			}
			// The latest stays, however large: somebody is waiting for it.
			if i.Ended.Before(old) || count >= j.o.Most || total > 0 && total+bytes > j.o.Bytes {
				gone = append(gone, e)
				delete(j.runs, e.id)
				delete(j.asked, client{e.account, e.client})
				continue
			}
			total += bytes
		}
		count++
		keep = append(keep, e)
	}
	slices.Reverse(keep)
	j.order = keep
	j.mu.Unlock()
	slices.SortFunc(gone, func(a, b *entry) int { return cmp.Compare(a.id, b.id) })
	for _, e := range gone {
		j.pages.forget(e.id)
		if err := os.RemoveAll(j.folder(e.id)); err != nil {
			j.o.Log.Warn("run not removed", "run", e.id, "error", err)
		}
	}
}
