package port

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
)

func TestListen(t *testing.T) {
	l, err := Listen("listen.http", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = Listen("listen.http", l.Addr().String())
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind != errs.Unavailable {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"en": "another program", "ru": "другой программой"} {
		if text := e.Text(lang); !strings.Contains(text, want) || !strings.Contains(text, "listen.http") {
			t.Error(text)
		}
	}
}

// An address of IPv4 opens no port of IPv6, which a firewall may leave open.
func TestListenKeepsToTheFamily(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", "127.0.0.1:0"} {
		l, err := Listen("listen.http", address)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := netip.ParseAddrPort(l.Addr().String()); err != nil || !got.Addr().Is4() {
			t.Errorf("%s: %v %v", address, l.Addr(), err)
		}
		l.Close()
	}
}

func TestAddress(t *testing.T) {
	for v, good := range map[string]bool{
		"": true, ":80": true, "127.0.0.1:0": true, "[::1]:8080": true, "host:http": true,
		"80": false, "host": false, "host:": false, "http://host:80": false, "a b:80": false, ":70000": false, "::1:80": false,
	} {
		if got := Address(v) == nil; got != good {
			t.Errorf("%q: %t", v, got)
		}
	}
}

func TestLoopback(t *testing.T) {
	for v, want := range map[string]bool{
		"127.0.0.1:80": true, "localhost:80": true, "[::1]:80": true, "127.3.2.1:1": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "10.0.0.1:80": false, "example.org:80": false, "localhost": false,
	} {
		if got := Loopback(v); got != want {
			t.Errorf("%q: %t", v, got)
		}
	}
}

func TestParseNetworks(t *testing.T) {
	got, err := ParseNetworks([]string{"10.1.2.3/8", "::ffff:10.0.0.1", "2001:db8::/32"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"10.0.0.0/8", "10.0.0.1/32", "2001:db8::/32"}
	var texts []string
	for _, p := range got {
		texts = append(texts, p.String())
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if !got[0].Contains(netip.MustParseAddr("10.9.9.9")) || Networks([]string{"10.0.0.0/33"}) == nil || Networks([]string{"host"}) == nil {
		t.Error("networks")
	}
}
