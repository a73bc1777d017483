package web

import (
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/certificate"
	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/port"
)

// Config is all that a web server needs. The keys of its configuration file
// are those that Bind names; the rest is given by the program.
type Config struct {
	Listening

	ServerHost   string // host of the Server; empty: this host, and for browsers the page's
	ServerPort   int    // its websocket's port; 0: 8080, or 8443 with ServerTLS
	ServerTLS    bool   // its websocket is encrypted
	ServerCAFile string // PEM; empty: the system's roots

	Proxy     bool   // pass websockets on to the Server
	ProxyPath string // with or without slashes around it

	ServerJSONFile string   // the administrator's own server.json; empty: made from the configuration
	TrustedProxies []string // addresses or networks whose X-Forwarded-… is believed

	Grace                time.Duration // how long open websockets may go on at shutdown
	ConnectionsPerClient int           // connections of one address
	UnfinishedPerClient  int           // of those, ones whose request is not there yet

	Studio fs.FS                   // Studio as it was built, index.html at its root; nil: a page that says that there is none
	Mounts map[string]http.Handler // further applications by path prefix, such as /api/
	Log    *slog.Logger            // nil: nothing is logged

	stall time.Duration // how long a websocket may stand with data waiting; 0: relayStall
}

// Defaults is the configuration when nothing is configured.
func Defaults() Config {
	var c Config
	config.Fields(&c)
	return c
}

// Bind names the keys of the configuration file.
func (c *Config) Bind(b *config.Binder) {
	c.BindListening(b, words("Where the web server listens", "Где веб-сервер ждёт соединений"),
		words("The web server's certificate.", "Сертификат веб-сервера."))
	b.Section("server", words("The Server that Studio and the proxy connect to.", "Сервер, к которому подключаются Studio и прокси."), c.bindServer)
	b.Section("proxy", words("Passes Studio's websocket on to the Server, so that browsers reach the web server alone.",
		"Передаёт вебсокет Studio Серверу: браузерам достаточно доступа к веб-серверу."), func(b *config.Binder) {
		config.Bool(b, &c.Proxy, "enabled", false, words("Switches the proxy on, and wsproxy in server.json with it.",
			"Включает прокси и вместе с ним wsproxy в server.json."))
		config.Text(b, &c.ProxyPath, "path", address.DefaultPath, words("Path on the web server, reached with and without the last slash.",
			"Путь на веб-сервере, доступный с последней косой чертой и без неё."), config.Check(proxyPath))
		config.Duration(b, &c.Grace, "grace", 10*time.Second, 0, words("How long open websockets may go on at shutdown.",
			"Сколько открытые вебсокеты могут ещё работать при остановке."))
	})
	b.Section("studio", words("What browsers are told.", "Что сообщается браузерам."), func(b *config.Binder) {
		config.Text(b, &c.ServerJSONFile, "server_json", "", words("A server.json of your own, handed out as it stands. Empty: made from this configuration.",
			"Собственный файл server.json, отдаётся как есть. Пусто: составляется по этой конфигурации."))
	})
	b.Section("limits", words("What one client may take.", "Сколько может занять один клиент."), c.bindLimits)
}

func (c *Config) bindServer(b *config.Binder) {
	config.Text(b, &c.ServerHost, "host", "", words("Host of the Server. Empty: this host; browsers then take the host of the page.",
		"Хост Сервера. Пусто: этот же узел; браузеры тогда берут хост страницы."), config.Check(serverHost))
	config.Int(b, &c.ServerPort, "port", 0, 0, 65535, words("Port of its websocket. 0: 8080, or 8443 when it is encrypted.",
		"Порт его вебсокета. 0: 8080, а с шифрованием 8443."))
	config.Bool(b, &c.ServerTLS, "tls", false, words("Its websocket is encrypted.", "Его вебсокет зашифрован."))
	config.Text(b, &c.ServerCAFile, "ca_file", "", words("Certificates of the authorities that the proxy believes for the Server, PEM. Empty: those of the system.",
		"Сертификаты удостоверяющих центров, которым прокси верит для Сервера, PEM. Пусто: системные."))
}

