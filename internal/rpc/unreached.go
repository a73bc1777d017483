package rpc

import (
	"strings"

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
// them. The libraries tell the reason in their text alone.
func WhyUnreached(err error, key func(name string) string) Unreached {
	text := status.Convert(err).Message()
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	why := func(en, ru string) Unreached { return Unreached{Why: errs.Words{En: en, Ru: ru}} }
	refused := func(en, ru string) Unreached { return Unreached{errs.Words{En: en, Ru: ru}, true} }
	switch {
	case has("connection refused"):
		return why("nothing listens there", "там никто не отвечает")
	case has("no such host", "server misbehaving"):
		return why("there is no such host", "такого узла нет")
	case has("remote error: tls: certificate required", "remote error: tls: handshake failure"):
		return refused("it asks for a certificate ("+key("cert_file")+" and "+key("key_file")+")", "он требует сертификат ("+key("cert_file")+" и "+key("key_file")+")")
	case has("remote error: tls:"):
		return refused("it does not take the certificate of "+key("cert_file"), "он не принимает сертификат из "+key("cert_file"))
	case has("certificate has expired"):
		return why("its certificate has expired, or is not valid yet", "срок его сертификата истёк или ещё не начался")
	case has("x509: certificate is valid for", "doesn't contain any", "not valid for any names"):
		return why("its certificate is for another name", "его сертификат выдан на другое имя")
	case has("x509:", "certificate"):
		return why("its certificate is not trusted ("+key("ca_file")+" names the authority)", "его сертификату нет доверия (центр указывает "+key("ca_file")+")")
	case has("first record does not look like"):
		return why("it does not encrypt ("+key("tls")+")", "он не шифрует ("+key("tls")+")")
	case has("tls:", "handshake", "EOF", "server preface", "connection reset", "broken pipe"):
		return why("one side encrypts and the other does not ("+key("tls")+"), or it closes at once", "шифрует только одна сторона ("+key("tls")+"), или соединение сразу закрывается")
	}
	return why("it does not answer", "он не отвечает")
}
