package integrator

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/certificate"
	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
)

// Config is all that an Integrator needs. The keys of its configuration file
// are those that Bind names; the rest is given by the program.
type Config struct {
	Servers []ServerConfig

	Open    bool     // callers need no token: the service account calls
	Origins []string // of pages whose scripts may call; none: no page's

	Body       int           // bytes of a request's body at most
	Concurrent int           // requests at once
	Timeout    time.Duration // of a call

	AccessLog bool // a line for each request
	// Host reports whether a request's Host, without its port, is one of this
	// machine; nil: any is taken. Where callers need no token it keeps pages of
	// foreign names that were pointed here away.
	Host    func(host string) bool
	Section string // of the configuration file in which the keys stand, with its point; empty: none
	Version string
	Log     *slog.Logger // nil: nothing is logged
}

// ServerConfig is one Server that is called.
type ServerConfig struct {
	Address                   string
	Port                      int
	User                      string // service account
	Token                     string // of the account; or in a file
	TokenFile                 string
	TLS                       bool
	CAFile, CertFile, KeyFile string // PEM
	Reserved                  bool   // called only while no other healthy Server offers the service
}

// Bounds of a request.
const (
	defaultBody = 10 << 20
	maxBody     = 64 << 20
)

// Defaults is the configuration when nothing is configured.
func Defaults() Config {
	var c Config
	config.Fields(&c)
	return c
}

// Bind names the keys of the configuration file.
func (c *Config) Bind(b *config.Binder) {
	config.List(b, &c.Servers, "servers", words("A Server that is called; one table each.", "Сервер, к которому идут вызовы; по таблице на каждый."),
		func(b *config.Binder, s *ServerConfig) { s.bind(b) })
	b.Section("callers", words("Who may call.", "Кто может вызывать."), func(b *config.Binder) {
		config.Bool(b, &c.Open, "open", false, words("Callers need no token: whoever reaches this address calls with the rights of the service account.",
			"Токен не нужен: каждый, кому доступен этот адрес, вызывает с правами служебной учётной записи."))
		config.Texts(b, &c.Origins, "origins", nil, words("Origins of pages whose scripts may call: scheme://host:port, exactly. None: no page's may.",
			"Источники страниц, чьим скриптам можно вызывать: схема://хост:порт, точно. Пусто: никаким."), config.Check(checkOrigins))
	})
	b.Section("limits", words("What a request may take.", "Сколько может занимать запрос."), func(b *config.Binder) {
		config.Int(b, &c.Body, "body_bytes", defaultBody, 1024, maxBody, words("Bytes of a request's body.", "Байтов в теле запроса."))
		config.Int(b, &c.Concurrent, "concurrent", 1000, 1, 100_000, words("Requests at the same time; more get 503.", "Одновременных запросов; остальные получают 503."))
		config.Duration(b, &c.Timeout, "timeout", 30*time.Second, time.Second, words("A call ends after so long.", "Вызов прекращается через столько времени."))
	})
	b.Section("access", words("What is told of requests.", "Что сообщается о запросах."), func(b *config.Binder) {
		config.Bool(b, &c.AccessLog, "log", true, words("Log a line for each request, at level info: never its body, its variables or its token.",
			"Писать по строке на запрос, уровень info: никогда тело, переменные или токен."))
	})
}

func (s *ServerConfig) bind(b *config.Binder) {
	config.Text(b, &s.Address, "address", "localhost", words("Host.", "Хост."))
	config.Int(b, &s.Port, "port", 4580, 1, 65535, words("Port of its gRPC.", "Порт его gRPC."))
	config.Text(b, &s.User, "user", "service", words("Service account.", "Служебная учётная запись."))
	config.Text(b, &s.Token, "token", "", words("Token of the account.", "Токен учётной записи."), config.Secret())
	config.Text(b, &s.TokenFile, "token_file", "", words("File that holds the token, in place of the key.", "Файл с токеном вместо ключа."))
	config.Bool(b, &s.TLS, "tls", false, words("Its gRPC is encrypted.", "Его gRPC шифруется."))
	config.Text(b, &s.CAFile, "ca_file", "", words("Authorities that are believed for its certificate, PEM. Empty: the system's.",
		"Центры, которым верить по его сертификату, PEM. Пусто: системные."))
	config.Text(b, &s.CertFile, "cert_file", "", words("Own certificate for mutual TLS, PEM.", "Собственный сертификат для взаимного TLS, PEM."))
	config.Text(b, &s.KeyFile, "key_file", "", words("Its private key, PEM.", "Его закрытый ключ, PEM."))
	config.Bool(b, &s.Reserved, "reserved", false, words("Called only while no other healthy Server offers the service.",
		"Вызывать, только пока ни один другой исправный Сервер не предлагает сервис."))
}

func words(en, ru string) errs.Words { return errs.Words{En: en, Ru: ru} }

var (
	errOrigin = errs.Message{
		ID: "integrator.origin",
		En: "{origin} is no origin: write scheme://host or scheme://host:port.",
		Ru: "{origin} — не источник: пишите схема://хост или схема://хост:порт.",
	}
	errNoServers = errs.Message{
		ID: "integrator.no_servers",
		En: "No Server is configured. Give the configuration file a table [[{table}]] with address, user and token.",
		Ru: "Не задан ни один Сервер. Добавьте в файл конфигурации таблицу [[{table}]] с address, user и token.",
	}
	errNoToken = errs.Message{
		ID: "integrator.no_token",
		En: "The Server {server} has no token: set token or token_file.",
		Ru: "Для Сервера {server} нет токена: задайте token или token_file.",
	}
	errTokenFile = errs.Message{
		ID: "integrator.token_file",
		En: "The token file {file} cannot be read, or is empty.",
		Ru: "Файл токена {file} не читается или пуст.",
	}
	errTLSOff = errs.Message{
		ID: "integrator.tls_off",
		En: "The Server {server} names a file for TLS, but tls is off.",
		Ru: "Для Сервера {server} указан файл для TLS, но tls выключен.",
	}
)

func checkOrigins(list []string) *errs.Error {
	for _, o := range list {
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.String() != u.Scheme+"://"+u.Host {
			return errs.New(errs.Invalid, errOrigin, errs.P{"origin": o})
		}
	}
	return nil
}

// target is host and port.
func (s ServerConfig) target() string { return net.JoinHostPort(s.Address, strconv.Itoa(s.Port)) }

// token reads the account's token.
func (s ServerConfig) token() (string, error) {
	if s.TokenFile == "" {
		if s.Token == "" {
			return "", errs.New(errs.Invalid, errNoToken, errs.P{"server": s.target()})
		}
		return s.Token, nil
	}
	text, err := os.ReadFile(s.TokenFile)
	if token := strings.TrimSpace(string(text)); err == nil && token != "" {
		return token, nil
	}
	return "", errs.New(errs.Invalid, errTokenFile, errs.P{"file": s.TokenFile}).Because(err)
}

// tls is the encryption of the connection; nil: none. key spells keys.
func (s ServerConfig) tls(key func(string) string) (*tls.Config, error) {
	if !s.TLS {
		if s.CAFile+s.CertFile+s.KeyFile != "" {
			return nil, errs.New(errs.Invalid, errTLSOff, errs.P{"server": s.target()})
		}
		return nil, nil
	}
	return certificate.Client{
		Host: s.Address, CAFile: s.CAFile, CertFile: s.CertFile, KeyFile: s.KeyFile, Key: key,
	}.Config()
}

// key is the path of a Server's key in the configuration file.
func (c Config) key(name string) string { return c.Section + "servers." + name }
