package doctor

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

const (
	subprotocol = "weft.v1"
	protocol    = 1
)

// serverPlace is the second of the two hosts on the way.
func serverPlace(u *url.URL) place {
	listen := keyServerPlain
	if u.Scheme == "wss" {
		listen = keyServerEncrypted
	}
	return place{
		host: ServerHost, connection: ServerConnection, encryption: ServerEncryption,
		listen:      []Remedy{change(Server, remedyStartServer, listen), change(Web, remedyServerPlace, "server.host", "server.port", "server.tls")},
		certificate: []Remedy{change(Server, remedyCertificate, keyServerCertificate, keyServerKey)},
		plain:       []Remedy{change(Server, remedyServerCertificate, keyServerCertificate, keyServerKey), change(Web, remedyServerNoTLS, "server.tls", "server.port")},
	}
}

// server reaches the websocket's port, where it is another than the page's.
func (v *visit) server(ctx context.Context) bool {
	if hostPort(v.socket) == hostPort(v.page) {
		return true
	}
	return v.reach(ctx, v.socket, serverPlace(v.socket))
}

// websocket shakes hands with the page's Origin and says hello.
func (v *visit) websocket(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	client := v.client()
	client.Timeout = 0 // it would end the websocket
	defer client.CloseIdleConnections()
	ws, answer, err := websocket.Dial(ctx, v.socket.String(), &websocket.DialOptions{
		HTTPClient: client, Subprotocols: []string{subprotocol},
		HTTPHeader: http.Header{"Origin": {origin(v.page)}, "User-Agent": {v.options.Agent}},
	})
	if err != nil {
		return v.notUpgraded(ctx, answer, err)
	}
	defer func() { _ = ws.CloseNow() }()
	if ws.Subprotocol() != subprotocol {
		return v.fail(Websocket, note(msgOtherWebsocket, "url", v.socket), v.elsewhere()...)
	}
	v.pass(Websocket, msgWebsocket, params("origin", origin(v.page)))
	return v.hello(ctx, ws)
}

// origin is what a browser calls the page's, without the scheme's own port.
func origin(page *url.URL) string {
	port := map[string]string{"http": ":80", "https": ":443"}[page.Scheme]
	return page.Scheme + "://" + strings.TrimSuffix(strings.ToLower(page.Host), port)
}

// notUpgraded tells by the answer why there is no websocket.
func (v *visit) notUpgraded(ctx context.Context, answer *http.Response, err error) bool {
	nothing := answer == nil || answer.StatusCode == http.StatusSwitchingProtocols
	if (nothing || answer.StatusCode == http.StatusBadRequest) && !encrypted(v.socket) && speaksTLS(ctx, hostPort(v.socket)) {
		return v.fail(Websocket, note(msgServerEncrypted, "address", hostPort(v.socket)), change(Web, remedyServerTLS, "server.tls"), change(File, remedySecure, "secure"))
	}
	if nothing {
		return v.fail(Websocket, note(msgNoHTTP, "address", hostPort(v.socket), "reason", reason(err)), v.elsewhere()...)
	}
	body := make([]byte, 1024)
	n, _ := answer.Body.Read(body) // what the answer says is a hint only
	id := messageID(string(body[:n]))
	switch {
	case answer.StatusCode == http.StatusForbidden:
		return v.originRefused()
	case answer.StatusCode == http.StatusMisdirectedRequest:
		return v.fail(Websocket, note(msgHostUnknown, "host", v.socket.Hostname()), change(Server, remedyNames, keyServerNames))
	case v.file.WSProxy:
		return v.proxyAnswered(answer, id)
	case answer.StatusCode == http.StatusServiceUnavailable:
		return v.fail(Websocket, note(msgStopping), outside(remedyAgain))
	}
	return v.fail(Websocket, note(msgNoUpgrade, "url", v.socket, "status", answer.Status), v.elsewhere()...)
}

