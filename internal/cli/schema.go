package cli

import (
	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/schema"
)

func (p *program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of package files",
		Long: `Prints a JSON Schema (2020-12) of package files, made from the components'
settings. An editor that knows it completes and checks packages: put
"# yaml-language-server: $schema=weft.schema.json" at the head of a package.`,
		Example: "  weft schema > weft.schema.json",
		Args:    usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return p.printJSON(schema.Package(all.All(), p.lang))
		},
	}
}
