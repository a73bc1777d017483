package app

import (
	"net/url"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/address"
	"github.com/weftworks/weft/internal/certificate"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/port"
)

var (
	errOrigin = errs.Message{
		ID: "app.bad_origin",
		En: "{value} is no origin. Write scheme://host or scheme://host:port, with http or https, and nothing after.",
		Ru: "{value} — не источник. Пишите схема://хост или схема://хост:порт с http или https и ничего после.",
	}
	errHostName = errs.Message{
		ID: "app.bad_host_name",
		En: "{value} is no host name and no IP address. Scheme, port and path don't belong here.",
		Ru: "{value} — не имя хоста и не IP-адрес. Схема, порт и путь здесь не указываются.",
	}
	errOneOf = errs.Message{
		ID: "app.not_one_of",
		En: "{value} is none of {values}. {suggest}",
		Ru: "{value} — не одно из {values}. {suggest}",
	}
	errTCPNoCert = errs.Message{
		ID: "app.tcp_no_cert",
		En: "tcp.tls needs a certificate. Set tls.cert_file and tls.key_file.",
		Ru: "Для tcp.tls нужен сертификат. Укажите tls.cert_file и tls.key_file.",
	}
	errTCPPlain = errs.Message{
		ID: "app.tcp_plain",
		En: "listen.tcp ({address}) can be reached from other hosts, so tokens and data would pass unencrypted. Set tcp.tls, or bind it to 127.0.0.1, or set tcp.allow_plain if the network is safe.",
		Ru: "listen.tcp ({address}) доступен другим узлам: токены и данные пойдут без шифрования. Задайте tcp.tls, привяжите порт к 127.0.0.1 или, если сеть безопасна, задайте tcp.allow_plain.",
	}
	errClientCA = errs.Message{
		ID: "app.client_ca_without_tls",
		En: "tcp.client_ca_file asks callers for certificates, which takes tcp.tls.",
		Ru: "tcp.client_ca_file требует от вызывающих сертификаты, для этого нужен tcp.tls.",
	}
	errNowhere = errs.Message{
		ID: "app.nowhere_to_listen",
		En: "There is no port for Studio: listen.ws is empty, or not opened beside a certificate, and so is listen.wss.",
		Ru: "Для Studio нет порта: listen.ws пуст или не открывается при сертификате, и listen.wss тоже.",
	}
)

func origins(v []string) *errs.Error {
	for _, o := range v {
		u, err := url.Parse(o)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" ||
			u.User != nil || u.Path != "" || strings.ContainsAny(o, "?#*") {
			return errs.New(errs.Invalid, errOrigin, errs.P{"value": o})
		}
	}
	return nil
}

func hostNames(v []string) *errs.Error {
	for _, h := range v {
		if _, ok := address.Host(h); !ok {
			return errs.New(errs.Invalid, errHostName, errs.P{"value": h})
		}
	}
	return nil
}

func oneOf(values ...string) func(string) *errs.Error {
	return func(v string) *errs.Error {
		if slices.Contains(values, v) {
			return nil
		}
		return errs.New(errs.Invalid, errOneOf, errs.P{"value": v, "values": strings.Join(values, ", "), "suggest": errs.Suggest(v, values)})
	}
}

// encrypted tells whether the Server has a certificate.
func (c *ServerConfig) encrypted() bool { return c.CertFile != "" }

// plain tells whether the unencrypted websocket is opened.
func (c *ServerConfig) plain() bool { return c.WS != "" && (!c.encrypted() || c.PlainToo) }

// check finds what is wrong between keys.
func (c *ServerConfig) check() error {
	var list errs.List
	half := certificate.Together(c.CertFile, c.KeyFile)
	list.Add(half)
	if half == nil && c.TCPTLS && !c.encrypted() {
		list.Add(errs.New(errs.Invalid, errTCPNoCert, nil))
	}
	if c.TCP != "" && !c.TCPTLS && !c.TCPPlain && !port.Loopback(c.TCP) {
		list.Add(errs.New(errs.Invalid, errTCPPlain, errs.P{"address": c.TCP}))
	}
	if c.ClientCAFile != "" && !c.TCPTLS {
		list.Add(errs.New(errs.Invalid, errClientCA, nil))
	}
	if !c.plain() && (!c.encrypted() || c.WSS == "") {
		list.Add(errs.New(errs.Invalid, errNowhere, nil))
	}
	return list.Err()
}

// warn tells, at each start, what is allowed and dangerous.
func (c *ServerConfig) warn() {
	if c.TCP != "" && !c.TCPTLS && !port.Loopback(c.TCP) {
		c.Log.Warn("tcp.allow_plain: other hosts reach the port without encryption, tokens and data can be read on the way", "address", c.TCP)
	}
}
