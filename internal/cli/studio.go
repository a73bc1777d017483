package cli

import (
	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
)

func (p *program) studioCommand() *cobra.Command {
	cmd := commandGroup("studio", "Studio for another web server", "  weft studio export /var/www/weft")
	cmd.Long = "Writes Studio out, for web servers other than weft web."
	cmd.AddCommand(&cobra.Command{
		Use:   "export DIR",
		Short: "Write Studio's files into a folder",
		Long: `Writes Studio's files and a server.json with the defaults into a folder, which any
web server can hand out under /app/. A server.json that is there stays; a folder
that holds other files than Studio's is refused.`,
		Example: "  weft studio export /var/www/weft",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			n, err := app.ExportStudio(p.assets.Studio, args[0])
			if err != nil {
				return err
			}
			p.say(errs.Words{En: "%d files are in %s.", Ru: "Файлов: %d, в %s."}, n, args[0])
			return nil
		},
	})
	return cmd
}
