package web

import (
	"encoding/json"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/errs"
)

var noServerJSON = errs.Message{
	ID: "web.no_server_json",
	En: "studio.server_json ({file}) can't be read.",
	Ru: "Файл studio.server_json ({file}) не читается.",
}

// serverJSON is what /app/server.json holds: made from the configuration, or
// the administrator's file, which is read again when it has changed. A file
// with a mistake is handed out as it stands, since Studio shows the mistake to
// the person who can mend it.
type serverJSON struct {
	file string
	log  *slog.Logger

	mu     sync.Mutex
	stamp  time.Time
	text   []byte
	parsed *address.File // nil: the file is wrong
}

func loadServerJSON(c *Config, log *slog.Logger) (*serverJSON, error) {
	s := &serverJSON{file: c.ServerJSONFile, log: log}
	if s.file == "" {
		made := c.serverJSON()
		text, err := json.Marshal(made)
		s.text, s.parsed = append(text, '\n'), &made
		return s, err
	}
	if err := s.read(); err != nil {
		return nil, errs.New(errs.Unreadable, noServerJSON, errs.P{"file": s.file}).Because(err)
	}
	if s.parsed != nil && s.parsed.WSProxy != c.Proxy {
		log.Warn("studio.server_json and proxy.enabled disagree on the proxy", "file", s.file, "wsproxy", s.parsed.WSProxy, "proxy.enabled", c.Proxy)
	}
	return s, nil
}

func (s *serverJSON) read() error {
	info, err := os.Stat(s.file)
	if err != nil || info.ModTime().Equal(s.stamp) {
		return err
	}
	text, err := os.ReadFile(s.file)
	if err != nil {
		return err
	}
	s.stamp, s.text, s.parsed = info.ModTime(), text, nil
	parsed, err := address.Parse(text)
	if err != nil {
		s.log.Warn("studio.server_json is wrong; Studio will show it", "file", s.file, "err", err)
		return nil
	}
	s.parsed = &parsed
	return nil
}

// get returns the text and, unless it is wrong, what it says.
func (s *serverJSON) get() ([]byte, *address.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file != "" {
		if err := s.read(); err != nil {
			s.log.Warn("studio.server_json can't be read again, the last one stays", "file", s.file, "err", err)
		}
	}
	return s.text, s.parsed
}
