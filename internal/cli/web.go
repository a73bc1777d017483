package cli

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/integrator"
	"github.com/weftworks/weft/internal/web"
)

// webPrefix begins the environment variables of a web server.
const webPrefix = "WEFT_WEB_"

// webConfig is a web server's configuration, and how it logs.
type webConfig struct {
	web.Config
	mount      bool
	integrator integrator.Config
	log        app.LogConfig
}

// Bind names the keys of the configuration file.
func (c *webConfig) Bind(b *config.Binder) {
	c.Config.Bind(b)
	b.Section("integrator", errs.Words{En: "Published workflows as web services under /api/v1/.", Ru: "Опубликованные сценарии как веб-сервисы под /api/v1/."}, func(b *config.Binder) {
		config.Bool(b, &c.mount, "enabled", false, errs.Words{En: "Answers calls; the Servers are tables [[integrator.servers]].", Ru: "Отвечать на вызовы; Серверы — таблицы [[integrator.servers]]."})
		c.integrator.Bind(b)
	})
	c.log.Bind(b)
}

func (p *program) webCommand() *cobra.Command {
	cfg := &webConfig{}
	cmd := &cobra.Command{
		Use:   "web",
		Short: "Run a web server: Studio, server.json, the websocket proxy",
		Long: `Hands out Studio under /app/ with the server.json that tells it where the Server
is, and passes websockets on to the Server where proxy.enabled is set. It listens
on port 80; with a certificate on 443, and 80 then only redirects. On SIGHUP it
reads its certificate again; on SIGTERM it lets open connections end.

` + strings.ReplaceAll(configHelp, "%s", webPrefix),
		Example: `  weft web --listen-http :8000 --server-host weft.example.org
  weft web --print-config > web.toml
  weft web --config web.toml`,
		Args: usage(cobra.NoArgs),
	}
	given := p.addConfig(cmd, webPrefix, cfg)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if done, err := given.load(p, cmd, cfg); done || err != nil {
			return err
		}
		return p.web(cmd.Context(), *cfg)
	}
	return cmd
}

func (p *program) web(ctx context.Context, cfg webConfig) error {
	cfg.Log = p.logger(cfg.log)
	cfg.Studio = p.assets.Studio
	var in *integrator.Integrator
	if cfg.mount {
		var err error
		cfg.integrator.Log, cfg.integrator.Version, cfg.integrator.Section = cfg.Log, version(), "integrator."
		if in, err = integrator.New(cfg.integrator); err != nil {
			return err
		}
		cfg.Mounts = map[string]http.Handler{integrator.Root: in}
	}
	s, err := web.New(cfg.Config)
	if err != nil {
		if in != nil {
			err = errors.Join(err, in.Close())
		}
		return err
	}
	defer onHangup(s.Reload)()
	if in == nil {
		return s.Run(ctx)
	}
	return beside(ctx, s.Run, in.Run)
}

// beside serves, and runs what that needs until it has ended.
func beside(ctx context.Context, serve, needed func(context.Context) error) error {
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- needed(inner) }()
	err := serve(ctx)
	stop()
	return errors.Join(err, <-ended)
}
