package server

import (
	"fmt"
	"os"
	"testing"

	"github.com/weftworks/weft/internal/leak"
)

// TestMain also is the process that hosts the documents in the tests that kill
// it.
func TestMain(m *testing.M) {
	if dir := os.Getenv(hostVariable); dir != "" {
		fmt.Println(host(dir, os.Args[1], os.Args[2]))
		os.Exit(1)
	}
	leak.Main(m)
}
