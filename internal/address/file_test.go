package address

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/weftworks/weft/internal/errs"
)

// vector is a case of address-vectors.json, which TypeScript runs too.
type vector struct {
	Name, Page, URL, Refused string
	ServerJSON               json.RawMessage `json:"server_json"`
	Text                     *string         `json:"server_json_text"`
}

func TestAddressVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/address-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(data, &vectors); err != nil || len(vectors) < 40 {
		t.Fatal(len(vectors), err)
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			text := []byte(v.ServerJSON)
			if v.Text != nil {
				text = []byte(*v.Text)
			}
			s, err := Parse(text)
			got := ""
			if err == nil {
				got, err = s.Websocket(v.Page)
			}
			if refusal(err) != v.Refused || withPort(got) != withPort(v.URL) {
				t.Errorf("got %q, %v; want %q, refused %q", got, err, v.URL, v.Refused)
			}
		})
	}
}

// refusal words an error as the vectors do.
func refusal(err error) string {
	if err == nil {
		return ""
	}
	switch e := errs.All(err)[0]; {
	case e.Message.ID == unencrypted.ID:
		return "unencrypted_from_encrypted_page"
	case e.Place.Setting != "":
		return "invalid:" + e.Place.Setting
	}
	return "invalid"
}

// withPort makes the scheme's own port explicit.
func withPort(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Port() != "" {
		return address
	}
	u.Host += map[string]string{"ws": ":80", "wss": ":443"}[u.Scheme]
	return u.String()
}

func TestServerJSONRefusals(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"misspelt key":        {`{"wsprot": 1}`, "server.json has the unknown key wsprot. Did you mean wsport?"},
		"key twice":           {`{"secure": true, "secure": false}`, "setting secure: server.json has the key secure twice."},
		"something after it":  {`{} {}`, "something follows the object"},
		"cut off":             {`{"secure": true`, "server.json is not a JSON object: "},
		"null":                {`null`, "server.json is not a JSON object: "},
		"path is null":        {`{"path": null}`, "path must be a path such as ws/"},
		"path with an escape": {`{"path": "a%2fb"}`, "path must be"},
		"empty path":          {`{"path": ""}`, "path must be"},
		"host with a space":   {`{"host": "a b"}`, "host must be a host name"},
		"host in brackets":    {`{"host": "[1.2.3.4]"}`, "host must be a host name"},
		"host with directive": {`{"host": "a; script-src *"}`, "host must be a host name"},
		"huge port":           {`{"wsport": 1e400}`, "wsport must be a whole number"},
		"no file but text":    {`<html>`, "server.json is not a JSON object: "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestAddressRefusesOtherPages(t *testing.T) {
	for _, page := range []string{"", "file:///app/index.html", "ftp://a/", "http://", "http://a b/"} {
		if got, err := (File{}).Websocket(page); err == nil {
			t.Errorf("%q gave %s", page, got)
		}
	}
}
