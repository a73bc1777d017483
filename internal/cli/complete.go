package cli

import (
	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/pack"
)

// packageArgs completes packages.
func packageArgs(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"weft"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeFlag adds the completion of a flag.
func completeFlag(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // the flag was added by the caller
	}
}

// fixed completes from a list.
func fixed(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// fromPackage completes with names that stand in the package of the command
// line; one that cannot be read has none.
func fromPackage(names func(p *pack.Package, workflow string) []string, directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		directive := directive | cobra.ShellCompDirectiveNoFileComp
		if len(args) == 0 {
			return nil, directive
		}
		src, err := app.ReadFile(args[0])
		if err != nil {
			return nil, directive
		}
		// What is wrong with the package is told when the command runs.
		p, _ := pack.Inspect(src, args[0])
		if p == nil {
			return nil, directive
		}
		workflow := "main"
		if f := cmd.Flag("workflow"); f != nil && f.Changed {
			workflow = f.Value.String()
		}
		return names(p, workflow), directive
	}
}

// outputs completes the nodes of the workflow.
func outputs(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	return fromPackage(nodeIDs, cobra.ShellCompDirectiveDefault)(cmd, args, word)
}

func nodeIDs(p *pack.Package, workflow string) []string {
	w := p.Workflow(workflow)
	if w == nil {
		return nil
	}
	out := make([]string, len(w.Nodes))
	for i, n := range w.Nodes {
		out[i] = n.ID
	}
	return out
}

func workflowIDs(p *pack.Package, _ string) []string {
	out := make([]string, len(p.Workflows))
	for i, w := range p.Workflows {
		out[i] = w.ID
	}
	return out
}

// assignments completes --set up to the value.
func assignments(p *pack.Package, _ string) []string {
	out := make([]string, len(p.Variables))
	for i, v := range p.Variables {
		out[i] = v.Name + "="
	}
	return out
}