// messageID is the id that the web server puts at the end of what it says.
func messageID(body string) string {
	_, id, _ := strings.Cut(body, "[")
	id, _, _ = strings.Cut(id, "]")
	return id
}

// proxyAnswered tells the proxy's own answers apart.
func (v *visit) proxyAnswered(answer *http.Response, id string) bool {
	switch status := answer.StatusCode; {
	case id == "web.proxy_off":
		return v.fail(Websocket, note(msgProxyOff, "url", v.socket), change(Web, remedyProxyOn, "proxy.enabled"), change(File, remedyNoProxy, "wsproxy"))
	case status == http.StatusNotFound:
		return v.fail(Websocket, note(msgNotPassed, "url", v.socket), change(Web, remedyProxyOn, "proxy.enabled", "proxy.path"), change(File, remedyNoProxy, "wsproxy", "path"))
	case id == "web.server_odd":
		return v.fail(Websocket, note(msgServerOdd), change(Web, remedyServerPlace, "server.host", "server.port", "server.tls"))
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		return v.fail(Websocket, note(msgServerDown), change(Server, remedyStartServer, keyServerPlain, keyServerEncrypted),
			change(Web, remedyServerPlace, "server.host", "server.port", "server.tls", "server.ca_file"))
	case status == http.StatusServiceUnavailable:
		return v.fail(Websocket, note(msgStopping), outside(remedyAgain))
	}
	return v.fail(Websocket, note(msgNoUpgrade, "url", v.socket, "status", answer.Status), change(Web, remedyProxyOn, "proxy.enabled", "proxy.path"))
}

// originRefused is about the Server's own rule; through a proxy the page's
// host is known to it only from a proxy that it trusts.
func (v *visit) originRefused() bool {
	remedies := []Remedy{change(Server, remedyOrigin, keyServerOrigins, keyServerNames)}
	if v.file.WSProxy {
		remedies = append([]Remedy{change(Server, remedyServerTrust, keyServerTrusted)}, remedies...)
	}
	return v.fail(Websocket, note(msgOrigin, "origin", origin(v.page)), remedies...)
}

// elsewhere is for a port where something else than the Server listens.
func (v *visit) elsewhere() []Remedy {
	return []Remedy{change(Web, remedyServerPlace, "server.host", "server.port"), change(Server, remedyTakenPort, keyServerPlain, keyServerEncrypted)}
}

// hello says hello without credentials: a Server asks to sign in then.
func (v *visit) hello(ctx context.Context, ws *websocket.Conn) bool {
	b, err := proto.Marshal(&weftv1.Frame{Kind: &weftv1.Frame_Hello{Hello: &weftv1.Hello{
		Protocol: protocol, Client: v.options.Agent, Credentials: &weftv1.Hello_SessionToken{},
	}}})
	began := time.Now()
	if err == nil {
		err = ws.Write(ctx, websocket.MessageBinary, b)
	}
	var answer []byte
	if err == nil {
		_, answer, err = ws.Read(ctx)
	}
	var f weftv1.Frame
	if err == nil {
		err = proto.Unmarshal(answer, &f)
	}
	if err != nil {
		return v.fail(Hello, note(msgNoAnswer, "reason", reason(err)), v.elsewhere()...)
	}
	took := time.Since(began).Round(time.Millisecond)
	switch r := f.GetRefusal(); {
	case f.GetWelcome() != nil, codes.Code(r.GetCode()) == codes.Unauthenticated:
		v.pass(Hello, msgAnswered, params("time", took))
		return true
	case codes.Code(r.GetCode()) == codes.FailedPrecondition && len(r.GetErrors()) > 0:
		return v.fail(Hello, note(msgVersion, "reason", r.GetErrors()[0].GetText()), outside(remedyVersion))
	}
	return v.fail(Hello, note(msgNoAnswer, "reason", codes.Code(f.GetRefusal().GetCode())), v.elsewhere()...)
}
