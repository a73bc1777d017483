package cli

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

//go:generate go test . -run TestReference -update

var update = flag.Bool("update", false, "write docs/reference/cli.md anew")

// The page of the command line is made from the commands themselves.
func TestReference(t *testing.T) {
	const file = "../../docs/reference/cli.md"
	got := reference((&program{out: &output{file: os.Stdout}, err: os.Stderr, lang: "en"}).root())
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/reference/cli.md is out of date; make generate writes it (-file +commands):\n%s", diff)
	}
}

func reference(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# The command line\n\n<!-- Made by make generate from the declarations in internal/cli. Edit those. -->\n\n")
	fmt.Fprintf(&b, "%s\n\n", strings.ReplaceAll(root.Long, "Exit codes:\n", "Exit codes:\n\n```text\n")+"\n```")
	fmt.Fprintf(&b, "Every command has these flags:\n\n```text\n%s```\n", root.PersistentFlags().FlagUsages())
	for _, c := range commands(root) {
		fmt.Fprintf(&b, "\n## %s\n\n", c.CommandPath())
		text := c.Long
		if text == "" {
			text = c.Short + "."
		}
		fmt.Fprintf(&b, "%s\n\n```sh\n%s\n```\n", text, strings.TrimSpace(strings.ReplaceAll(c.Example, "\n  ", "\n")))
		if f := c.LocalNonPersistentFlags(); f.HasAvailableFlags() {
			fmt.Fprintf(&b, "\n```text\n%s```\n", f.FlagUsages())
		}
	}
	return b.String()
}

// commands are those that do something, each group before its own.
func commands(root *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, c := range root.Commands() {
		if !c.Hidden && c.Name() != "help" && c.Name() != "completion" {
			out = append(append(out, c), commands(c)...)
		}
	}
	return out
}

// Each command says in its help what it is used like.
func TestCommandsHaveExamples(t *testing.T) {
	root := (&program{out: &output{file: os.Stdout}, err: os.Stderr, lang: "en"}).root()
	for _, c := range commands(root) {
		if c.Example == "" || c.Short == "" {
			t.Errorf("%s has no example or no short help", c.CommandPath())
		}
	}
}
