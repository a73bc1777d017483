package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/trial"
)

func (p *program) testCommand() *cobra.Command {
	var workspace, only string
	cmd := &cobra.Command{
		Use:   "test PACKAGE...",
		Short: "Run the tests that packages hold",
		Long: `Runs the tests of packages: each puts tables in the place of nodes and says what
must come out at others. What differs is shown cell by cell. Exit code 4 if a
test fails.`,
		Example:           "  weft test flights.weft\n  weft test --only late_only flights.weft",
		Args:              usage(cobra.MinimumNArgs(1)),
		ValidArgsFunction: packageArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.test(cmd.Context(), args, workspace, only)
		},
	}
	cmd.Flags().StringVar(&workspace, "workspace", "", "folder that the packages may read and write in (default: each one's own)")
	cmd.Flags().StringVar(&only, "only", "", "run this test only")
	return cmd
}

// tally counts tests and keeps the worst exit code.
type tally struct {
	run, failed int
	code        int
	names       []string // of all tests, run or not
}

func (t *tally) worse(code int) {
	if t.code == exitOK || t.code == exitInput || code == exitTests {
		t.code = code
	}
}

func (p *program) test(ctx context.Context, paths []string, workspace, only string) error {
	var t tally
	for _, path := range paths {
		err := p.testPackage(ctx, source{path: path, workspace: workspace}, only, &t)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			p.report(err)
			t.worse(exitCode(err))
		}
	}
	if only != "" && t.run == 0 && t.code == exitOK {
		return wrongUsage(msgNoTest, "test", only, "suggest", errs.Suggest(only, t.names))
	}
	words := errs.Words{En: "tests: %d, failed: %d, %s", Ru: "тестов: %d, не прошло: %d, %s"}
	fmt.Fprintf(p.out, words.Text(p.lang)+"\n", t.run, t.failed, seconds(time.Since(p.begin), p.lang))
	if t.code != exitOK {
		return told{code: t.code}
	}
	return nil
}

// testPackage runs all tests of one package in one worker.
func (p *program) testPackage(ctx context.Context, s source, only string, t *tally) (err error) {
	doc, err := p.document(s)
	if err != nil {
		return asInvalid(err)
	}
	o := &opened{source: s, doc: doc}
	defer func() { err = errors.Join(err, o.close()) }()
	if len(doc.Pack.Tests) == 0 {
		words := errs.Words{En: "%s: no tests", Ru: "%s: тестов нет"}
		fmt.Fprintf(p.out, words.Text(p.lang)+"\n", grid.Visible(s.path))
		return nil
	}
	if o.runner, err = p.runner(); err != nil {
		return err
	}
	if o.session, err = o.runner.Open(ctx, doc.Files, doc.Kept); err != nil {
		return err
	}
	fmt.Fprintln(p.out, p.style.Bold(grid.Visible(s.path)))
	bases := map[string]*plan.Graph{}
	for i := range doc.Pack.Tests {
		test := &doc.Pack.Tests[i]
		t.names = append(t.names, test.ID)
		if only != "" && test.ID != only {
			continue
		}
		if err := p.testOne(ctx, o, test, bases, t); err != nil {
			return err
		}
	}
	return nil
}

