package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/weftworks/weft/internal/errs"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample has a key of every sort.
type sample struct {
	Listen  string
	Proxy   bool
	Port    int
	Grace   time.Duration
	Names   []string
	Token   string
	Servers []sampleServer
}

type sampleServer struct {
	Address  string
	Reserved bool
}

func (s *sample) Bind(b *Binder) {
	Text(b, &s.Listen, "listen", ":80", errs.Words{En: "Address to listen on.", Ru: "Адрес, на котором ждать соединений."},
		Check(func(v string) *errs.Error {
			if v == "" {
				return errs.New(errs.Invalid, emptyListen, nil)
			}
			return nil
		}))
	b.Section("proxy", errs.Words{En: "The websocket proxy.", Ru: "Прокси вебсокета."}, func(b *Binder) {
		Bool(b, &s.Proxy, "enabled", false, errs.Words{En: "Pass websockets on to the Server.", Ru: "Передавать вебсокеты Серверу."})
		Int(b, &s.Port, "server_port", 8080, 1, 65535, errs.Words{En: "Port of the Server.", Ru: "Порт Сервера."})
		Duration(b, &s.Grace, "grace", 10*time.Second, 0, errs.Words{
			En: "How long open connections may go on at shutdown; those that are still open then are closed by the proxy.",
			Ru: "Сколько открытые соединения могут ещё работать при остановке; оставшиеся прокси закрывает."})
	})
	Texts(b, &s.Names, "names", nil, errs.Words{En: "Further names.", Ru: "Другие имена."})
	Text(b, &s.Token, "token", "", errs.Words{En: "The token.", Ru: "Токен."}, Secret())
	List(b, &s.Servers, "servers", errs.Words{En: "The Servers.", Ru: "Серверы."}, func(b *Binder, v *sampleServer) {
		Text(b, &v.Address, "address", "localhost", errs.Words{En: "Address.", Ru: "Адрес."})
		Bool(b, &v.Reserved, "reserved", false, errs.Words{En: "Only when no other is left.", Ru: "Только если нет других."})
	})
}

var emptyListen = errs.Message{ID: "config.test_empty", En: "The address is empty.", Ru: "Адрес пуст."}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "weft.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func defaults() sample {
	return sample{Listen: ":80", Port: 8080, Grace: 10 * time.Second, Servers: []sampleServer{}}
}

