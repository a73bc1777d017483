package app

import (
	"testing"
	"time"

	"github.com/weftworks/weft/internal/certificate/certificatetest"
)

// authority issues certificates for loopback and another host.
type authority struct{ *certificatetest.Authority }

func newAuthority(t *testing.T) *authority { return &authority{certificatetest.New(t)} }

// issue writes a certificate of a host and its key over name.pem and name.key.
func (a *authority) issue(name, host string, serial int64, until time.Time) (cert, key string) {
	return a.Issue(certificatetest.Order{Name: name, Hosts: []string{"localhost", host, "127.0.0.1"}, Serial: serial, Until: until})
}
