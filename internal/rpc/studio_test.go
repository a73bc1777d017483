package rpc

import (
	"fmt"
	"io"
	"os"
	"testing"
)

// TestServeForStudio is the server of Studio's own tests of its transport: it
// prints its address and ends with its input.
func TestServeForStudio(t *testing.T) {
	if os.Getenv("WEFT_SERVE_FOR_STUDIO") == "" {
		t.Skip("Studio's tests start it")
	}
	l := DefaultLimits()
	l.PerAddress = 256 // every test comes from here
	f := start(t, func(c *Config) { c.Limits = l })
	fmt.Println(f.url())
	_, _ = io.Copy(io.Discard, os.Stdin)
}
