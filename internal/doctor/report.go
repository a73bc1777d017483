package doctor

import "github.com/weftworks/weft/internal/errs"

// Name names a step of the way.
type Name string

// The steps, in the order of the way. Those of the Server's host are passed
// over when the websocket goes to the same place as the page.
const (
	Page             Name = "page"              // the address that was given
	Host             Name = "host"              // the name of the web server's host
	Connection       Name = "connection"        // its port
	Encryption       Name = "encryption"        // its certificate
	Studio           Name = "studio"            // Studio's page
	ServerJSON       Name = "server_json"       // the file beside it
	Address          Name = "address"           // of the websocket, formed from both
	Policy           Name = "policy"            // whether the page may connect there
	ServerHost       Name = "server_host"       // the name of the websocket's host
	ServerConnection Name = "server_connection" // its port
	ServerEncryption Name = "server_encryption" // its certificate
	Websocket        Name = "websocket"         // the handshake, with the page's Origin
	Hello            Name = "hello"             // the first frame
)

// Title is what people call a step.
func (n Name) Title() errs.Words { return titles[n] }

var titles = map[Name]errs.Words{
	Page:             {En: "address of the page", Ru: "адрес страницы"},
	Host:             {En: "name of the web server", Ru: "имя веб-сервера"},
	Connection:       {En: "port of the web server", Ru: "порт веб-сервера"},
	Encryption:       {En: "encryption of the page", Ru: "шифрование страницы"},
	Studio:           {En: "Studio", Ru: "Studio"},
	ServerJSON:       {En: "server.json", Ru: "server.json"},
	Address:          {En: "address of the websocket", Ru: "адрес вебсокета"},
	Policy:           {En: "policy of the page", Ru: "политика страницы"},
	ServerHost:       {En: "name of the Server", Ru: "имя Сервера"},
	ServerConnection: {En: "port of the Server", Ru: "порт Сервера"},
	ServerEncryption: {En: "encryption of the Server", Ru: "шифрование Сервера"},
	Websocket:        {En: "websocket", Ru: "вебсокет"},
	Hello:            {En: "the Server's answer", Ru: "ответ Сервера"},
}

// Note is a sentence for people, in two languages.
type Note struct {
	Message errs.Message
	Params  errs.P
}

// Text words the note in a language, "en" or "ru".
func (n Note) Text(lang string) string {
	return errs.New(errs.Internal, n.Message, n.Params).Text(lang)
}

// Step is one step of the way, and what was found there.
type Step struct {
	Name     Name
	OK       bool
	Found    Note
	Remedies []Remedy // of a step that failed, the likeliest first
}

// Component is whose configuration is to be changed.
type Component string

// The components.
const (
	Web     Component = "web"         // weft web
	Server  Component = "server"      // weft server
	File    Component = "server.json" // the administrator's own file
	Outside Component = ""            // nothing of Weft: names, firewalls, other programs
)

// Title is what people call a component's configuration.
func (c Component) Title() errs.Words {
	switch c {
	case Web:
		return errs.Words{En: "configuration of the web server (weft web)", Ru: "конфигурация веб-сервера (weft web)"}
	case Server:
		return errs.Words{En: "configuration of the Server (weft server)", Ru: "конфигурация Сервера (weft server)"}
	case File:
		return errs.Words{En: "server.json", Ru: "server.json"}
	}
	return errs.Words{}
}

// Remedy says what to change.
type Remedy struct {
	Component Component
	Keys      []string // of its configuration
	Text      Note
}

// Report is the way as far as it went.
type Report struct {
	URL   string // the page, as it was asked for first
	Steps []Step
}

// OK tells whether the way goes to its end.
func (r *Report) OK() bool {
	return len(r.Steps) > 0 && r.Steps[len(r.Steps)-1].OK
}

// pass notes a step that went well.
func (r *Report) pass(n Name, m errs.Message, p errs.P) {
	r.Steps = append(r.Steps, Step{Name: n, OK: true, Found: Note{m, p}})
}

// fail notes the step at which the way ends. It returns false, for the step
// to hand on.
func (r *Report) fail(n Name, found Note, remedies ...Remedy) bool {
	r.Steps = append(r.Steps, Step{Name: n, Found: found, Remedies: remedies})
	return false
}
