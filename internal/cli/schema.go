package cli

import "github.com/spf13/cobra"

func (p *program) schemaCommand() *cobra.Command { return &cobra.Command{Use: "schema"} }
