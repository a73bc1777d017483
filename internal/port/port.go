// Package port opens the ports that components listen on, and words what can
// be wrong with their addresses in a configuration.
//
// It knows no protocol.
package port

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"github.com/weftworks/weft/internal/errs"
)

var (
	errTaken = errs.Message{
		ID: "port.cannot_listen",
		En: "Can't listen on {address} ({key}): {reason}.",
		Ru: "Не удаётся ждать соединений на {address} ({key}): {reason}.",
	}
	errAddress = errs.Message{
		ID: "port.bad_address",
		En: "{value} is no address to listen on. Write host:port, or :port for every address.",
		Ru: "{value} — не адрес для приёма соединений. Пишите хост:порт или :порт для всех адресов.",
	}
	errNetwork = errs.Message{
		ID: "port.bad_network",
		En: "{value} is neither an IP address nor a network like 10.0.0.0/8.",
		Ru: "{value} — не IP-адрес и не сеть вида 10.0.0.0/8.",
	}
)

// Listen opens an address; key is what names it: a key of the configuration or
// a flag. 0.0.0.0 is every address of IPv4, and no host every address. Errors are
// of kind errs.Unavailable.
func Listen(key, address string) (net.Listener, error) {
	family := "tcp"
	if strings.HasPrefix(address, "0.0.0.0:") {
		family = "tcp4" // "tcp" would open IPv6 as well
	}
	l, err := net.Listen(family, address)
	if err != nil {
		return nil, errs.New(errs.Unavailable, errTaken, errs.P{"address": address, "key": key, "reason": reason(err)}).Because(err)
	}
	return l, nil
}

func reason(err error) errs.Words {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return errs.Words{En: "another program uses this port", Ru: "порт занят другой программой"}
	case errors.Is(err, os.ErrPermission):
		return errs.Words{En: "this user may not open ports below 1024", Ru: "этому пользователю нельзя открывать порты ниже 1024"}
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return errs.Words{En: "this host has no such address", Ru: "у этого узла нет такого адреса"}
	}
	return errs.Words{En: err.Error(), Ru: err.Error()}
}

// Address is a rule of a configuration: an address to listen on, or nothing.
func Address(v string) *errs.Error {
	if v == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(v)
	if _, perr := net.LookupPort("tcp", port); err != nil || perr != nil || port == "" || strings.ContainsAny(host, "/ ") {
		return errs.New(errs.Invalid, errAddress, errs.P{"value": v})
	}
	return nil
}

// Loopback tells whether only this machine reaches an address.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Networks is a rule of a configuration: addresses or networks.
func Networks(v []string) *errs.Error {
	_, err := ParseNetworks(v)
	return err
}

// ParseNetworks reads addresses or networks.
func ParseNetworks(v []string) ([]netip.Prefix, *errs.Error) {
	var out []netip.Prefix
	for _, s := range v {
		p, ok := network(s)
		if !ok {
			return nil, errs.New(errs.Invalid, errNetwork, errs.P{"value": s})
		}
		out = append(out, p)
	}
	return out, nil
}

func network(s string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}
