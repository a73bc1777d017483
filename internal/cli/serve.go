package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
)

// serveFlags are the flags of weft serve.
type serveFlags struct {
	ports     app.Ports
	data      string
	noBrowser bool
	logs      app.LogConfig
}

func (p *program) serveCommand() *cobra.Command {
	f := serveFlags{ports: app.DefaultPorts(), logs: app.LogConfig{Level: "warn", Format: "text"}}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run everything on this machine and open Studio",
		Long: `Runs a Server and a web server with Studio in one process, for whoever sits at
this machine: no other machine reaches them. It opens Studio in the browser, signed
in as user, and serves until Ctrl+C. The first start puts the examples into the
workspace.

The address with its one-time token goes to the browser by a file that only you can
read; weft open opens Studio again.`,
		Example: `  weft serve
  weft serve --port 9000 --data ~/weft
  weft serve --no-browser`,
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serve(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.ports.Web, "port", f.ports.Web, "port of Studio; 0: any that is free")
	flags.IntVar(&f.ports.Server, "server-port", f.ports.Server, "port of Studio's websocket; 0: any that is free")
	flags.IntVar(&f.ports.TCP, "tcp-port", f.ports.TCP, "port of the Integrator and the batch launcher; 0: any that is free")
	dataFlag(cmd, &f.data)
	flags.BoolVar(&f.noBrowser, "no-browser", false, "print the address and open no browser")
	flags.StringVar(&f.logs.Level, "log-level", f.logs.Level, "what is told on standard error: debug, info, warn or error")
	return cmd
}

func dataFlag(cmd *cobra.Command, data *string) {
	cmd.Flags().StringVar(data, "data", "", "data folder (default: the user's standard place, as ~/.local/share/weft)")
}

func (f serveFlags) check() error {
	for name, n := range map[string]int{"--port": f.ports.Web, "--server-port": f.ports.Server, "--tcp-port": f.ports.TCP} {
		if n < 0 || n > 65535 {
			return wrongUsage(msgBadPort, "flag", name, "value", n)
		}
	}
	return f.logs.Check("--log-level")
}

func (p *program) serve(ctx context.Context, f serveFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, hangup) // the terminal was closed
	defer stop()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	l, err := app.NewLocal(ctx, app.LocalConfig{
		Ports: f.ports, Data: f.data, Studio: p.assets.Studio, Examples: p.assets.Examples,
		Version: version(), Worker: []string{exe, WorkerCommand}, Log: p.logger(f.logs),
	})
	if err != nil {
		return err
	}
	if first := l.First(); len(first) > 0 {
		p.tellFirst(first, filepath.Join(l.Folder(), app.FirstPasswords), false)
	}
	if err := p.tellOpened(ctx, l, f.noBrowser); err != nil {
		return err
	}
	return l.Run(ctx)
}

// tellOpened says where Studio is. Where no browser was opened, the address
// that is printed signs in, once.
func (p *program) tellOpened(ctx context.Context, l *app.Local, noBrowser bool) error {
	if !noBrowser && openBrowser(filepath.Join(l.Folder(), app.OpenFile)) {
		words := errs.Words{En: "Studio: %s (opened in the browser; weft open opens it again). Ctrl+C ends.", Ru: "Studio: %s (открыта в браузере; weft open откроет снова). Завершение: Ctrl+C."}
		fmt.Fprintf(p.out, words.Text(p.lang)+"\n", l.Address())
		return nil
	}
	address, err := l.SignedIn(ctx)
	if err != nil {
		return err
	}
	words := errs.Words{
		En: "Studio: %s\nThe address signs in once, on this machine; weft open --print prints another. Ctrl+C ends.",
		Ru: "Studio: %s\nАдрес впускает один раз и только на этом компьютере; новый даст weft open --print. Завершение: Ctrl+C.",
	}
	fmt.Fprintf(p.out, words.Text(p.lang)+"\n", address)
	return nil
}