func (c *Config) bindLimits(b *config.Binder) {
	config.Int(b, &c.ConnectionsPerClient, "connections_per_client", 1000, 1, 1<<20, words("Connections from one address (IPv6: one /64 network).",
		"Соединений с одного адреса (для IPv6 — с одной сети /64)."))
	config.Int(b, &c.UnfinishedPerClient, "unfinished_per_client", 100, 1, 1<<20, words("Of those, connections whose request is not complete yet; the oldest is closed for a new one.",
		"Из них соединений с ещё не полученным запросом; ради нового закрывается самое старое."))
	config.Texts(b, &c.TrustedProxies, "trusted_proxies", nil, words("Addresses or networks of web servers before this one, whose X-Forwarded headers are believed.",
		"Адреса или сети веб-серверов перед этим, чьим заголовкам X-Forwarded можно верить."), config.Check(port.Networks))
}

func words(en, ru string) errs.Words { return errs.Words{En: en, Ru: ru} }

var (
	badHost = errs.Message{
		ID: "web.bad_host",
		En: "{value} is no host name and no IP address. Scheme, port and path don't belong here.",
		Ru: "{value} — не имя хоста и не IP-адрес. Схема, порт и путь здесь не указываются.",
	}
	badPath = errs.Message{
		ID: "web.bad_path",
		En: "{value} is no path for the proxy. Write one like ws/; app is taken by Studio.",
		Ru: "{value} — не путь для прокси. Укажите путь вроде ws/; app занят Studio.",
	}
	proxyNeedsCert = errs.Message{
		ID: "web.proxy_needs_cert",
		En: "With proxy.enabled and server.tls, browsers must reach this web server encrypted too. Set tls.cert_file and tls.key_file, or switch server.tls off.",
		Ru: "При proxy.enabled и server.tls браузеры и до этого веб-сервера должны идти с шифрованием. Укажите tls.cert_file и tls.key_file или отключите server.tls.",
	}
	nowhere = errs.Message{
		ID: "web.nowhere_to_listen",
		En: "There is nothing to listen on: listen.http is empty, and there is no certificate for listen.https.",
		Ru: "Не на чем ждать соединений: listen.http пуст, а для listen.https нет сертификата.",
	}
)

func serverHost(v string) *errs.Error {
	if _, ok := address.Host(v); v != "" && !ok {
		return errs.New(errs.Invalid, badHost, errs.P{"value": v})
	}
	return nil
}

func proxyPath(v string) *errs.Error {
	first, _, _ := strings.Cut(strings.Trim(v, "/"), "/")
	if !address.ValidPath(v) || first == "app" || first == "healthz" || first == "readyz" {
		return errs.New(errs.Invalid, badPath, errs.P{"value": v})
	}
	return nil
}

// tls tells whether the web server has a certificate.
func (c *Config) tls() bool { return c.CertFile != "" }

// check finds what is wrong between keys.
func (c *Config) check() error {
	var list errs.List
	half := certificate.Together(c.CertFile, c.KeyFile)
	list.Add(half)
	if half == nil && c.Proxy && c.ServerTLS && !c.tls() {
		list.Add(errs.New(errs.Invalid, proxyNeedsCert, nil))
	}
	if c.HTTP == "" && (c.HTTPS == "" || !c.tls()) {
		list.Add(errs.New(errs.Invalid, nowhere, nil))
	}
	return list.Err()
}

// serverJSON is what the configuration says to browsers.
func (c *Config) serverJSON() address.File {
	s := address.File{WSProxy: c.Proxy, Path: c.ProxyPath, Secure: c.ServerTLS}
	if c.ServerHost != "" {
		host, _ := address.Host(c.ServerHost)
		s.Host = &host
	}
	port := c.serverPort()
	if c.ServerTLS {
		s.WSSPort = &port
	} else {
		s.WSPort = &port
	}
	return s
}

func (c *Config) serverPort() int {
	switch {
	case c.ServerPort != 0:
		return c.ServerPort
	case c.ServerTLS:
		return address.DefaultWSSPort
	}
	return address.DefaultWSPort
}
