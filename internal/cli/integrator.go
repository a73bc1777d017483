package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
)

// integratorPrefix begins the environment variables of an Integrator.
const integratorPrefix = "WEFT_INTEGRATOR_"

func (p *program) integratorCommand() *cobra.Command {
	cfg := &app.IntegratorConfig{}
	cmd := &cobra.Command{
		Use:   "integrator",
		Short: "Run an Integrator: published workflows as web services",
		Long: `Answers POST /api/v1/{service}/{operation} with JSON, by calling one of its Servers
over TCP (port 4580), and describes each service by OpenAPI at
/api/v1/{service}/openapi.json. The Servers are tables [[servers]] of the
configuration file, each with a service account and its token. It listens on port
80; with a certificate on 443, and 80 then only redirects. On SIGHUP it reads its
certificate again; on SIGTERM it lets requests that are under way end.

` + strings.ReplaceAll(configHelp, "%s", integratorPrefix),
		Example: `  weft integrator --print-config > integrator.toml
  weft integrator --config integrator.toml --listen-http :8081`,
		Args: usage(cobra.NoArgs),
	}
	given := p.addConfig(cmd, integratorPrefix, cfg)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if done, err := given.load(p, cmd, cfg); done || err != nil {
			return err
		}
		return p.integrator(cmd.Context(), *cfg)
	}
	return cmd
}

func (p *program) integrator(ctx context.Context, cfg app.IntegratorConfig) error {
	cfg.Log, cfg.Integrator.Version = p.logger(cfg.Logs), version()
	i, err := app.NewIntegrator(cfg)
	if err != nil {
		return err
	}
	defer onHangup(i.Reload)()
	return i.Run(ctx)
}
