package web

import (
	"bufio"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

var (
	badHandshake = errs.Message{
		ID: "web.bad_handshake",
		En: "This is no websocket handshake.",
		Ru: "Это не рукопожатие вебсокета.",
	}
	wantsWebsocket = errs.Message{
		ID: "web.wants_websocket",
		En: "The Server is there; this address takes websockets.",
		Ru: "Сервер доступен; по этому адресу принимаются вебсокеты.",
	}
	proxyOff = errs.Message{
		ID: "web.proxy_off",
		En: "The websocket proxy of this web server is off (proxy.enabled).",
		Ru: "Прокси вебсокета на этом веб-сервере отключён (proxy.enabled).",
	}
	serverDown = errs.Message{
		ID: "web.server_down",
		En: "The Server can't be reached from this web server. It may be stopped, or its address may be wrong in the web server's configuration.",
		Ru: "Веб-сервер не может связаться с Сервером. Возможно, Сервер остановлен или его адрес неверно указан в конфигурации веб-сервера.",
	}
	serverOdd = errs.Message{
		ID: "web.server_odd",
		En: "What answers in the Server's place doesn't take websockets.",
		Ru: "То, что отвечает вместо Сервера, не принимает вебсокеты.",
	}
	stopping = errs.Message{
		ID: "web.stopping",
		En: "This web server is about to stop. Try again in a moment.",
		Ru: "Веб-сервер останавливается. Повторите попытку чуть позже.",
	}
)

// handshake is a client's valid request for a websocket.
type handshake struct {
	key        string
	protocols  []string
	extensions string
	origin     string
	userAgent  string
}

// readHandshake takes nothing but what RFC 6455 asks for: a request that two
// servers could read differently is where smuggling starts.
func readHandshake(r *http.Request) (*handshake, bool) {
	h := r.Header
	key := h.Get("Sec-WebSocket-Key")
	nonce, err := base64.StdEncoding.DecodeString(key)
	switch {
	case r.Method != http.MethodGet, r.ProtoMajor != 1 || r.ProtoMinor != 1, r.Host == "",
		!single(h, "Upgrade", "websocket"), !connectionUpgrades(h), !single(h, "Sec-WebSocket-Version", "13"),
		len(h.Values("Sec-WebSocket-Key")) != 1, err != nil || len(nonce) != 16,
		len(h.Values("Origin")) > 1, r.ContentLength != 0, h.Get("Content-Length") != "", len(r.TransferEncoding) > 0:
		return nil, false
	}
	out := &handshake{
		key: key, origin: h.Get("Origin"), userAgent: h.Get("User-Agent"),
		extensions: strings.Join(h.Values("Sec-WebSocket-Extensions"), ", "),
	}
	for p := range strings.SplitSeq(strings.Join(h.Values("Sec-WebSocket-Protocol"), ","), ",") {
		if p = strings.TrimSpace(p); p != "" {
			out.protocols = append(out.protocols, p)
		}
	}
	return out, true
}

// connectionUpgrades: Connection names upgrade, and no header that the
// handshake stands on, which would be hop by hop then.
func connectionUpgrades(h http.Header) bool {
	found := false
	for _, t := range tokens(h, "Connection") {
		switch t {
		case "upgrade":
			found = true
		case "keep-alive":
		default:
			return false
		}
	}
	return found
}

// proxy answers at the proxy's path.
func (s *Server) proxy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	if !s.cfg.Proxy {
		s.refuse(w, r, http.StatusNotFound, errs.New(errs.NotFound, proxyOff, nil))
		return
	}
	if s.draining.Load() || !s.relays.enter() {
		w.Header().Set("Retry-After", "1")
		s.refuse(w, r, http.StatusServiceUnavailable, errs.New(errs.Unavailable, stopping, nil))
		return
	}
	defer s.relays.leave()
	h, ok := readHandshake(r)
	if !ok && !plainGet(r) {
		s.refuse(w, r, http.StatusBadRequest, errs.New(errs.Invalid, badHandshake, nil))
		return
	}
	up, err := s.upstream.dial(r.Context())
	if err != nil {
		s.log.Warn("the Server can't be reached", "address", s.upstream.address, "err", err)
		s.refuse(w, r, http.StatusBadGateway, errs.New(errs.Unavailable, serverDown, nil))
		return
	}
	if !ok {
		up.Close()
		w.Header().Set("Upgrade", "websocket")
		s.refuse(w, r, http.StatusUpgradeRequired, errs.New(errs.Invalid, wantsWebsocket, nil))
		return
	}
	s.handOver(w, r, h, up)
}

// plainGet is how Studio, which a browser tells nothing about a websocket that
// failed, asks whether the Server is there.
func plainGet(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header.Get("Upgrade") == "" && r.ContentLength == 0
}

// handOver shakes hands with the Server and, only after its valid 101, with
// the client; then bytes flow.
func (s *Server) handOver(w http.ResponseWriter, r *http.Request, h *handshake, up net.Conn) {
	answer, rest, err := s.upstream.upgrade(r.Context(), up, h, s.forwarded(r))
	if err == nil && answer.StatusCode >= 400 {
		s.passRefusal(w, answer)
		up.Close()
		return
	}
	if err == nil {
		err = h.accepted(answer)
	}
	if err != nil {
		up.Close()
		s.log.Warn("the Server's answer is no upgrade", "address", s.upstream.address, "err", err)
		s.refuse(w, r, http.StatusBadGateway, errs.New(errs.Unavailable, serverOdd, nil))
		return
	}
	down, early, err := http.NewResponseController(w).Hijack()
	if err != nil {
		up.Close()
		s.log.Error("hijack", "err", err)
		return
	}
	client := down.(*clientConn) // handshakes come over HTTP/1.1 alone
	if err := s.begin(client, up, h.response(answer), rest, early.Reader); err != nil {
		_, _ = client.Close(), up.Close()
		return
	}
	s.relays.start(client, up)
}

// begin sends the client its 101 and each side what the other has sent
// already.
func (s *Server) begin(client *clientConn, up net.Conn, response string, rest, early *bufio.Reader) error {
	fromServer, _ := rest.Peek(rest.Buffered()) // what is buffered is there
	fromClient, _ := early.Peek(early.Buffered())
	if err := client.SetDeadline(time.Now().Add(upgradeTime)); err != nil {
		return err
	}
	if _, err := client.Conn.Write(append([]byte(response), fromServer...)); err != nil {
		return err
	}
	if len(fromClient) > 0 {
		if _, err := up.Write(fromClient); err != nil {
			return err
		}
	}
	if err := client.SetDeadline(time.Time{}); err != nil {
		return err
	}
	return up.SetDeadline(time.Time{})
}

// passRefusal hands the Server's own 4xx or 5xx on as a plain answer.
func (s *Server) passRefusal(w http.ResponseWriter, a *http.Response) {
	defer a.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(a.Body, maxRefusal)) // a cut body is still an answer
	for _, name := range []string{"Content-Type", "Content-Language", "Retry-After", "Sec-WebSocket-Version"} {
		if v := a.Header.Get(name); v != "" {
			w.Header().Set(name, v)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.StatusCode)
	_, _ = w.Write(body) // the client is gone
}
