//go:build !linux

package web

import (
	"log/slog"
	"time"
)

// engine is what moves bytes without goroutines where the system allows it.
type engine struct{}

func newEngine(*slog.Logger, time.Duration) *engine { return nil }

func (e *engine) take(*relay) bool { return false }

func (e *engine) close() {}