// testOne runs one test and tells how it went. An error that stands in the
// package is the test's; one of the engine or the caller ends it all.
func (p *program) testOne(ctx context.Context, o *opened, test *pack.Test, bases map[string]*plan.Graph, t *tally) error {
	begin := time.Now()
	base, err := o.base(ctx, test.Workflow, bases)
	if err != nil {
		return o.fail(err)
	}
	one, err := trial.New(o.doc.Pack, test, plan.Options{Catalogue: o.runner.Catalogue, Functions: o.runner.Functions}, base)
	var failures []trial.Failure
	if err == nil {
		failures, err = one.Run(ctx, o.session)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	t.run++
	if err == nil && len(failures) == 0 {
		fmt.Fprintf(p.out, "  ok    %s %s\n", test.ID, p.style.Dim(seconds(time.Since(begin), p.lang)))
		return nil
	}
	t.failed++
	t.worse(exitTests)
	fmt.Fprintf(p.out, "  %s  %s %s\n", p.style.Bold("FAIL"), test.ID, p.style.Dim(seconds(time.Since(begin), p.lang)))
	if err != nil {
		at := test.Pos.Place()
		at.File = o.path
		var list errs.List
		for _, e := range errs.All(err) {
			list = append(list, e.At(errs.Place{Line: e.Place.Line, File: o.path}).At(at))
		}
		for _, e := range withTexts(list, o.doc.Pack) {
			p.reportOne(indented{p.out}, e, p.style)
		}
	}
	for _, f := range failures {
		p.tellFailure(o.path, f)
	}
	return nil
}

// base is the workflow as it stands, for the types of given tables.
func (o *opened) base(ctx context.Context, workflow string, bases map[string]*plan.Graph) (*plan.Graph, error) {
	if g, ok := bases[workflow]; ok {
		return g, nil
	}
	g, err := plan.Bind(o.doc.Pack, workflow, plan.Options{Catalogue: o.runner.Catalogue, Functions: o.runner.Functions})
	if err != nil {
		return nil, err
	}
	if err := o.session.Discover(ctx, g); err != nil {
		return nil, err
	}
	bases[workflow] = g
	return g, nil
}

// indented writes every line behind blanks.
type indented struct{ to io.Writer }

// Write writes whole lines.
func (i indented) Write(b []byte) (int, error) {
	text := strings.ReplaceAll(strings.TrimRight(string(b), "\n"), "\n", "\n        ")
	if _, err := fmt.Fprintf(i.to, "        %s\n", text); err != nil {
		return 0, err
	}
	return len(b), nil
}

// tellFailure tells in which cells or rows an output differs.
func (p *program) tellFailure(path string, f trial.Failure) {
	at := f.Want.Pos.Place()
	at.File = path
	fmt.Fprintf(p.out, "        %s: %s: %s\n", p.style.Bold(grid.Visible(at.String())), f.Want.At, grid.Visible(f.Error.Text(p.lang)))
	inner := indented{p.out}
	style := p.style
	if style.Width > 0 {
		style.Width -= 10
	}
	if len(f.Cells) > 0 {
		var b strings.Builder
		if err := grid.Text(&b, p.differenceSchema(), p.differences(f), style); err == nil {
			_, err = io.WriteString(inner, b.String())
			_ = err // standard output's errors are remembered by it
		}
		return
	}
	if len(f.Rows) > 0 {
		var b strings.Builder
		if err := grid.Text(&b, f.Schema, f.Rows, style); err == nil {
			_, err = io.WriteString(inner, b.String())
			_ = err // standard output's errors are remembered by it
		}
	}
}

func (p *program) differenceSchema() rel.Schema {
	title := func(name, en, ru string) rel.Column {
		return rel.Column{Name: name, Label: errs.Words{En: en, Ru: ru}.Text(p.lang), Type: rel.String}
	}
	return rel.Schema{
		title("row", "row", "строка"), title("column", "column", "столбец"),
		title("wanted", "wanted", "ожидалось"), title("got", "got", "получено"),
	}
}

// differences are the differing cells as a table.
func (p *program) differences(f trial.Failure) [][]rel.Value {
	none := errs.Words{En: "(no such row)", Ru: "(нет такой строки)"}.Text(p.lang)
	whole := errs.Words{En: "(all)", Ru: "(все)"}.Text(p.lang)
	var out [][]rel.Value
	for _, c := range f.Cells {
		row := strconv.Itoa(c.Row)
		switch {
		case c.Missing != nil:
			out = append(out, []rel.Value{row, whole, spellRow(f.Schema, c.Missing), none})
		case c.Extra != nil:
			out = append(out, []rel.Value{"+", whole, none, spellRow(f.Schema, c.Extra)})
		default:
			out = append(out, []rel.Value{row, c.Column, grid.Spell(c.Want), grid.Spell(c.Got)})
		}
	}
	return out
}

func spellRow(s rel.Schema, row []rel.Value) string {
	parts := make([]string, len(row))
	for i, v := range row {
		parts[i] = s[i].Name + "=" + grid.Spell(v)
	}
	return strings.Join(parts, ", ")
}

// checkTests finds what is wrong with the tests of a workflow that is
// compiled.
func (o *opened) checkTests(workflow string) errs.List {
	var list errs.List
	for i := range o.doc.Pack.Tests {
		test := &o.doc.Pack.Tests[i]
		if test.Workflow != workflow && (test.Workflow != "" || workflow != "main") {
			continue
		}
		one, err := trial.New(o.doc.Pack, test, plan.Options{Catalogue: o.runner.Catalogue, Functions: o.runner.Functions}, o.graph)
		list.Add(err)
		if one == nil {
			continue
		}
		one.Graph.Compile(o.graph.Found)
		list = append(list, one.Check()...)
	}
	return list
}
