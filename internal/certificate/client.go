package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"

	"github.com/weftworks/weft/internal/errs"
)

var errAuthorities = errs.Message{
	ID: "certificate.authorities",
	En: "{key} ({file}) holds no usable certificates: {reason}.",
	Ru: "В {key} ({file}) нет пригодных сертификатов: {reason}.",
}

// Client is how a program reaches a Server over TLS.
type Client struct {
	Host              string // whose certificate it must be
	CAFile            string // authorities that are believed, PEM; empty: the system's
	CertFile, KeyFile string // own certificate for mutual TLS, PEM; empty: none
	// Key spells ca_file, cert_file and key_file as the program's own
	// configuration has them.
	Key func(name string) string
}

// Config reads the files. Errors are of kind errs.Invalid and name the key.
func (c Client) Config() (*tls.Config, error) {
	pool, err := Authorities(c.Key("ca_file"), c.CAFile)
	if err != nil {
		return nil, err
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool, ServerName: c.Host}
	if c.CertFile+c.KeyFile == "" {
		return out, nil
	}
	own := files{c.Key("cert_file"), c.CertFile, c.Key("key_file"), c.KeyFile}
	if err := own.together(); err != nil {
		return nil, err
	}
	pair, err := own.read()
	if err != nil {
		return nil, err
	}
	out.Certificates = []tls.Certificate{pair}
	return out, nil
}

// Authorities reads the authorities that are believed for somebody else's
// certificate; key names the file in the configuration. Without a file they are
// nil: the system's.
func Authorities(key, file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	pool := x509.NewCertPool()
	if err == nil && !pool.AppendCertsFromPEM(pem) {
		err = errNoPEM
	}
	if err != nil {
		return nil, errs.New(errs.Invalid, errAuthorities, errs.P{"key": key, "file": file, "reason": unusable(err)}).Because(err)
	}
	return pool, nil
}

var errNoPEM = errors.New("no PEM data of a certificate")
