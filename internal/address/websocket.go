package address

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// The Server's ports when server.json names none.
const (
	DefaultWSPort  = 8080
	DefaultWSSPort = 8443
)

var (
	unencrypted = errs.Message{
		ID: "address.unencrypted_from_encrypted_page",
		En: "This page is encrypted, but the Server's websocket is declared without encryption (wsport in server.json), and browsers don't open it from here. Give the Server a certificate, or switch the web server's proxy on.",
		Ru: "Страница зашифрована, а вебсокет Сервера объявлен без шифрования (wsport в server.json): браузер отсюда его не откроет. Дайте Серверу сертификат или включите прокси веб-сервера.",
	}
	badPage = errs.Message{
		ID: "address.bad_page",
		En: "{page} is not the http or https address of a page.",
		Ru: "{page} — не адрес страницы http или https.",
	}
)

// Websocket forms the address of the websocket, its port always written, for
// a page. The error is a refusal that people are to read: there is no address
// then.
func (s File) Websocket(page string) (string, error) {
	u, err := url.Parse(page)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", errs.New(errs.Invalid, badPage, errs.P{"page": page})
	}
	if s.WSProxy {
		return proxied(u, s), nil
	}
	host := u.Hostname()
	if s.Host != nil {
		host = *s.Host
	}
	switch encryptedPage := u.Scheme == "https"; {
	case s.Secure, s.WSSPort != nil && (encryptedPage || s.WSPort == nil), encryptedPage && s.WSPort == nil:
		return address("wss", host, or(s.WSSPort, DefaultWSSPort), "/ws"), nil
	case encryptedPage:
		return "", errs.New(errs.Invalid, unencrypted, nil)
	}
	return address("ws", host, or(s.WSPort, DefaultWSPort), "/ws"), nil
}

// proxied is the address by way of the web server that the page came from.
func proxied(page *url.URL, s File) string {
	path := "/" + strings.TrimPrefix(s.Path, "/")
	port, _ := strconv.Atoi(page.Port())
	switch {
	case page.Scheme == "https":
		return address("wss", page.Hostname(), or(&port, 443), path)
	case s.Secure:
		return address("wss", page.Hostname(), 443, path)
	}
	return address("ws", page.Hostname(), or(&port, 80), path)
}

func address(scheme, host string, port int, path string) string {
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(port)) + path
}

// or returns the port, or the other when there is none.
func or(port *int, other int) int {
	if port == nil || *port == 0 {
		return other
	}
	return *port
}
