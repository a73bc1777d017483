package web

import (
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

// NoncePlaceholder is what stands in Studio's index.html where the nonce of
// the content security policy goes.
const NoncePlaceholder = "__WEFT_NONCE__"

//go:embed fallback
var fallback embed.FS

var noIndex = errs.Message{
	ID: "web.no_index",
	En: "The folder of Studio holds no index.html.",
	Ru: "В каталоге Studio нет index.html.",
}

// studio is the fixed list of files that are handed out under /app/.
type studio struct {
	files map[string]*file // by path: assets/index-3f2a.js
	index string           // index.html
	fsys  fs.FS
}

// file is one of them.
type file struct {
	contentType string
	etag        string
	size        int64
	packed      map[string]packed // by content encoding
}

// packed is a file beside another that holds it compressed.
type packed struct {
	name string
	size int64
}

// loadStudio lists fsys once; what is not there then is never handed out. A
// file name.gz or name.br beside name is its compressed form.
func loadStudio(fsys fs.FS) (*studio, error) {
	if fsys == nil {
		fsys, _ = fs.Sub(fallback, "fallback") // the folder is embedded
	}
	s := &studio{files: map[string]*file{}, fsys: fsys}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		f, err := describe(fsys, name)
		s.files[name] = f
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list studio: %w", err)
	}
	s.pairUp()
	index, err := fs.ReadFile(fsys, "index.html")
	if err != nil {
		return nil, errs.New(errs.NotFound, noIndex, nil).Because(err)
	}
	s.index = string(index)
	return s, nil
}

func describe(fsys fs.FS, name string) (*file, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	return &file{
		contentType: contentType(name),
		etag:        hex.EncodeToString(sum.Sum(nil)[:12]),
		size:        size,
		packed:      map[string]packed{},
	}, err
}

// pairUp moves compressed forms to the files that they are of.
func (s *studio) pairUp() {
	for name, f := range s.files {
		for encoding, ext := range map[string]string{"br": ".br", "gzip": ".gz"} {
			if plain, ok := s.files[strings.TrimSuffix(name, ext)]; ok && strings.HasSuffix(name, ext) {
				plain.packed[encoding] = packed{name, f.size}
				delete(s.files, name)
			}
		}
	}
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".wasm":
		return "application/wasm"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// serveIndex writes Studio's page with a new nonce. It has no validator: a
// page kept by the browser would meet the policy of another answer.
func (s *studio) serveIndex(w http.ResponseWriter, r *http.Request, policy func(nonce string) string) {
	nonce := newNonce()
	body := strings.ReplaceAll(s.index, NoncePlaceholder, nonce)
	h := w.Header()
	h.Set("Content-Security-Policy", policy(nonce))
	h.Set("Content-Type", contentType("index.html"))
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, body) // the browser is gone
	}
}

func newNonce() string {
	var b [18]byte
	_, _ = rand.Read(b[:]) // never fails, as its documentation says
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// serve writes one file of the list.
func (s *studio) serve(w http.ResponseWriter, r *http.Request, name string, f *file) {
	encoding, from, size := f.choose(r.Header.Get("Accept-Encoding"), name)
	etag := `"` + f.etag + encoding + `"`
	h := w.Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", caching(name))
	if len(f.packed) > 0 {
		h.Set("Vary", "Accept-Encoding")
	}
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	if r.Method == http.MethodHead {
		return
	}
	in, err := s.fsys.Open(from)
	if err != nil {
		panic(http.ErrAbortHandler) // the folder has changed below us: the answer is cut, so that nobody keeps it
	}
	defer in.Close()
	_, _ = io.CopyN(w, in, size) // the browser is gone
}

func (f *file) choose(accepted, name string) (encoding, from string, size int64) {
	for _, encoding := range []string{"br", "gzip"} {
		if p, ok := f.packed[encoding]; ok && accepts(accepted, encoding) {
			return encoding, p.name, p.size
		}
	}
	return "", name, f.size
}

// accepts tells whether an Accept-Encoding takes an encoding.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(name, encoding) {
			weight, err := strconv.ParseFloat(strings.TrimPrefix(q, "q="), 64)
			return q == "" || err == nil && weight > 0
		}
	}
	return false
}

func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimPrefix(strings.TrimSpace(part), "W/"); part == etag || part == "*" {
			return true
		}
	}
	return false
}

// caching: files below assets carry a hash of their content in their name.
func caching(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return fmt.Sprintf("public, max-age=%d, immutable", int((365 * 24 * time.Hour).Seconds()))
	}
	return "no-cache"
}
