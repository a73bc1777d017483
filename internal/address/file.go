package address

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// File is server.json, from which Studio forms the address of the websocket.
// Nil means null.
type File struct {
	Host    *string `json:"host"`    // host of the Server; nil: the host of the page
	WSPort  *int    `json:"wsport"`  // port for ws; nil: 8080
	WSSPort *int    `json:"wssport"` // port for wss; nil: 8443
	WSProxy bool    `json:"wsproxy"` // connect through the web server
	Path    string  `json:"path"`    // path on the web server when WSProxy is set
	Secure  bool    `json:"secure"`  // always encrypt
}

// DefaultPath is the path of the proxy when none is given.
const DefaultPath = "ws/"

var (
	serverJSONText = errs.Message{
		ID: "address.server_json_text",
		En: "server.json is not a JSON object: {detail}.",
		Ru: "server.json — не объект JSON: {detail}.",
	}
	serverJSONKey = errs.Message{
		ID: "address.server_json_key",
		En: "server.json has the unknown key {key}. {suggest}",
		Ru: "В server.json неизвестный ключ {key}. {suggest}",
	}
	serverJSONTwice = errs.Message{
		ID: "address.server_json_twice",
		En: "server.json has the key {key} twice.",
		Ru: "В server.json ключ {key} указан дважды.",
	}
	serverJSONValue = errs.Message{
		ID: "address.server_json_value",
		En: "In server.json, {key} must be {want}.",
		Ru: "В server.json {key}: должно быть {want}.",
	}
	portOrNull = errs.Words{En: "a whole number from 1 to 65535, or null", Ru: "целое число от 1 до 65535 или null"}
	trueFalse  = errs.Words{En: "true or false", Ru: "true или false"}
	hostOrNull = errs.Words{
		En: "a host name or an IP address without scheme, port and path, or null",
		Ru: "имя хоста или IP-адрес без схемы, порта и пути либо null",
	}
	pathWanted = errs.Words{
		En: "a path such as ws/, without a query and without ..",
		Ru: "путь вроде ws/, без запроса и без ..",
	}
)

// Parse reads server.json strictly: the file is checked as a whole,
// and the error names the key that is wrong as its Place.Setting, which is
// empty when the text is no JSON object at all. Missing keys get their
// defaults.
func Parse(text []byte) (File, error) {
	keys, err := objectKeys(text)
	if err != nil {
		return File{}, err
	}
	s := File{Path: DefaultPath}
	for _, k := range keys {
		if err := s.put(k.name, k.value); err != nil {
			return File{}, err.At(errs.Place{Setting: k.name})
		}
	}
	return s, nil
}

type jsonKey struct {
	name  string
	value json.RawMessage
}

// objectKeys splits an object into its keys, in order.
func objectKeys(text []byte) ([]jsonKey, error) {
	fail := func(err error) error {
		return errs.New(errs.Invalid, serverJSONText, errs.P{"detail": mistake(err)}).Because(err)
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	if t, err := d.Token(); err != nil {
		return nil, fail(err)
	} else if t != json.Delim('{') {
		return nil, fail(errNoObject)
	}
	var out []jsonKey
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fail(err)
		}
		k := jsonKey{name: t.(string)} // inside an object the decoder gives texts as keys
		if err := d.Decode(&k.value); err != nil {
			return nil, fail(err)
		}
		if slices.ContainsFunc(out, func(o jsonKey) bool { return o.name == k.name }) {
			return nil, errs.New(errs.Invalid, serverJSONTwice, errs.P{"key": k.name}).At(errs.Place{Setting: k.name})
		}
		out = append(out, k)
	}
	if _, err := d.Token(); err != nil {
		return nil, fail(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fail(errMore)
	}
	return out, nil
}

var (
	errNoObject = errors.New("it is another value")
	errMore     = errors.New("something follows the object")
)

// mistake words what the decoder finds wrong.
func mistake(err error) errs.Words {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok && !strings.Contains(e.Error(), "unexpected end") {
		return errs.Words{En: fmt.Sprintf("there is a mistake at byte %d", e.Offset), Ru: fmt.Sprintf("ошибка в байте %d", e.Offset)}
	}
	switch {
	case errors.Is(err, errNoObject):
		return errs.Words{En: "it holds another value", Ru: "в нём другое значение"}
	case errors.Is(err, errMore):
		return errs.Words{En: "something follows the object", Ru: "после объекта что-то ещё есть"}
	}
	return errs.Words{En: "it is empty, or ends too early", Ru: "он пуст или обрывается"}
}

func (s *File) put(key string, raw json.RawMessage) *errs.Error {
	var want errs.Words
	var ok bool
	switch key {
	case "host":
		want, ok = hostOrNull, s.putHost(raw)
	case "wsport":
		want, ok = portOrNull, putPort(&s.WSPort, raw)
	case "wssport":
		want, ok = portOrNull, putPort(&s.WSSPort, raw)
	case "wsproxy":
		want, ok = trueFalse, putBool(&s.WSProxy, raw)
	case "secure":
		want, ok = trueFalse, putBool(&s.Secure, raw)
	case "path":
		want, ok = pathWanted, putPath(&s.Path, raw)
	default:
		known := []string{"host", "wsport", "wssport", "wsproxy", "path", "secure"}
		return errs.New(errs.Invalid, serverJSONKey, errs.P{"key": key, "suggest": errs.Suggest(key, known)})
	}
	if !ok {
		return errs.New(errs.Invalid, serverJSONValue, errs.P{"key": key, "want": want})
	}
	return nil
}

func isNull(raw json.RawMessage) bool { return string(raw) == "null" }

func (s *File) putHost(raw json.RawMessage) bool {
	var host string
	if isNull(raw) {
		return true
	}
	if json.Unmarshal(raw, &host) != nil {
		return false
	}
	ascii, ok := Host(host)
	s.Host = &ascii
	return ok
}

// putPort takes a whole number, however JSON spells it (8080.0 too).
func putPort(p **int, raw json.RawMessage) bool {
	if isNull(raw) {
		return true
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f != math.Trunc(f) || f < 1 || f > 65535 {
		return false
	}
	n := int(f)
	*p = &n
	return true
}

func putBool(p *bool, raw json.RawMessage) bool {
	*p = string(raw) == "true"
	return *p || string(raw) == "false"
}

func putPath(p *string, raw json.RawMessage) bool {
	return !isNull(raw) && json.Unmarshal(raw, p) == nil && ValidPath(*p)
}
