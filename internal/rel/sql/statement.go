package sql

import (
	"fmt"
	"strings"

	"github.com/weftworks/weft/internal/rel"
)

// Copy writes a query's rows to a file, or with how.Parts to a folder; in the
// query's order where it has one, but with Parts only within each part.
func (d Dialect) Copy(query, path string, how rel.FileFormat) string {
	if !how.Parquet && how.Header && len(how.Labels) > 0 {
		query = titled(query, how.Labels)
	}
	if how.PartRows > 0 {
		query = inOrder(query)
	}
	return "COPY (\n" + query + "\n) TO " + text(path) + " (" + strings.Join(copyOptions(how), ", ") + ")"
}

// inOrder has one thread hand on the rows of a query in their order, whatever
// computes them below. The engine lets every thread write parts of its own
// otherwise, numbered as they are begun; a limit is its only operator that no
// two threads share.
func inOrder(query string) string {
	return "SELECT * FROM (\n" + query + "\n) LIMIT 9223372036854775807"
}

// titled gives the columns of a query the labels that stand in the first line
// of a file. The engine numbers names that come twice; where labels do, the
// first line is a row.
func titled(query string, labels []string) string {
	names, clash := make([]string, len(labels)), false
	seen := make(map[string]bool, len(labels))
	for i, l := range labels {
		names[i] = ident(l)
		clash = clash || l == "" || seen[rel.Fold(l)]
		seen[rel.Fold(l)] = true
	}
	if !clash {
		return "SELECT * FROM (\n" + query + "\n) AS t(" + strings.Join(names, ", ") + ")"
	}
	return "SELECT " + texts(labels) + "\nUNION ALL\nSELECT * FROM (\n" + query + "\n)"
}

// clashing reports whether titled writes the first line as a row.
func clashing(labels []string) bool { return strings.HasPrefix(titled("", labels), "SELECT '") }

func copyOptions(how rel.FileFormat) []string {
	out := []string{"FORMAT parquet"}
	switch {
	case !how.Parquet:
		out = textOptions(how)
	case how.Compression == "none":
		out = append(out, "COMPRESSION uncompressed")
	case how.Compression != "":
		out = append(out, "COMPRESSION "+text(how.Compression))
	}
	if how.Parquet {
		// The engine's filter for 0.0 misses files whose dictionary holds -0.0.
		out = append(out, "WRITE_BLOOM_FILTER false")
	}
	if how.Parts {
		out = append(out, "PER_THREAD_OUTPUT true")
	}
	if how.PartRows > 0 {
		out = append(out, fmt.Sprintf("ROW_GROUP_SIZE %d", how.PartRows), "ROW_GROUPS_PER_FILE 1")
	}
	return out
}

func textOptions(how rel.FileFormat) []string {
	header := how.Header && !clashing(how.Labels)
	out := []string{
		"FORMAT csv", fmt.Sprintf("HEADER %t", header), "DELIMITER " + text(how.Delimiter),
		"QUOTE " + text(how.Quote), "ESCAPE " + text(how.Quote), "NULLSTR " + text(how.Null),
	}
	if how.QuoteAll {
		out = append(out, "FORCE_QUOTE *")
	}
	return out
}

// CreateTable keeps a query's rows in a table of the session.
func (d Dialect) CreateTable(name, query string) string {
	return "CREATE TEMP TABLE " + ident(name) + " AS\n" + query
}

// DropTable removes a table of the session.
func (d Dialect) DropTable(name string) string { return "DROP TABLE IF EXISTS " + ident(name) }

// DescribeParquet is a query whose columns are those of Parquet files. paths
// are the engine's.
func (d Dialect) DescribeParquet(paths []string) string {
	return "SELECT * FROM read_parquet(" + fileList(paths) + ")"
}

// CountParquet is a query for the number of rows of Parquet files, one row
// with one integer, answered from their footers.
func (d Dialect) CountParquet(paths []string) string {
	return "SELECT count(*) AS rows FROM read_parquet(" + fileList(paths) + ")"
}

// CountParts is a query for the rows of each of several Parquet files, one row
// a file with the file's path and an integer, answered from their footers.
func (d Dialect) CountParts(paths []string) string {
	return "SELECT file_name, CAST(num_rows AS BIGINT) AS rows FROM parquet_file_metadata(" + fileList(paths) + ")"
}

// fileList spells paths as a list of files, none of which is a pattern.
func fileList(paths []string) string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = literalPath(p)
	}
	return "[" + texts(out) + "]"
}

// literalPath takes their meaning from the characters that the engine would
// read as a pattern.
func literalPath(p string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(p)
}
