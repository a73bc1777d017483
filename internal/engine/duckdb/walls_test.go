package duckdb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
)

func TestRefusals(t *testing.T) {
	outside := filepath.Join(realTemp(t), "outside.csv")
	single := filepath.Join(realTemp(t), "single.csv")
	for _, f := range []string{outside, single} {
		if err := os.WriteFile(f, []byte("a\n1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, dir, input := start(t, func(cfg *worker.Config) { cfg.Reads = append(cfg.Reads, single) })
	if err := os.WriteFile(filepath.Join(input, "in.csv"), []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{dir, input} {
		if err := os.Symlink(outside, filepath.Join(folder, "link.csv")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Dir(outside), filepath.Join(folder, "linked")); err != nil {
			t.Fatal(err)
		}
	}
	for name, file := range map[string]string{"folder": filepath.Join(input, "in.csv"), "file": single} {
		if got := values(t, c, "SELECT count(*) FROM read_csv("+quoted(file)+")"); got[0] != "1" {
			t.Errorf("allowed %s: %v", name, got)
		}
	}

	queries := map[string]string{
		"read_text":       "SELECT * FROM read_text('/etc/passwd')",
		"read_csv":        "SELECT * FROM read_csv(" + quoted(outside) + ")",
		"glob":            "SELECT * FROM glob('/etc/*')",
		"sniff_csv":       "SELECT * FROM sniff_csv('/etc/passwd')",
		"query()":         "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
		"dots":            "SELECT * FROM read_text(" + quoted(dir+"/../../../../../../../../../etc/passwd") + ")",
		"prefix":          "SELECT * FROM read_text(" + quoted(dir+"x/a") + ")",
		"link in dir":     "SELECT * FROM read_csv(" + quoted(filepath.Join(dir, "link.csv")) + ")",
		"link in input":   "SELECT * FROM read_csv(" + quoted(filepath.Join(input, "link.csv")) + ")",
		"linked folder":   "SELECT * FROM read_csv(" + quoted(filepath.Join(input, "linked", "outside.csv")) + ")",
		"http":            "SELECT * FROM read_csv('https://127.0.0.1:1/a.csv')",
		"s3":              "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
		"home":            "SELECT * FROM read_text('~/../../../../../../../etc/passwd')",
		"attach":          "ATTACH " + quoted(outside) + " AS x",
		"set":             "SET threads = 1",
		"pragma":          "PRAGMA threads = 1",
		"reset":           "RESET memory_limit",
		"call":            "CALL enable_logging()",
		"copy":            "COPY (SELECT 1) TO " + quoted(filepath.Join(dir, "x.csv")),
		"explain analyze": "EXPLAIN ANALYZE SELECT 1",
		"two":             "SELECT 1; SELECT 2",
		"hidden":          "SELECT 1; SET threads = 1",
		"nothing":         " -- comment",
	}
	for name, sql := range queries {
		t.Run("query "+name, func(t *testing.T) { refused(t, c.Query(t.Context(), sql, 0, discard), outside, dir) })
	}
	commands := map[string]string{
		"copy outside":                    "COPY (SELECT 1) TO " + quoted(filepath.Join(filepath.Dir(outside), "new.csv")),
		"copy over a file":                "COPY (SELECT 1) TO " + quoted(outside),
		"copy through link":               "COPY (SELECT 1) TO " + quoted(filepath.Join(dir, "link.csv")),
		"copy into linked":                "COPY (SELECT 1) TO " + quoted(filepath.Join(dir, "linked", "new.csv")),
		"copy from":                       "COPY (SELECT * FROM read_text('/etc/passwd')) TO " + quoted(filepath.Join(dir, "stolen.csv")),
		"table of a file":                 "CREATE TEMP TABLE x AS SELECT * FROM read_text('/etc/passwd')",
		"attach":                          "ATTACH " + quoted(filepath.Join(dir, "x.duckdb")) + " AS x",
		"attach outside":                  "ATTACH " + quoted(outside) + " AS x",
		"install":                         "INSTALL httpfs",
		"load":                            "LOAD httpfs",
		"load a file":                     "LOAD " + quoted(outside),
		"set":                             "SET enable_external_access = true",
		"set memory":                      "SET GLOBAL memory_limit = '100GB'",
		"set lock":                        "SET lock_configuration = false",
		"reset":                           "RESET lock_configuration",
		"pragma":                          "PRAGMA enable_external_access",
		"secret":                          "CREATE PERSISTENT SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
		"export":                          "EXPORT DATABASE " + quoted(filepath.Dir(outside)),
		"import":                          "IMPORT DATABASE " + quoted(filepath.Dir(outside)),
		"call":                            "CALL enable_logging(storage_path = " + quoted(filepath.Dir(outside)) + ")",
		"query where a command is needed": "SELECT 1",
	}
	for name, sql := range commands {
		t.Run("exec "+name, func(t *testing.T) {
			_, err := c.Exec(t.Context(), sql, nil)
			refused(t, err, outside, dir)
		})
	}
	if text, err := os.ReadFile(outside); err != nil || string(text) != "a\n1\n" {
		t.Errorf("the file outside now holds %q, error %v", text, err)
	}
	if list, _ := os.ReadDir(filepath.Dir(outside)); len(list) != 1 {
		t.Errorf("files appeared outside: %v", list)
	}
}

// refused wants an error of the user's making that gives no path away.
func refused(t *testing.T, err error, secrets ...string) {
	t.Helper()
	switch errs.KindOf(err) {
	case errs.Denied, errs.Invalid, errs.NotFound, errs.Unreadable, errs.Failed:
	default:
		t.Errorf("got %v of kind %v", err, errs.KindOf(err))
	}
	if err == nil {
		return
	}
	for _, e := range errs.All(err) {
		for _, lang := range []string{"en", "ru"} {
			for _, s := range append(secrets, "LINE 1", "/etc/", "root:") {
				if strings.Contains(e.Text(lang), s) {
					t.Errorf("the message shows %s: %s", s, e.Text(lang))
				}
			}
		}
	}
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func TestSettingsHold(t *testing.T) {
	c, dir, input := start(t, func(cfg *worker.Config) { cfg.Spill = 100 << 20 })
	want := map[string]string{
		"allow_community_extensions":         "false",
		"allow_extensions_metadata_mismatch": "false",
		"allow_persistent_secrets":           "false",
		"allow_unredacted_secrets":           "false",
		"allow_unsigned_extensions":          "false",
		"allowed_configs":                    "[]",
		"allowed_paths":                      "[]",
		"autoinstall_known_extensions":       "false",
		"autoload_known_extensions":          "false",
		"enable_external_access":             "false",
		"enable_external_file_cache":         "false",
		"extension_directory":                dir,
		"home_directory":                     dir,
		"lock_configuration":                 "true",
		"max_expression_depth":               "1000",
		"max_temp_directory_size":            "100.0 MiB",
		"memory_limit":                       "512.0 MiB",
		"preserve_insertion_order":           "true",
		"secret_directory":                   dir,
		"temp_directory":                     filepath.Join(dir, "tmp"),
		"threads":                            "2",
		"TimeZone":                           "UTC",
	}
	for name, value := range want {
		got := values(t, c, fmt.Sprintf("SELECT value FROM duckdb_settings() WHERE name = '%s'", name))
		if len(got) != 1 || got[0] != value {
			t.Errorf("%s is %v, want %s", name, got, value)
		}
	}
	got := values(t, c, "SELECT value FROM duckdb_settings() WHERE name = 'allowed_directories'")
	for _, folder := range []string{dir, input} {
		if !strings.Contains(got[0], folder+"/") {
			t.Errorf("allowed_directories is %v, without %s", got, folder)
		}
	}
	if n := strings.Count(got[0], ", "); n != 2 { // and the folder for spilling
		t.Errorf("allowed_directories is %v", got)
	}
}