func TestLaterSourcesWin(t *testing.T) {
	file := "listen = \":81\"\nnames = [\"a\", # one\n  \"b\"]\n[proxy]\nenabled = true\nserver_port = 0x1F90\ngrace = \"1m\"\n" +
		"[[servers]]\n[[servers]]\naddress = \"two\"\nreserved = true\n"
	cases := map[string]struct {
		src  Sources
		want func(*sample)
	}{
		"nothing": {Sources{}, func(*sample) {}},
		"file": {Sources{File: write(t, file)}, func(s *sample) {
			s.Listen, s.Proxy, s.Port, s.Grace, s.Names = ":81", true, 8080, time.Minute, []string{"a", "b"}
			s.Servers = []sampleServer{{Address: "localhost"}, {"two", true}}
		}},
		"inline table and dotted keys": {Sources{File: write(t, "proxy = {enabled = true, server_port = 1}")}, func(s *sample) {
			s.Proxy, s.Port = true, 1
		}},
		"environment over file": {Sources{File: write(t, "listen = \":81\""), Prefix: "WEFT_X_", Env: []string{"WEFT_X_LISTEN=:82", "WEFT_X_PROXY_ENABLED=true", "WEFT_X_NAMES=a, b", "OTHER=1", "WEFT_XY=1"}}, func(s *sample) {
			s.Listen, s.Proxy, s.Names = ":82", true, []string{"a", "b"}
		}},
		"flag over environment": {Sources{Prefix: "WEFT_X_", Env: []string{"WEFT_X_PROXY_SERVER_PORT=2"}, Flags: map[string]string{"proxy-server-port": "3"}}, func(s *sample) {
			s.Port = 3
		}},
		"ignored variable": {Sources{Prefix: "WEFT_X_", Env: []string{"WEFT_X_CONFIG=a"}, Ignore: []string{"WEFT_X_CONFIG"}}, func(*sample) {}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got sample
			if err := Load(&got, c.src); err != nil {
				t.Fatal(err)
			}
			want := defaults()
			c.want(&want)
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	cases := map[string]struct {
		file string
		src  Sources
		want string // what is told, with the place
	}{
		"unknown key":            {file: "\nlissten = \":80\"", want: "weft.toml:2:1: There is no key lissten. Did you mean listen?"},
		"unknown key inside":     {file: "[proxy]\n  server_prot = 1", want: "weft.toml:2:3: There is no key proxy.server_prot. Did you mean proxy.server_port?"},
		"unknown section":        {file: "[nonsense]\na = 1", want: "weft.toml:1:2: There is no key nonsense."},
		"unknown in list":        {file: "[[servers]]\n[[servers]]\naddrress = \"a\"", want: "weft.toml:3:1: There is no key servers[1].addrress. Did you mean servers[1].address?"},
		"wrong type":             {file: "listen = 80", want: "weft.toml:1:1: listen must be text in quotes; here it is 80."},
		"column in characters":   {file: "proxy = { \"grace\" = \"1s\", 'server_port' = \"ж\"}", want: `weft.toml:1:27: proxy.server_port must be a whole number from 1 to 65535; here it is "ж".`},
		"port too large":         {file: "proxy.server_port = 65536", want: "weft.toml:1:1: proxy.server_port must be a whole number from 1 to 65535; here it is 65536."},
		"port with a fraction":   {file: "proxy.server_port = 1.5", want: "here it is 1.5."},
		"date":                   {file: "listen = 2026-01-01", want: "here it is a date or time."},
		"list of numbers":        {file: "names = [\"a\", 1]", want: `names must be a list of texts such as ["a", "b"]; here it is ["a", 1].`},
		"duration":               {file: "[proxy]\ngrace = \"-1s\"", want: `proxy.grace must be a length of time such as "30s" or "2m", at least "0s"; here it is "-1s".`},
		"section as value":       {file: "proxy = 1", want: "weft.toml:1:1: proxy is a section of keys, not a single value."},
		"value as section":       {file: "[listen]", want: "weft.toml:1:2: listen must be text in quotes; here it is a section."},
		"list as section":        {file: "[servers]\naddress = \"a\"", want: "weft.toml:1:2: There is no key servers."},
		"no TOML":                {file: "a = 1\nlisten = ", want: "weft.toml:2:"},
		"twice":                  {file: "listen = \"a\"\nlisten = \"b\"", want: "weft.toml:2:"},
		"own rule":               {file: "listen = \"\"", want: "weft.toml:1:1: setting listen: The address is empty."},
		"unknown variable":       {src: Sources{Prefix: "WEFT_X_", Env: []string{"WEFT_X_LISTN=a"}}, want: "There is no key WEFT_X_LISTN. Did you mean WEFT_X_LISTEN?"},
		"bad variable":           {src: Sources{Prefix: "WEFT_X_", Env: []string{"WEFT_X_PROXY_ENABLED=yes"}}, want: `WEFT_X_PROXY_ENABLED must be true or false; here it is "yes".`},
		"bad flag":               {src: Sources{Flags: map[string]string{"proxy-server-port": "http"}}, want: `--proxy-server-port must be a whole number from 1 to 65535; here it is "http".`},
		"secret is not told":     {file: "token = 12345", want: "token must be text in quotes; here it is …."},
		"missing file":           {src: Sources{File: "/no/such/weft.toml"}, want: "There is no configuration file /no/such/weft.toml."},
		"folder in its place":    {src: Sources{File: "/"}, want: "The configuration file / cannot be read."},
		"all at once: the first": {file: "a = 1\nb = 2", want: "weft.toml:1:1: There is no key a."},
		"all at once: the last":  {file: "a = 1\nb = 2", want: "weft.toml:2:1: There is no key b."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.file != "" {
				c.src.File = write(t, c.file)
			}
			err := Load(&sample{}, c.src)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// What Print writes is a file that gives the same configuration.
func TestPrint(t *testing.T) {
	file := write(t, "listen = \"a\\\"\\u0001ж\"\n[proxy]\nenabled = true\n[[servers]]\naddress = \"one\"\n[[servers]]\nreserved = true\n")
	src := Sources{File: file, Prefix: "WEFT_X_", Env: []string{"WEFT_X_NAMES=a,b"}}
	for _, lang := range []string{"en", "ru"} {
		var text strings.Builder
		if err := Print(&text, &sample{}, src, lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "print."+lang+".toml", text.String())
		var want, got sample
		if err := Load(&want, src); err != nil {
			t.Fatal(err)
		}
		if err := Load(&got, Sources{File: write(t, text.String())}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}

func TestPrintHidesSecrets(t *testing.T) {
	var text strings.Builder
	if err := Print(&text, &sample{}, Sources{File: write(t, "token = \"hunter2\"")}, "en"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "hunter2") || !strings.Contains(text.String(), "not shown") {
		t.Error(text.String())
	}
}

func TestPrintOfAnEmptyList(t *testing.T) {
	var text strings.Builder
	if err := Print(&text, &sample{}, Sources{}, "en"); err != nil {
		t.Fatal(err)
	}
	golden(t, "print.defaults.toml", text.String())
	var want, got sample
	if err := Load(&want, Sources{}); err != nil {
		t.Fatal(err)
	}
	if err := Load(&got, Sources{File: write(t, text.String())}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestFields(t *testing.T) {
	var got []string
	for _, f := range Fields(&sample{}) {
		got = append(got, f.Flag()+" "+f.Env("WEFT_X_")+" "+f.Default())
	}
	want := []string{
		`listen WEFT_X_LISTEN ":80"`, "proxy-enabled WEFT_X_PROXY_ENABLED false", "proxy-server-port WEFT_X_PROXY_SERVER_PORT 8080",
		`proxy-grace WEFT_X_PROXY_GRACE "10s"`, "names WEFT_X_NAMES []", `token WEFT_X_TOKEN ""`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a = 1\n[b]\nc = [1, 'x']\n[[d]]\ne.f = {g = 1979-05-27}")
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := parseDocument("f", []byte(text))
		if err == nil && doc == nil {
			t.Fatal("neither document nor error")
		}
	})
}
