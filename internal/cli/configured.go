package cli

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/config"
)

// configured are the flags of a command that has a configuration: one a key,
// and where the file is.
type configured struct {
	prefix string // of environment variables
	file   string
	print  bool
	values map[string]*string
}

// configHelp is for the help of such a command.
const configHelp = `Each key can stand in a TOML file (--config, or the variable %sCONFIG), in an
environment variable (%sLISTEN_… for the section listen) and in a flag; the later
one wins. --print-config shows every key with its meaning, default and value as a
file that can be used as it stands.`

func (p *program) addConfig(cmd *cobra.Command, prefix string, settings config.Settings) *configured {
	c := &configured{prefix: prefix, values: map[string]*string{}}
	flags := cmd.Flags()
	flags.StringVar(&c.file, "config", "", "configuration file (TOML)")
	flags.BoolVar(&c.print, "print-config", false, "print the configuration that is in force, and end")
	for _, f := range config.Fields(settings) {
		value := new(string)
		c.values[f.Flag()] = value
		flags.StringVar(value, f.Flag(), "", strings.TrimSuffix(f.Doc.Text("en"), ".")+" (default "+f.Default()+")")
		if f.Toggle {
			flags.Lookup(f.Flag()).NoOptDefVal = "true"
		}
		flags.Lookup(f.Flag()).DefValue = "" // it stands in the text, as TOML
	}
	return c
}

// load fills the configuration of a command; done says that it was only to be
// printed, and was.
func (c *configured) load(p *program, cmd *cobra.Command, settings config.Settings) (done bool, err error) {
	src := config.Sources{
		File: c.file, Prefix: c.prefix, Env: os.Environ(), Ignore: []string{c.prefix + "CONFIG"}, Flags: map[string]string{},
	}
	if src.File == "" {
		src.File = os.Getenv(c.prefix + "CONFIG")
	}
	for name, value := range c.values {
		if cmd.Flags().Changed(name) {
			src.Flags[name] = *value
		}
	}
	if c.print {
		return true, config.Print(p.out, settings, src, p.lang)
	}
	return false, config.Load(settings, src)
}

// logger writes to standard error.
func (p *program) logger(c app.LogConfig) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(c.Level)) // checked when it was read
	o := &slog.HandlerOptions{Level: l}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(p.err, o))
	}
	return slog.New(slog.NewTextHandler(p.err, o))
}

// exists tells whether a file is there.
func exists(file string) bool {
	_, err := os.Lstat(file)
	return !errors.Is(err, fs.ErrNotExist)
}
