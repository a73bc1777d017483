package duckdb

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/worker"
)

// maxDetail bounds what of the engine's text is shown, in bytes.
const maxDetail = 300

// wrapped stands before the true text of an error that comes after the first
// rows of a result.
const wrapped = "Attempting to execute an unsuccessful or closed pending query result\nError: "

// class is what errors of one of DuckDB's classes mean to users.
type class struct {
	kind    errs.Kind
	message errs.Message
}

// classes maps the name of the class that DuckDB's texts begin with.
func classes() map[string]class {
	query := class{errs.Invalid, msgQuery}
	internal := class{errs.Internal, msgInternal}
	value := class{errs.Failed, msgValue}
	return map[string]class{
		"Conversion":             {errs.Failed, msgConversion},
		"Mismatch Type":          {errs.Failed, msgConversion},
		"Decimal":                {errs.Failed, msgConversion},
		"Out of Range":           {errs.Failed, msgRange},
		"Divide by Zero":         value,
		"Invalid Input":          value,
		"Object Size":            value,
		"Constraint":             value,
		"Out of Memory":          {errs.Exhausted, msgMemory},
		"IO":                     {errs.Unreadable, msgFileIO},
		"Permission":             {errs.Denied, msgDenied},
		"Missing Extension":      {errs.Denied, msgDenied},
		"Extension Autoloading":  {errs.Denied, msgDenied},
		"INTERRUPT":              {errs.Canceled, msgCanceled},
		"Parser":                 query,
		"Syntax":                 query,
		"Binder":                 query,
		"Catalog":                query,
		"Parameter Not Resolved": query,
		"Parameter Not Allowed":  query,
		"Not implemented":        query,
		"Invalid type":           query,
		"INTERNAL":               internal,
		"FATAL":                  internal,
		"Serialization":          internal,
		"NullPointer":            internal,
	}
}

// tidier turns DuckDB's texts into errors that users may see: without paths
// of the host, without the excerpt of a query that users did not write.
type tidier struct {
	paths *strings.Replacer
	host  *regexp.Regexp // a path in quotes that leads out of the folders
	limit string
}

func newTidier(s worker.Setup) tidier {
	pairs := []string{s.Temp + "/", "", s.Dir + "/", ""}
	for _, p := range s.Reads {
		if isFolder(p) {
			pairs = append(pairs, p+"/", "")
		}
	}
	return tidier{
		paths: strings.NewReplacer(pairs...),
		host:  regexp.MustCompile(`(["'])(?:[/~][^"']*|[^"']*\.\.[^"']*)["']`),
		limit: fmt.Sprintf("%d MiB", s.Memory>>20),
	}
}

// parsing is error for a text that the parser gave; empty means no statement.
func (t tidier) parsing(text string) error {
	if text == "" {
		return errs.New(errs.Invalid, msgNoStatement, nil)
	}
	return t.error(text)
}

// error classifies a text of DuckDB's, "Conversion Error: …", and keeps it
// whole as the cause.
func (t tidier) error(text string) error {
	if _, inner, ok := strings.Cut(text, wrapped); ok {
		text = inner
	}
	name, rest, ok := strings.Cut(text, " Error: ")
	c, known := classes()[name]
	if !ok || !known {
		c, rest = class{errs.Failed, msgFailed}, text
	}
	if e := t.special(text, rest); e != nil {
		return e
	}
	c = refine(c, rest)
	params := errs.P{"detail": t.detail(rest), "limit": t.limit}
	return errs.New(c.kind, c.message, params).Because(errors.New(text))
}

// refine looks at the text where the class alone says too little.
func refine(c class, text string) class {
	has := func(s string) bool { return strings.Contains(text, s) }
	switch c.message.ID {
	case msgMemory.ID:
		if has("max_temp_directory_size") {
			return class{errs.Exhausted, msgSpill}
		}
	case msgFileIO.ID:
		switch {
		case has("No files found") || has("No such file") || has("does not exist"):
			return class{errs.NotFound, msgNoFile}
		case has("No space left") || has("Disk quota"):
			return class{errs.Exhausted, msgDiskFull}
		}
	case msgValue.ID, msgConversion.ID:
		if has("CSV Error") || has("magic bytes") || has("arquet file") || has("Parquet") || has("Footer length") ||
			has("Failed to read file") || has("Incorrect stats size") {
			return class{errs.Unreadable, msgFile}
		}
	case msgFailed.ID:
		// What the reader of Parquet's own descriptions says, in no class of DuckDB's.
		if has("TProtocolException") || has("don't know what type") || has("Out of buffer") || has("TTransportException") {
			return class{errs.Unreadable, msgFile}
		}
	}
	return c
}

// detail is the first line of a text, safe and short.
func (t tidier) detail(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	line = t.paths.Replace(line)
	line = t.host.ReplaceAllStringFunc(line, func(s string) string {
		return s[:1] + path.Base(s[1:len(s)-1]) + s[len(s)-1:]
	})
	line = strings.TrimSpace(line)
	if len(line) <= maxDetail {
		return line
	}
	cut := maxDetail
	for !utf8.RuneStart(line[cut]) {
		cut--
	}
	return line[:cut] + "…"
}
