package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// place is one of the two hosts on the way: what its steps are called, and
// whose keys to change.
type place struct {
	host, connection, encryption Name
	listen                       []Remedy // nothing listens
	certificate                  []Remedy // the certificate is not believed
	plain                        []Remedy // what listens is not encrypted
}

// lookUp finds the addresses of a host.
func (v *visit) lookUp(ctx context.Context, host string, to place) (addrs []string, ok bool) {
	if net.ParseIP(host) != nil {
		return []string{host}, true
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return nil, v.fail(to.host, note(msgNoHost, "host", host), outside(remedyHost))
	}
	v.pass(to.host, msgHost, params("host", host, "addresses", strings.Join(addrs, ", ")))
	return addrs, true
}

// connect tries the port at each address, as a browser does, until one takes
// the connection.
func (v *visit) connect(ctx context.Context, hostport string, addrs []string, to place) bool {
	_, port, _ := net.SplitHostPort(hostport)
	var last error
	for _, a := range addrs {
		d := net.Dialer{Timeout: patience}
		c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(a, port))
		if err == nil {
			c.Close()
			v.pass(to.connection, msgConnected, params("address", net.JoinHostPort(a, port)))
			return true
		}
		last = err
	}
	if errors.Is(last, syscall.ECONNREFUSED) {
		return v.fail(to.connection, note(msgRefused, "address", hostport), to.listen...)
	}
	return v.fail(to.connection, note(msgNoConnection, "address", hostport, "reason", reason(last)), outside(remedyFirewall, "address", hostport))
}

// encrypt shakes hands and has the certificate verified.
func (v *visit) encrypt(ctx context.Context, u *url.URL, to place) bool {
	d := tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: v.options.Roots, ServerName: u.Hostname()}}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := d.DialContext(ctx, "tcp", hostPort(u))
	if err == nil {
		c.Close()
		v.pass(to.encryption, msgEncrypted, params("address", hostPort(u)))
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return v.fail(to.encryption, certificateNote(u, err), to.certificate...)
	}
	return v.fail(to.encryption, note(msgNotEncrypted, "address", hostPort(u)), to.plain...)
}

func certificateNote(u *url.URL, err error) Note {
	address := hostPort(u)
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return note(msgOtherName, "address", address, "host", u.Hostname(), "names", strings.Join(namesOf(e.Certificate), ", "))
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return note(msgExpired, "address", address, "from", e.Cert.NotBefore.Format(time.DateTime), "until", e.Cert.NotAfter.Format(time.DateTime))
	}
	if e, ok := errors.AsType[x509.UnknownAuthorityError](err); ok && e.Cert != nil {
		return note(msgUntrusted, "address", address, "issuer", e.Cert.Issuer.String())
	}
	return note(msgBadCertificate, "address", address, "reason", reason(err))
}

func namesOf(c *x509.Certificate) []string {
	out := c.DNSNames
	for _, a := range c.IPAddresses {
		out = append(out, a.String())
	}
	return out
}

// speaksTLS tells whether a port that was asked in plain text wants TLS.
func speaksTLS(ctx context.Context, hostport string) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d := tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}} // nothing is said over it
	c, err := d.DialContext(ctx, "tcp", hostport)
	if err != nil {
		return false
	}
	c.Close()
	return true
}
