package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// connector opens connections with our settings.
type connector struct {
	drv *sqlite3.SQLiteDriver
	dsn string
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.drv.Open(c.dsn) }

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.drv }

// pool returns a pool of at most n connections to the file. None is opened
// yet.
func pool(file string, writer bool, n int) *sql.DB {
	pragmas := shared()
	if writer {
		pragmas = append(pragmas, "journal_mode = WAL")
	} else {
		// Checkpoints are the writer's alone.
		pragmas = append(pragmas, "query_only = ON", "wal_autocheckpoint = 0")
	}
	return poolOf(name(file, writer), pragmas, n)
}

// poolOf is a pool of at most n connections, each with the settings.
func poolOf(dsn string, pragmas []string, n int) *sql.DB {
	db := sql.OpenDB(connector{
		drv: &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
			return patiently(func() error {
				_, err := c.Exec("PRAGMA "+strings.Join(pragmas, "; PRAGMA "), nil)
				return err
			})
		}},
		dsn: dsn,
	})
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db
}

// patience is how long a connection waits for another's lock.
const patience = 5 * time.Second

// patiently tries again what SQLite refuses at once, without waiting as
// busy_timeout says, while another process turns a new file's log on.
func patiently(do func() error) error {
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := do()
		if e, ok := errors.AsType[sqlite3.Error](err); !ok || e.Code != sqlite3.ErrBusy || time.Now().After(end) {
			return err
		}
	}
}

// shared returns the settings of every connection. FULL: what was
// acknowledged survives a power cut. secure_delete: sessions and hashes that
// are gone are gone from the file. mmap: a fault of the disk must be an error,
// not a signal.
func shared() []string {
	return []string{
		"busy_timeout = 5000", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF",
		"secure_delete = ON", "mmap_size = 0", "cell_size_check = ON",
	}
}

// name is the file as a URI, so that no sign in its path means anything to
// SQLite or the driver.
func name(file string, writer bool) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "_busy_timeout=5000&mode=rw"}
	if writer {
		u.RawQuery += "&_txlock=immediate"
	}
	return u.String()
}
