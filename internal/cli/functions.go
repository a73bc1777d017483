package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/function"
)

var msgNoFunction = errs.Message{
	ID: "cli.no_function",
	En: "There is no function {function}. {suggest}",
	Ru: "Функции {function} нет. {suggest}",
}

func (p *program) functionsCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "functions [NAME]",
		Short:   "List the functions of formulas, or tell about one",
		Long:    "Lists the functions and operators of formulas, or tells what one does, with\nexamples. Names that other programs use find them too: substr, mid.",
		Example: "  weft functions\n  weft functions date_trunc\n  weft functions --format json",
		Args:    usage(cobra.MaximumNArgs(1)),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return functionNames(function.Catalogue().All()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.functions(args, format) },
	}
	listFormat(cmd, &format)
	return cmd
}

func functionNames(list []*rel.Function) []string {
	var out []string
	for _, f := range list {
		out = append(append(out, f.Name), f.Aliases...)
	}
	return out
}

func (p *program) functions(args []string, format string) error {
	if err := checkListFormat(format); err != nil {
		return err
	}
	catalogue := function.Catalogue()
	list := catalogue.All()
	if len(args) > 0 {
		f, ok := catalogue.Lookup(args[0])
		if !ok {
			return wrongUsage(msgNoFunction, "function", args[0], "suggest", errs.Suggest(args[0], functionNames(list)))
		}
		list = []*rel.Function{f}
	}
	if format == formatJSON {
		return p.functionsJSON(list)
	}
	if len(args) > 0 {
		return p.tellFunction(list[0])
	}
	var rows [][]string
	for _, f := range list {
		rows = append(rows, []string{f.Category, signature(f), flat(p.helpOf(f))})
	}
	return grid.List(p.out, "", rows)
}

func (p *program) helpOf(f *rel.Function) string {
	return errs.Words{En: f.Help.En, Ru: f.Help.Ru}.Text(p.lang)
}

// signature is the function with its parameters; operators stand as they are.
func signature(f *rel.Function) string {
	if f.Category == "operator" {
		return f.Name
	}
	var b strings.Builder
	for i, param := range f.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		if param.Optional {
			b.WriteString("[" + param.Name + "]")
		} else {
			b.WriteString(param.Name)
		}
	}
	if f.Variadic {
		b.WriteString(", …")
	}
	return f.Name + "(" + b.String() + ")"
}

func (p *program) tellFunction(f *rel.Function) error {
	fmt.Fprintf(p.out, "%s\n\n%s\n", p.style.Bold(signature(f)), p.helpOf(f))
	if len(f.Aliases) > 0 {
		words := errs.Words{En: "Also found as: ", Ru: "Другие имена: "}
		fmt.Fprintf(p.out, "\n%s%s\n", words.Text(p.lang), strings.Join(f.Aliases, ", "))
	}
	var rows [][]string
	for _, c := range f.Cases {
		if !c.Hidden {
			rows = append(rows, []string{c.Formula, c.Want})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	fmt.Fprintln(p.out)
	return grid.List(p.out, "  ", rows)
}

// functionJSON is a function in the JSON that the command prints.
type functionJSON struct {
	Name      string        `json:"name"`
	Category  string        `json:"category"`
	Signature string        `json:"signature"`
	Aliases   []string      `json:"aliases,omitempty"`
	Help      string        `json:"help"`
	Examples  []exampleJSON `json:"examples"`
}

type exampleJSON struct {
	Formula string `json:"formula"`
	Value   string `json:"value"`
}

func (p *program) functionsJSON(list []*rel.Function) error {
	out := make([]functionJSON, len(list))
	for i, f := range list {
		out[i] = functionJSON{
			Name: f.Name, Category: f.Category, Signature: signature(f), Aliases: f.Aliases,
			Help: flat(p.helpOf(f)), Examples: []exampleJSON{},
		}
		for _, c := range f.Cases {
			if !c.Hidden {
				out[i].Examples = append(out[i].Examples, exampleJSON{Formula: c.Formula, Value: c.Want})
			}
		}
	}
	return p.printJSON(out)
}

// plainText is a value as it stands in a sentence.
func plainText(v pack.Value) string {
	if x := v.Scalar(); x != nil {
		return fmt.Sprint(x)
	}
	return ""
}
