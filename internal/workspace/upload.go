package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// Uploads are files on their way into a tree, kept in a folder of their own on
// its disk until they are whole. They outlive connections and the process.
type Uploads struct {
	root *os.Root
	tree *Tree
	busy keyed
}

// Upload is one file on its way.
type Upload struct {
	ID      string `json:"-"`
	Owner   string `json:"owner"`  // who began it: nobody else knows it
	Client  string `json:"client"` // the owner's own id of it
	Path    string `json:"path"`   // where the file shall stand
	Size    int64  `json:"size"`   // bytes, as begun
	Replace bool   `json:"replace"`
	Done    bool   `json:"done,omitempty"` // it stands in its place: kept for who did not hear of it
	Offset  int64  `json:"-"`              // bytes that have arrived
}

// maxClient is the length of a client's id of an upload in bytes.
const maxClient = 64

var (
	errNoUpload = errs.Message{
		ID: "workspace.no_upload",
		En: "There is no such upload any more. Begin it again.",
		Ru: "Такой загрузки больше нет. Начните её заново.",
	}
	errUploadID = errs.Message{
		ID: "workspace.upload_id",
		En: "An upload needs an id of 1 to {max} bytes.",
		Ru: "У загрузки должен быть идентификатор от 1 до {max} байт.",
	}
	errUploadOther = errs.Message{
		ID: "workspace.upload_other",
		En: "An upload with this id is under way already, to {path} or of another size.",
		Ru: "Загрузка с этим идентификатором уже идёт: в {path} или другого размера.",
	}
	errUploadSize = errs.Message{
		ID: "workspace.upload_size",
		En: "A file has {size} bytes; that can't be.",
		Ru: "Размер файла {size} байт невозможен.",
	}
	errUploadGap = errs.Message{
		ID: "workspace.upload_gap",
		En: "Bytes from {offset} on were sent, but only {have} have arrived. Go on from there.",
		Ru: "Присланы байты с {offset}, а получено только {have}. Продолжите с этого места.",
	}
	errUploadLong = errs.Message{
		ID: "workspace.upload_long",
		En: "More bytes were sent than the {size} that the upload was begun with. Has the file changed? Begin again.",
		Ru: "Прислано больше {size} байт, с которыми загрузка начиналась. Файл изменился? Начните заново.",
	}
	errUploadShort = errs.Message{
		ID: "workspace.upload_short",
		En: "Of {size} bytes only {have} have arrived.",
		Ru: "Из {size} байт получено только {have}.",
	}
	errUploadSum = errs.Message{
		ID: "workspace.upload_sum",
		En: "What arrived of {path} is not what was sent: the checksums differ. Upload it again.",
		Ru: "Полученное содержимое {path} не совпадает с отправленным: контрольные суммы различны. Загрузите файл снова.",
	}
)

// OpenUploads opens the folder of a tree's uploads, which is made if it is not
// there.
func OpenUploads(dir string, tree *Tree) (*Uploads, error) {
	err := os.MkdirAll(dir, 0o700)
	var root *os.Root
	if err == nil {
		root, err = os.OpenRoot(dir)
	}
	if err != nil {
		return nil, errs.New(kindOf(err), errOpen, errs.P{"path": dir}).Because(err)
	}
	return &Uploads{root: root, tree: tree}, nil
}

// Close closes the folder; uploads stay.
func (u *Uploads) Close() error { return u.root.Close() }

// Begin starts an upload, or finds the owner's own again by the client's id.
// errs.Exists: the file is there and is not to be replaced; errs.Exhausted: the
// workspace would hold too much.
func (u *Uploads) Begin(n Upload) (Upload, error) {
	if n.Client == "" || len(n.Client) > maxClient {
		return n, errs.New(errs.Invalid, errUploadID, errs.P{"max": maxClient})
	}
	if n.Size < 0 {
		return n, errs.New(errs.Invalid, errUploadSize, errs.P{"size": n.Size})
	}
	if err := CheckName(n.Path); err != nil {
		return n, err
	}
	sum := sha256.Sum256([]byte(n.Owner + "\x00" + n.Client))
	n.ID = hex.EncodeToString(sum[:16])
	defer u.busy.lock(n.ID)()
	old, err := u.read(n.Owner, n.ID)
	switch {
	case err == nil && (old.Path != n.Path || old.Size != n.Size):
		return n, errs.New(errs.Conflict, errUploadOther, errs.P{"path": old.Path})
	case err == nil:
		return old, nil
	}
	if err := u.tree.welcomes(n); err != nil {
		return n, err
	}
	return n, u.create(n)
}

func (u *Uploads) create(n Upload) error {
	if err := u.root.WriteFile(part(n.ID), nil, 0o600); err != nil {
		return writeError(n.Path, err)
	}
	return writeError(n.Path, u.write(n))
}

func (u *Uploads) write(n Upload) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return u.root.WriteFile(note(n.ID), text, 0o600)
}

// Get tells how far an upload of the owner has come. errs.NotFound.
func (u *Uploads) Get(owner, id string) (Upload, error) { return u.read(owner, id) }

