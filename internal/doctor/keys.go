package doctor

import "github.com/weftworks/weft/internal/errs"

// The keys of the Server's configuration that are named; those of the web
// server stand where they are named.
const (
	keyServerPlain       = "listen.ws"
	keyServerEncrypted   = "listen.wss"
	keyServerCertificate = "tls.cert_file"
	keyServerKey         = "tls.key_file"
	keyServerNames       = "websocket.host_names"
	keyServerOrigins     = "websocket.origins"
	keyServerTrusted     = "websocket.trusted_proxies"
)

// ServerKeys are all keys of the Server's configuration that may be named.
func ServerKeys() []string {
	return []string{
		keyServerPlain, keyServerEncrypted, keyServerCertificate, keyServerKey, keyServerNames, keyServerOrigins, keyServerTrusted,
	}
}

// params are names and values in turn.
func params(pairs ...any) errs.P {
	p := errs.P{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			p[name] = pairs[i+1]
		}
	}
	return p
}

func note(m errs.Message, pairs ...any) Note { return Note{m, params(pairs...)} }

// change names keys of a component.
func change(c Component, m errs.Message, keys ...string) Remedy {
	return Remedy{Component: c, Keys: keys, Text: Note{Message: m}}
}

// outside is a remedy that no configuration of Weft holds.
func outside(m errs.Message, pairs ...any) Remedy {
	return Remedy{Text: note(m, pairs...)}
}
