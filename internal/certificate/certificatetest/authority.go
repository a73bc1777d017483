// Package certificatetest is an authority that issues certificates for tests:
// of any host, for any time, as files that a configuration can name.
//
// It knows no server.
package certificatetest

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority issues certificates, as long as its test lasts.
type Authority struct {
	File string         // its own certificate, PEM
	Pool *x509.CertPool // holds it
	Dir  string         // of all files that it writes

	t      testing.TB
	key    *ecdsa.PrivateKey
	cert   *x509.Certificate
	issued int64
}

// New makes an authority that nobody believes yet.
func New(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t, Dir: t.TempDir(), Pool: x509.NewCertPool()}
	key, der := a.sign(&x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	cert, err := x509.ParseCertificate(der)
	a.check(err)
	a.key, a.cert, a.File = key, cert, a.write("authority.pem", "CERTIFICATE", der)
	a.Pool.AddCert(cert)
	return a
}

// Order is a certificate to issue. The zero value is one of this machine.
type Order struct {
	Name   string    // of the files, written over earlier ones; empty: a new one
	Hosts  []string  // names and addresses; nil: localhost and 127.0.0.1
	Serial int64     // 0: one more than the last
	Until  time.Time // zero: in 90 days
}

// Issue writes a certificate and its key, PEM.
func (a *Authority) Issue(o Order) (certFile, keyFile string) {
	a.t.Helper()
	a.issued++
	template := &x509.Certificate{
		SerialNumber: big.NewInt(cmp.Or(o.Serial, 1+a.issued)), NotAfter: time.Now().AddDate(0, 0, 90),
	}
	if !o.Until.IsZero() {
		template.NotAfter = o.Until
	}
	if o.Hosts == nil {
		o.Hosts = []string{"localhost", "127.0.0.1"}
	}
	for _, h := range o.Hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	key, der := a.sign(template)
	text, err := x509.MarshalECPrivateKey(key)
	a.check(err)
	name := cmp.Or(o.Name, fmt.Sprint("issued-", a.issued))
	return a.write(name+".pem", "CERTIFICATE", der), a.write(name+".key", "EC PRIVATE KEY", text)
}

// Pair is Issue for a listener of the test's own.
func (a *Authority) Pair(o Order) tls.Certificate {
	a.t.Helper()
	pair, err := tls.LoadX509KeyPair(a.Issue(o))
	a.check(err)
	return pair
}

// Client is what somebody who believes the authority dials localhost with.
func (a *Authority) Client(own ...tls.Certificate) *tls.Config {
	return &tls.Config{RootCAs: a.Pool, ServerName: "localhost", Certificates: own}
}

// sign makes a key and its certificate, signed by the authority or, before
// there is one, by itself.
func (a *Authority) sign(template *x509.Certificate) (*ecdsa.PrivateKey, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	a.check(err)
	template.NotBefore = time.Now().Add(-time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	a.check(err)
	return key, der
}

func (a *Authority) write(name, kind string, der []byte) string {
	path := filepath.Join(a.Dir, name)
	a.check(os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	return path
}

func (a *Authority) check(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}