// Append takes a piece. What is there already is skipped, a gap is refused
// (errs.Conflict). It returns how many bytes have arrived now.
func (u *Uploads) Append(owner, id string, offset int64, data []byte) (int64, error) {
	defer u.busy.lock(id)()
	n, err := u.read(owner, id)
	if err != nil {
		return 0, err
	}
	switch end := offset + int64(len(data)); {
	case offset < 0 || offset > n.Offset:
		return n.Offset, errs.New(errs.Conflict, errUploadGap, errs.P{"offset": offset, "have": n.Offset})
	case end > n.Size:
		return n.Offset, errs.New(errs.Invalid, errUploadLong, errs.P{"size": n.Size})
	case end <= n.Offset:
		return n.Offset, nil
	}
	fresh := data[n.Offset-offset:]
	f, err := u.root.OpenFile(part(id), os.O_WRONLY, 0)
	if err != nil {
		return n.Offset, writeError(n.Path, err)
	}
	_, err = f.WriteAt(fresh, n.Offset)
	if err = errors.Join(err, f.Close()); err != nil {
		return n.Offset, writeError(n.Path, err)
	}
	return n.Offset + int64(len(fresh)), nil
}

// Commit puts the file in its place, whole and durable, and ends the upload.
// sum is its SHA-256, or empty. Done again, it answers what it answered: the
// answer may have been lost.
func (u *Uploads) Commit(owner, id string, sum []byte) (Entry, error) {
	defer u.busy.lock(id)()
	n, err := u.read(owner, id)
	if err != nil {
		return Entry{}, err
	}
	if n.Done {
		return u.tree.Stat(n.Path)
	}
	if n.Offset != n.Size {
		return Entry{}, errs.New(errs.Conflict, errUploadShort, errs.P{"size": n.Size, "have": n.Offset})
	}
	if err := u.finish(n, sum); err != nil {
		return Entry{}, err
	}
	if err := u.tree.room(n.Path, n.Size, 1); err != nil {
		return Entry{}, err
	}
	e, err := u.tree.put(u.root, part(id), n.Path, n.Replace, "")
	if err != nil {
		return Entry{}, err
	}
	n.Done = true
	return e, writeError(n.Path, u.write(n))
}

// finish checks the content and makes it durable.
func (u *Uploads) finish(n Upload, sum []byte) error {
	f, err := u.root.OpenFile(part(n.ID), os.O_RDWR, 0)
	if err != nil {
		return writeError(n.Path, err)
	}
	defer f.Close()
	if len(sum) > 0 {
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return writeError(n.Path, err)
		}
		if string(h.Sum(nil)) != string(sum) {
			return errs.New(errs.Conflict, errUploadSum, errs.P{"path": n.Path})
		}
	}
	return writeError(n.Path, errors.Join(f.Chmod(0o644), f.Sync()))
}

// Abort drops an upload. One that is not there is no error.
func (u *Uploads) Abort(owner, id string) error {
	defer u.busy.lock(id)()
	if _, err := u.read(owner, id); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		return err
	}
	return u.drop(id)
}

func (u *Uploads) drop(id string) error {
	err := errors.Join(gone(u.root.Remove(note(id))), gone(u.root.Remove(part(id))))
	if err != nil {
		return writeError(id, err)
	}
	return nil
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Sweep drops the uploads that nothing was added to for so long, and those that
// are done, and returns how many those were.
func (u *Uploads) Sweep(age time.Duration) (int, error) {
	all, err := fs.ReadDir(u.root.FS(), ".")
	if err != nil {
		return 0, err
	}
	swept := 0
	var failed error
	for _, e := range all {
		id, _, _ := strings.Cut(e.Name(), ".")
		if !u.idle(id, age) {
			continue
		}
		unlock := u.busy.lock(id)
		failed = errors.Join(failed, u.drop(id))
		unlock()
		swept++
	}
	return swept, failed
}

// idle tells whether there is an upload, and neither of its files was written
// for so long.
func (u *Uploads) idle(id string, age time.Duration) bool {
	there := false
	for _, name := range []string{note(id), part(id)} {
		info, err := u.root.Stat(name)
		if err == nil && time.Since(info.ModTime()) < age {
			return false
		}
		there = there || err == nil
	}
	return there
}

// read finds an upload with what has arrived of it. Another's is none.
func (u *Uploads) read(owner, id string) (Upload, error) {
	var n Upload
	none := errs.New(errs.NotFound, errNoUpload, nil)
	if strings.Trim(id, "0123456789abcdef") != "" || id == "" {
		return n, none
	}
	text, err := u.root.ReadFile(note(id))
	if err != nil {
		return n, none.Because(err)
	}
	if err := json.Unmarshal(text, &n); err != nil || n.Owner != owner {
		return Upload{}, none.Because(err)
	}
	n.ID, n.Offset = id, n.Size
	if n.Done {
		return n, nil
	}
	info, err := u.root.Stat(part(id))
	if err != nil {
		return Upload{}, none.Because(err)
	}
	n.Offset = info.Size()
	return n, nil
}

func note(id string) string { return id + ".json" }

func part(id string) string { return id + ".part" }

// welcomes says whether a file may come in, as far as can be told before it
// does.
func (t *Tree) welcomes(n Upload) error {
	dir, base, err := t.parent(n.Path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := t.mayPut(dir, base, n.Path, n.Replace); err != nil {
		return err
	}
	return t.room(n.Path, n.Size, 1)
}

// keyed are locks by name.
type keyed struct {
	mu   sync.Mutex
	held map[string]*counter
}

type counter struct {
	sync.Mutex
	users int
}

// lock takes the lock of a name; the function that it returns lets it go.
func (k *keyed) lock(name string) func() {
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*counter{}
	}
	c := k.held[name]
	if c == nil {
		c = &counter{}
		k.held[name] = c
	}
	c.users++
	k.mu.Unlock()
	c.Lock()
	return func() {
		c.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if c.users--; c.users == 0 {
			delete(k.held, name)
		}
	}
}
