package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

const (
	certPoll    = 10 * time.Second
	expirySoon  = 14 * 24 * time.Hour
	handshakeIn = 5 * time.Second
)

var (
	badCertificate = errs.Message{
		ID: "web.bad_certificate",
		En: "The certificate of tls.cert_file ({cert}) with the key of tls.key_file ({key}) can't be used: {reason}.",
		Ru: "Сертификат из tls.cert_file ({cert}) с ключом из tls.key_file ({key}) использовать нельзя: {reason}.",
	}
	badCA = errs.Message{
		ID: "web.bad_ca",
		En: "server.ca_file ({file}) holds no usable certificates: {reason}.",
		Ru: "В server.ca_file ({file}) нет пригодных сертификатов: {reason}.",
	}
)

// certificate is the web server's own, read again when its files change. A
// bad new one is not taken: the old one stays in use.
type certificate struct {
	cert, key string
	log       *slog.Logger
	current   atomic.Pointer[tls.Certificate]
	seen      string // sizes and times of the files when they were read last
}

func loadCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: certFile, key: keyFile, log: log}
	return c, c.reload()
}

// reload reads the files and takes them if they fit together and are valid
// now.
func (c *certificate) reload() error {
	c.seen = c.stamp()
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err == nil {
		err = usable(pair.Leaf, time.Now())
	}
	if err != nil {
		return errs.New(errs.Invalid, badCertificate, errs.P{"cert": c.cert, "key": c.key, "reason": err}).Because(err)
	}
	c.current.Store(&pair)
	if left := time.Until(pair.Leaf.NotAfter); left < expirySoon {
		c.log.Warn("the certificate expires soon", "file", c.cert, "expires", pair.Leaf.NotAfter)
	}
	return nil
}

func usable(leaf *x509.Certificate, now time.Time) error {
	switch {
	case now.After(leaf.NotAfter):
		return fmt.Errorf("it expired on %s", leaf.NotAfter.Format(time.DateTime))
	case now.Before(leaf.NotBefore):
		return fmt.Errorf("it is valid only from %s", leaf.NotBefore.Format(time.DateTime))
	}
	return nil
}

// stamp tells one state of the files from another.
func (c *certificate) stamp() string {
	s := ""
	for _, name := range []string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil {
			s += fmt.Sprint(info.Size(), info.ModTime().UnixNano(), " ")
		}
	}
	return s
}

// watch reloads on a signal, or when the files have changed, until ctx ends.
func (c *certificate) watch(ctx context.Context, signal <-chan struct{}) {
	tick := time.NewTicker(certPoll)
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

// expiresSoon tells whether less than two weeks are left.
func (c *certificate) expiresSoon() bool {
	return time.Until(c.current.Load().Leaf.NotAfter) < expirySoon
}

// config is for the listener: Mozilla's intermediate, which is what Go offers
// from version 1.2 on, without the key exchange by RSA that it left out.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
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

// loadPool reads the authorities that are believed for the Server. Without a
// file it is nil: the system's.
func loadPool(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	pool := x509.NewCertPool()
	if err == nil && !pool.AppendCertsFromPEM(pem) {
		err = fmt.Errorf("no PEM block of a certificate")
	}
	if err != nil {
		return nil, errs.New(errs.Invalid, badCA, errs.P{"file": file, "reason": err}).Because(err)
	}
	return pool, nil
}
