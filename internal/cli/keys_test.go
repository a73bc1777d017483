package cli

import (
	"slices"
	"testing"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/doctor"
)

// The keys of the Server that weft doctor names are keys that there are.
func TestDoctorNamesKeysOfTheServer(t *testing.T) {
	var known []string
	for _, f := range config.Fields(&app.ServerConfig{}) {
		known = append(known, f.Path)
	}
	for _, key := range doctor.ServerKeys() {
		if !slices.Contains(known, key) {
			t.Errorf("the Server has no key %s", key)
		}
	}
}
