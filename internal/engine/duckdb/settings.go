package duckdb

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/weftworks/weft/internal/worker"
)

// setting is one configuration option: the SQL literal that sets it, and how
// it must read back.
type setting struct {
	name string
	sql  string
	want func(got string) bool
}

// openSettings are those that take effect only, or also, at open: nothing may
// be fetched or loaded before the rest is set.
func openSettings() map[string]string {
	return map[string]string{
		"allow_unsigned_extensions":    "false",
		"autoinstall_known_extensions": "false",
		"autoload_known_extensions":    "false",
	}
}

// settings lists all options in the order in which they must be set. Once
// enable_external_access is off, the paths cannot be changed; while it is on,
// the lists of paths mean nothing. Extensions that are linked in (parquet,
// json, icu) stay available. The configuration is locked last.
func settings(s worker.Setup) ([]setting, error) {
	spill, err := spillLimit(s)
	if err != nil {
		return nil, err
	}
	threads := s.Threads
	if threads <= 0 {
		threads = runtime.NumCPU()
	}
	list := []setting{
		text("temp_directory", s.Temp),
		size("max_temp_directory_size", spill),
		integer("threads", threads),
		paths("allowed_directories", directories(s), s.Temp),
		paths("allowed_paths", files(s)),
		flag("enable_external_access", false),
		// The rest, in no order that matters.
		flag("autoinstall_known_extensions", false),
		flag("autoload_known_extensions", false),
		flag("allow_community_extensions", false),
		flag("allow_unsigned_extensions", false),
		flag("allow_extensions_metadata_mismatch", false),
		flag("allow_persistent_secrets", false),
		flag("allow_unredacted_secrets", false),
		text("home_directory", s.Dir),
		text("extension_directory", s.Dir),
		text("secret_directory", s.Dir),
		flag("enable_external_file_cache", false), // a file may change between two previews
		integer("max_expression_depth", 1000),
		text("TimeZone", "UTC"),
		text("Calendar", "gregorian"),
		flag("preserve_insertion_order", true),
		flag("ieee_floating_point_ops", true),
		flag("integer_division", false),
		text("default_collation", ""),
		// Fails inside for row_number() = 1 above a BETWEEN over constants, and
		// earlier releases lost rows by it. It gains 0 to 10 % of the time.
		text("disabled_optimizers", "top_n_window_elimination"),
		flag("arrow_large_buffer_size", false),
		flag("arrow_output_list_view", false),
		flag("arrow_lossless_conversion", false),
		flag("produce_arrow_string_view", false),
		text("arrow_output_version", "1.0"),
		flag("enable_progress_bar", true), // else there is no progress to ask for
		flag("enable_progress_bar_print", false),
		flag("errors_as_json", false),
		paths("allowed_configs", nil),
		flag("lock_configuration", true),
	}
	if s.Memory > 0 {
		list = slices.Insert(list, 2, size("memory_limit", s.Memory))
	}
	return list, nil
}

// lockDown sets all settings in order, then reads them back and compares.
func (e *Engine) lockDown(ctx context.Context, s worker.Setup) error {
	list, err := settings(s)
	if err != nil {
		return err
	}
	for _, o := range list {
		if _, err := e.run(ctx, "SET "+o.name+" = "+o.sql, nil); err != nil {
			return fmt.Errorf("duckdb: set %s: %w", o.name, err)
		}
	}
	got, err := e.currentSettings(ctx)
	if err != nil {
		return fmt.Errorf("duckdb: read settings: %w", err)
	}
	for _, o := range list {
		if value, ok := got[o.name]; !ok || !o.want(value) {
			return fmt.Errorf("duckdb: setting %s was set to %s and is %q", o.name, o.sql, value)
		}
	}
	return nil
}

// currentSettings reads all settings as DuckDB shows them.
func (e *Engine) currentSettings(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	err := e.Query(ctx, "SELECT name, value FROM duckdb_settings()", 0, func(b arrow.RecordBatch) error {
		names, values := b.Column(0).(*array.String), b.Column(1).(*array.String)
		for i := range names.Len() {
			if values.IsValid(i) {
				all[strings.Clone(names.Value(i))] = strings.Clone(values.Value(i))
			}
		}
		return nil
	})
	return all, err
}

func flag(name string, v bool) setting {
	return setting{name, strconv.FormatBool(v), func(got string) bool { return got == strconv.FormatBool(v) }}
}

func integer(name string, v int) setting {
	return setting{name, strconv.Itoa(v), func(got string) bool { return got == strconv.Itoa(v) }}
}

func text(name, v string) setting {
	return setting{name, quote(v), func(got string) bool { return got == v }}
}

// paths sets a list of paths; DuckDB adds those in also by itself. Folders
// read back with a slash at the end.
func paths(name string, list []string, also ...string) setting {
	quoted := make([]string, len(list))
	want := map[string]bool{}
	for i, p := range list {
		quoted[i] = quote(p)
		want[p] = true
	}
	for _, p := range also {
		want[p] = true
	}
	return setting{name, "[" + strings.Join(quoted, ", ") + "]", func(got string) bool {
		return got == showPaths(want, "") || got == showPaths(want, "/")
	}}
}

// showPaths renders a list as DuckDB shows it, sorted.
func showPaths(set map[string]bool, end string) string {
	var list []string
	for _, p := range slices.Sorted(maps.Keys(set)) {
		list = append(list, strings.TrimSuffix(p, "/")+end)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// size sets a number of bytes. DuckDB shows it rounded to a tenth of a unit.
func size(name string, bytes int64) setting {
	return setting{name, quote(strconv.FormatInt(bytes, 10) + "B"), func(got string) bool {
		return sizeMatches(got, bytes)
	}}
}

func sizeMatches(got string, bytes int64) bool {
	number, unit, _ := strings.Cut(got, " ")
	n, err := strconv.ParseFloat(number, 64)
	factor, ok := map[string]float64{
		"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40, "PiB": 1 << 50,
	}[unit]
	return err == nil && ok && float64(bytes) >= n*factor-1 && float64(bytes) <= (n+0.11)*factor+1
}

// quote is a string literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
