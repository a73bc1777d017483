package app

import (
	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
)

// LogConfig says what a component tells on standard error.
type LogConfig struct {
	Level  string // debug, info, warn, error
	Format string // text, json
}

// Bind names the keys of the configuration file.
func (c *LogConfig) Bind(b *config.Binder) {
	b.Section("log", words("What is told on standard error.", "Что сообщается в стандартный поток ошибок."), func(b *config.Binder) {
		config.Text(b, &c.Level, "level", "info", words("debug, info, warn or error.", "debug, info, warn или error."),
			config.Check(oneOf("debug", "info", "warn", "error")))
		config.Text(b, &c.Format, "format", "text", words("text or json, one event a line.", "text или json, по событию на строку."),
			config.Check(oneOf("text", "json")))
	})
}

// Check refuses a level that there is not; key is what names it.
func (c LogConfig) Check(key string) error {
	if err := oneOf("debug", "info", "warn", "error")(c.Level); err != nil {
		return err.At(errs.Place{Setting: key})
	}
	return nil
}
