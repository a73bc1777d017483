package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
)

func (p *program) openCommand() *cobra.Command {
	var data string
	var only bool
	cmd := &cobra.Command{
		Use:   "open",
		Short: "Open Studio of the weft serve that runs",
		Long: `Opens Studio in the browser, signed in, while weft serve runs. With --print, or
where there is no browser, it prints an address that signs in once, on this machine.`,
		Example: "  weft open\n  weft open --print",
		Args:    usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			file, address, err := app.Link(data)
			if err != nil {
				return err
			}
			if only || !openBrowser(file) {
				fmt.Fprintln(p.out, address)
				return nil
			}
			words := errs.Words{En: "Studio is opened in the browser.", Ru: "Studio открыта в браузере."}
			fmt.Fprintln(p.out, words.Text(p.lang))
			return nil
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().BoolVar(&only, "print", false, "print the address and open no browser")
	return cmd
}
