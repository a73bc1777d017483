package rpc

import (
	"context"
	"crypto/tls"
	"strings"
	"time"

	"google.golang.org/grpc/status"

	"github.com/weftworks/weft/internal/errs"
)

// Unreached says why a call over TCP did not come to its server.
type Unreached struct {
	Why errs.Words
	// Refused: the server is there, and does not take the caller's certificate,
	// or the lack of one.
	Refused bool
}

// WhyUnreached finds out why a call failed whose code is Unavailable. key
// spells ca_file, cert_file, key_file and tls as the caller's configuration has
// them.
func (c TCPClient) WhyUnreached(ctx context.Context, err error, key func(name string) string) Unreached {
	u, sure := unreached(status.Convert(err).Message(), key)
	if sure || c.TLS == nil {
		return u
	}
	// What a server says of a certificate is lost where it has closed before
	// the first bytes of the call.
	if text := c.alert(ctx); text != "" {
		u, _ = unreached(text, key)
	}
	return u
}

// alertTime is how long a server may take to say that it goes no further.
const alertTime = 2 * time.Second

// alert shakes hands, says nothing, and returns why the server goes no further.
func (c TCPClient) alert(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, alertTime)
	defer cancel()
	config := c.TLS.Clone()
	config.NextProtos = []string{"h2"}
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", c.Address)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(alertTime)); err != nil {
		return err.Error()
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		return err.Error()
	}
	return ""
}

// unreached finds words for what the libraries tell in their text alone; sure:
// there can be no other reason.
func unreached(text string, key func(name string) string) (u Unreached, sure bool) {
	why := func(en, ru string) Unreached { return Unreached{Why: errs.Words{En: en, Ru: ru}} }
	for _, r := range []struct {
		parts []string
		found Unreached
	}{
		{[]string{"connection refused"}, why("nothing listens there", "там никто не отвечает")},
		{[]string{"no such host", "server misbehaving"}, why("there is no such host", "такого узла нет")},
		{[]string{"tls: certificate required", "remote error: tls: handshake failure"},
			why("it asks for a certificate ("+key("cert_file")+" and "+key("key_file")+")", "он требует сертификат ("+key("cert_file")+" и "+key("key_file")+")").refused()},
		{[]string{"remote error: tls:"},
			why("it does not take the certificate of "+key("cert_file"), "он не принимает сертификат из "+key("cert_file")).refused()},
		{[]string{"certificate has expired"}, why("its certificate has expired, or is not valid yet", "срок его сертификата истёк или ещё не начался")},
		{[]string{"x509: certificate is valid for", "doesn't contain any", "not valid for any names"},
			why("its certificate is for another name", "его сертификат выдан на другое имя")},
		{[]string{"x509:"}, why("its certificate is not trusted ("+key("ca_file")+" names the authority)", "его сертификату нет доверия (центр указывает "+key("ca_file")+")")},
		{[]string{"first record does not look like"}, why("it does not encrypt ("+key("tls")+")", "он не шифрует ("+key("tls")+")")},
	} {
		for _, p := range r.parts {
			if strings.Contains(text, p) {
				return r.found, true
			}
		}
	}
	for _, p := range []string{"tls:", "handshake", "EOF", "preface", "reset by peer", "broken pipe"} {
		if strings.Contains(text, p) {
			return why("one side encrypts and the other does not ("+key("tls")+"), or it closes at once",
				"шифрует только одна сторона ("+key("tls")+"), или соединение сразу закрывается"), false
		}
	}
	return why("it does not answer", "он не отвечает"), false
}

func (u Unreached) refused() Unreached {
	u.Refused = true
	return u
}
