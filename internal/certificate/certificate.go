// Package certificate holds a server's certificate: read from its files, read
// again when they change or on a signal, and offered with the settings that
// every encrypted port of Weft has. Bad files are never taken.
//
// It knows no server: the web server and the Server share it.
package certificate

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

const (
	poll = 10 * time.Second
	soon = 14 * 24 * time.Hour
)

// Certificate is a server's own, read again when its files change. A bad new
// one is not taken: the old one stays in use.
type Certificate struct {
	cert, key string
	log       *slog.Logger
	current   atomic.Pointer[tls.Certificate]
	seen      string // sizes and times of the files when they were read last
}

// Load reads a certificate with its chain, and its key, both PEM. Errors are
// of kind errs.Invalid.
func Load(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{cert: certFile, key: keyFile, log: log}
	return c, c.reload()
}

// reload reads the files and takes them if they fit together and are valid
// now.
func (c *Certificate) reload() error {
	c.seen = c.stamp()
	pair, err := own(c.cert, c.key).read()
	if err != nil {
		return err
	}
	c.current.Store(&pair)
	if left := time.Until(pair.Leaf.NotAfter); left < soon {
		c.log.Warn("the certificate expires soon", "file", c.cert, "expires", pair.Leaf.NotAfter)
	}
	return nil
}

// stamp tells one state of the files from another.
func (c *Certificate) stamp() string {
	s := ""
	for _, name := range []string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil {
			s += fmt.Sprint(info.Size(), info.ModTime().UnixNano(), " ")
		}
	}
	return s
}

// Watch reloads on a signal, or when the files have changed, until ctx ends.
func (c *Certificate) Watch(ctx context.Context, signal <-chan struct{}) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-signal:
		case <-tick.C:
			if c.stamp() == c.seen {
				continue
			}
		}
		if err := c.reload(); err != nil {
			c.log.Warn("the certificate is not taken, the old one stays", "err", err)
			continue
		}
		c.log.Info("the certificate was read again", "expires", c.current.Load().Leaf.NotAfter)
	}
}

// ExpiresSoon tells whether less than two weeks are left.
func (c *Certificate) ExpiresSoon() bool {
	return time.Until(c.current.Load().Leaf.NotAfter) < soon
}

// Covers tells whether the certificate is one of a host.
func (c *Certificate) Covers(host string) bool {
	return c.current.Load().Leaf.VerifyHostname(host) == nil
}

// Config is for a listener that speaks these protocols: Mozilla's
// intermediate, which is what Go offers from version 1.2 on, without the key
// exchange by RSA that it left out.
func (c *Certificate) Config(protocols ...string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: protocols,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.current.Load(), nil
		},
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
	}
}
