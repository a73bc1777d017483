package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/parquetinput"
	"github.com/weftworks/weft/internal/components/textinput"
	"github.com/weftworks/weft/internal/discover"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
)

var (
	msgThere = errs.Message{
		ID: "cli.there",
		En: "{path} is there already. Remove it, or choose another name with --out.",
		Ru: "{path} уже есть. Удалите его или выберите другое имя: --out.",
	}
	msgOutsideFolder = errs.Message{
		ID: "cli.outside_folder",
		En: "{path} is not below {folder}, where the package is to stand. Put the package above it with --out, or name a workspace that holds both with --workspace.",
		Ru: "{path} лежит не в {folder}, где будет пакет. Поместите пакет выше (--out) или укажите рабочую папку, в которой есть и то и другое (--workspace).",
	}
)

func (p *program) newCommand() *cobra.Command {
	var out, workspace string
	cmd := &cobra.Command{
		Use:   "new FILE...",
		Short: "Make a package whose inputs are data files",
		Long: `Makes a package with an input for each file. Of text files the encoding, the
delimiter and the types of the columns are found out and written into the
package, where they can be changed. A package that is there is not replaced.`,
		Example: "  weft new sales.csv\n  weft new data/sales.csv data/shops.parquet --out shops.weft",
		Args:    usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.make(cmd.Context(), args, out, workspace)
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the package (default: named for the first file, in this folder)")
	cmd.Flags().StringVar(&workspace, "workspace", "", "folder that holds the package and the files (default: the package's)")
	return cmd
}

func (p *program) make(ctx context.Context, files []string, out, workspace string) (err error) {
	label := strings.TrimSuffix(filepath.Base(files[0]), filepath.Ext(files[0]))
	if out == "" {
		out = label + ".weft"
	}
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.Exists, msgThere, errs.P{"path": out})
	}
	draft, err := inputs(label, files, out, workspace)
	if err != nil {
		return err
	}
	doc, err := app.NewDocument(draft, out, workspace, nil)
	if err != nil {
		return err
	}
	o := &opened{source: source{path: out, workspace: workspace}, doc: doc}
	defer func() { err = errors.Join(err, o.close()) }()
	if o.runner, err = p.runner(); err != nil {
		return err
	}
	if err := o.start(ctx); err != nil {
		return err
	}
	if err := o.session.Discover(ctx, o.graph); err != nil {
		return err
	}
	if err := unplaced(o.graph.Errors()); err != nil {
		return err
	}
	for i := range draft.Workflows[0].Nodes {
		settle(&draft.Workflows[0].Nodes[i], o.graph)
	}
	if err := createFile(out, pack.Encode(draft)); err != nil {
		return err
	}
	return p.tellNew(out, o.graph)
}

// unplaced drops the places in a package that is not written yet.
func unplaced(list errs.List) error {
	var out errs.List
	for _, e := range list {
		c := *e
		c.Place = errs.Place{File: e.Place.File}
		if e.Place.File != "" {
			c.Place.Line = e.Place.Line
		}
		out = append(out, &c)
	}
	return out.Err()
}

// inputs is a package with a node for each file.
func inputs(label string, files []string, out, workspace string) (*pack.Package, error) {
	p := &pack.Package{Weft: 1, Label: label, Workflows: []pack.Workflow{{ID: "main"}}}
	w := &p.Workflows[0]
	for i, file := range files {
		name, err := nameFrom(file, out, workspace)
		if err != nil {
			return nil, err
		}
		label := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		n := pack.Node{
			ID: pack.NewID(label, func(id string) bool { return w.Node(id) != nil }),
			At: pack.Point{Y: 120 * i}, Placed: true,
		}
		if n.ID != label {
			n.Label = label
		}
		if isParquet(file) {
			n.Component, n.Settings = "input.parquet", component.Encode(&parquetinput.Settings{Path: name})
		} else {
			n.Component, n.Settings = "input.text", component.Encode(&textinput.Settings{Path: name})
		}
		w.Nodes = append(w.Nodes, n)
	}
	return p, nil
}

// isParquet looks at the first bytes; a file that cannot be read is told of
// later.
func isParquet(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [4]byte
	_, err = f.Read(magic[:])
	return err == nil && string(magic[:]) == "PAR1"
}

// nameFrom is how the package out names a file: relative to its folder, or
// from the workspace's root where it lies elsewhere in it.
func nameFrom(file, out, workspace string) (string, error) {
	folder, err := filepath.Abs(filepath.Dir(out))
	if err != nil {
		return "", err
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	name, err := filepath.Rel(folder, abs)
	if err == nil && filepath.IsLocal(name) {
		return filepath.ToSlash(name), nil
	}
	if workspace != "" {
		if root, err := filepath.Abs(workspace); err == nil {
			if name, err := filepath.Rel(root, abs); err == nil && filepath.IsLocal(name) {
				return "/" + filepath.ToSlash(name), nil
			}
		}
	}
	return "", usageError{err: errs.New(errs.Invalid, msgOutsideFolder, errs.P{"path": file, "folder": folder})}
}

// settle writes what was found out about a text file into its node.
func settle(n *pack.Node, g *plan.Graph) {
	found := g.Found[n.ID]
	if found == nil || found.Text == nil {
		return
	}
	text := found.Text
	s := textinput.Settings{Path: found.Files[0].Path, Encoding: text.Encoding, Delimiter: text.Delimiter, Header: textinput.HeaderNo}
	if text.Header {
		s.Header = textinput.HeaderYes
	}
	if text.Delimiter == "\t" {
		s.Delimiter = "tab"
	}
	if text.Quote != `"` {
		s.Quote = text.Quote
	}
	if text.Skip > 0 {
		skip := int64(text.Skip)
		s.Skip = &skip
	}
	if text.Decimal != "." {
		s.Decimal = text.Decimal
	}
	s.Thousands = text.Thousands
	for _, c := range text.Columns {
		s.Columns = append(s.Columns, columnOf(c))
	}
	n.Settings = component.Encode(&s)
}

func columnOf(c discover.Column) textinput.Column {
	out := textinput.Column{Name: c.Name, Format: c.Format, Type: rel.String}
	if c.Label != c.Name {
		out.Label = c.Label
	}
	if t, ok := rel.ParseType(c.Type); ok {
		out.Type = t
	}
	return out
}

// tellNew says what was made, and why the columns have their types.
func (p *program) tellNew(path string, g *plan.Graph) error {
	words := errs.Words{En: "made %s", Ru: "создан %s"}
	fmt.Fprintf(p.out, words.Text(p.lang)+"\n", p.style.Bold(path))
	for _, n := range g.Nodes {
		found := g.Found[n.ID]
		if found == nil {
			continue
		}
		fmt.Fprintf(p.out, "%s: %s\n", n.ID, found.Files[0].Path)
		var rows [][]string
		switch {
		case found.Text != nil:
			for _, c := range found.Text.Columns {
				rows = append(rows, []string{grid.Visible(c.Name), c.Type, p.style.Dim(grid.Visible(c.Reason.Text(p.lang)))})
			}
		default:
			for _, c := range found.Schema {
				rows = append(rows, []string{grid.Visible(c.Name), c.Type.String()})
			}
		}
		if err := grid.List(p.out, "  ", rows); err != nil {
			return err
		}
	}
	return nil
}
