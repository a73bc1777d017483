package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
)

// serverPrefix begins the environment variables of a Server.
const serverPrefix = "WEFT_SERVER_"

func (p *program) serverCommand() *cobra.Command {
	cfg := &app.ServerConfig{}
	cmd := &cobra.Command{
		Use:   "server",
		Short: "Run a Server: accounts, workspace, packages and runs",
		Long: `Serves Studio by websocket (port 8080, or 8443 with a certificate) and the
Integrator and the batch launcher by gRPC (port 4580), until it is told to end by
SIGTERM or Ctrl+C; calls and runs that are under way get time to finish. On SIGHUP it
reads its certificate again.

The first start makes the accounts admin, user and service, and prints their random
passwords, this once.

` + strings.ReplaceAll(configHelp, "%s", serverPrefix),
		Example: `  weft server
  weft server --print-config > server.toml
  weft server --config server.toml
  weft server --listen-ws 10.0.0.5:8080 --data-folder /var/lib/weft`,
		Args: usage(cobra.NoArgs),
	}
	given := p.addConfig(cmd, serverPrefix, cfg)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if done, err := given.load(p, cmd, cfg); done || err != nil {
			return err
		}
		return p.server(cmd.Context(), *cfg)
	}
	return cmd
}

func (p *program) server(ctx context.Context, cfg app.ServerConfig) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cfg.Version, cfg.Worker, cfg.Log = version(), []string{exe, WorkerCommand}, p.logger(cfg.Logs)
	s, err := app.NewServer(ctx, cfg)
	if err != nil {
		return err
	}
	file := filepath.Join(s.Folder(), app.FirstPasswords)
	if first := s.First(); len(first) > 0 {
		p.tellFirst(first, file, cfg.PrintFirst)
	} else if exists(file) {
		cfg.Log.Warn("the file of first passwords is still there: change the passwords and remove it", "file", file)
	}
	defer onHangup(s.Reload)()
	return s.Run(ctx)
}

// tellFirst prints the passwords of a new installation, this once.
func (p *program) tellFirst(first []auth.Credential, file string, shown bool) {
	if shown {
		head := errs.Words{
			En: "First passwords, to be changed at the first sign-in (of the service, a token):",
			Ru: "Первые пароли, при первом входе их надо сменить (у service — токен):",
		}
		fmt.Fprintln(p.out, head.Text(p.lang))
		for _, c := range first {
			fmt.Fprintf(p.out, "  %-8s %s\n", c.Name, c.Secret)
		}
	}
	foot := errs.Words{En: "They stand in %s, which only you can read; remove it then.", Ru: "Они записаны в %s, доступном только вам; потом удалите его."}
	if !shown {
		foot = errs.Words{En: "The first passwords stand in %s, which only you can read; change them and remove it.", Ru: "Первые пароли записаны в %s, доступном только вам; смените их и удалите его."}
	}
	fmt.Fprintf(p.out, foot.Text(p.lang)+"\n", file)
}

// onHangup calls f at each SIGHUP until the function that it returns is called.
func onHangup(f func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, hangup)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-signals:
				f()
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
