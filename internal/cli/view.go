package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// The forms of a table.
const (
	formatTable   = "table"
	formatCSV     = "csv"
	formatJSON    = "json"
	formatParquet = "parquet"
)

func formats() []string { return []string{formatTable, formatCSV, formatJSON, formatParquet} }

// headRows is how many rows a table for people shows where no limit is given.
const headRows = 40

// view is where the rows of a run go: to standard output or a file, as a
// table, CSV, JSON or Parquet.
type view struct {
	program *program
	flags   runFlags
	shows   bool // there is a table at all
	alone   bool // nothing but the table is made
	schema  rel.Schema
	to      io.Writer
	file    *os.File    // with --out
	place   string      // where the file goes when all is well; "": it is there
	stream  grid.Stream // nil for a table and for Parquet
	head    [][]rel.Value
	rows    int64
}

// newView makes the view of the one target that is no file.
func (p *program) newView(f runFlags, targets []plan.Target) (*view, error) {
	v := &view{program: p, flags: f, to: p.out, alone: true}
	for _, t := range targets {
		if sink(t) {
			v.alone = false
			continue
		}
		v.shows, v.schema = true, t.Rel().Schema()
	}
	if !v.shows {
		if f.out != "" {
			return nil, wrongUsage(msgNothingShown, "path", f.out)
		}
		return v, nil
	}
	if f.out != "" {
		if err := v.openFile(); err != nil {
			return nil, writable(f.out, err)
		}
	}
	switch f.format {
	case formatCSV:
		v.stream = grid.CSV(v.to, v.schema)
	case formatJSON:
		v.stream = grid.JSON(v.to, v.schema)
	}
	return v, nil
}

// openFile opens what is written to for --out: a new file beside the place
// that it gets at the end, or a device or pipe itself.
func (v *view) openFile() error {
	v.place = v.flags.out
	if real, err := filepath.EvalSymlinks(v.place); err == nil {
		v.place = real
	}
	info, err := os.Stat(v.place)
	switch {
	case err == nil && info.IsDir():
		return errIsFolder
	case err == nil && !info.Mode().IsRegular():
		v.place = ""
		v.file, err = os.OpenFile(v.flags.out, os.O_WRONLY, 0)
	default:
		v.file, err = os.CreateTemp(filepath.Dir(v.place), ".weft-out-*")
	}
	v.to = v.file
	return err
}

// batch takes rows as they come.
func (v *view) batch(b arrow.RecordBatch) error {
	v.rows += b.NumRows()
	if v.program.out.broken {
		return nil
	}
	if v.stream == nil {
		want := int64(headRows)
		if v.flags.limit > 0 {
			want = v.flags.limit
		}
		if missing := want - int64(len(v.head)); missing > 0 {
			part := b.NewSlice(0, min(missing, b.NumRows()))
			v.head = append(v.head, run.Rows(part)...)
			part.Release()
		}
		return nil
	}
	err := v.stream.Rows(run.Rows(b))
	if v.program.out.broken && !v.alone {
		return nil // nobody reads on, but there are files to be made
	}
	return v.wrong(err)
}

// copy takes the whole table as a file.
func (v *view) copy(file string) error {
	src, err := os.Open(file)
	if err != nil {
		return err
	}
	defer src.Close()
	_, err = io.Copy(v.to, src)
	return v.wrong(err)
}

// finish writes what is left and puts the file of --out in its place.
func (v *view) finish() error {
	if !v.shows {
		return nil
	}
	var err error
	switch {
	case v.stream != nil:
		err = v.stream.Close()
	case v.flags.format == formatTable:
		err = v.printHead()
	}
	if err != nil || v.file == nil {
		return errors.Join(v.wrong(err), v.discard())
	}
	if v.place == "" {
		return v.wrong(v.file.Close())
	}
	err = errors.Join(v.file.Chmod(0o644), v.file.Sync(), v.file.Close())
	if err == nil {
		err = os.Rename(v.file.Name(), v.place)
	}
	if err != nil {
		return errors.Join(v.wrong(err), v.discard())
	}
	return nil
}

// discard removes what was written to the file of --out.
func (v *view) discard() error {
	if v.file == nil {
		return nil
	}
	v.file.Close()
	if v.place == "" {
		return nil
	}
	if err := os.Remove(v.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// wrong words an error of writing.
func (v *view) wrong(err error) error {
	name := v.flags.out
	if name == "" {
		name = errs.Words{En: "standard output", Ru: "стандартный вывод"}.Text(v.program.lang)
	}
	return writable(name, err)
}

// printHead prints the first rows and says how many there are.
func (v *view) printHead() error {
	p := v.program
	style := p.style
	if v.file != nil {
		style = grid.Style{Lang: p.lang}
	}
	if err := grid.Text(v.to, v.schema, v.head, style); err != nil {
		return err
	}
	if more := v.rows - int64(len(v.head)); more > 0 {
		words := errs.Words{En: "… and " + p.count(more) + " more", Ru: "… и ещё " + p.rows(more)}
		if _, err := fmt.Fprintf(v.to, "%s\n", style.Dim(words.Text(p.lang))); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(v.to, "%s\n", style.Dim(p.rows(v.rows)+", "+seconds(time.Since(p.begin), p.lang)))
	return err
}

// notes is where words beside the table go: below it, or to standard error
// where the output is for programs.
func (v *view) notes() (io.Writer, grid.Style) {
	if v.flags.format == formatTable && v.file == nil {
		return v.program.out, v.program.style
	}
	return v.program.err, v.program.warn
}

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
