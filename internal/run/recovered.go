package run

import (
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Recovered, deferred by what works on people's packages in a goroutine of its
// own, makes a panic the error of that work alone: no package may end the
// Server.
func Recovered(log *slog.Logger, err *error) {
	if p := recover(); p != nil {
		log.Error("a panic in the work on a package", "panic", p, "stack", string(debug.Stack()))
		*err = fmt.Errorf("panic: %v", p)
	}
}
