package auth

import (
	"cmp"

	"github.com/weftworks/weft/internal/store"
)

// Right is one thing that a caller may do. Each method of a service names the
// right it takes; what has none is refused.
type Right uint8

// The rights.
const (
	Nobodys       Right = iota // the zero value: nobody has it
	OwnIdentity                // ask who one is
	OwnSession                 // end one's sessions, change one's password
	ReadCatalogue              // what components and functions there are
	ReadFiles                  // files, documents, their data, previews
	WriteFiles                 // files and documents
	StartRuns                  // run workflows, write their outputs
	WatchRuns                  // see runs, their messages and results
	PublishServices
	ListServices // what is published; each entry takes CallServices besides
	CallServices
	GrantRights // on a folder
	Administer  // accounts, tokens
	Inspect     // reflection, metrics
)

// rule says what a right takes.
type rule struct {
	name    string
	roles   []store.Role
	folder  store.Rights // on the folder of what is asked for; 0: it stands in none
	confirm bool         // the password was given in the last ConfirmFor
	first   bool         // allowed while the password must be changed
	callers bool         // for tokens of external callers too
}

// rules is the allow-list. A role that does not stand here may not, whatever
// the folder says; a folder that does not grant may not, whatever the role.
var rules = [...]rule{
	OwnIdentity:     {name: "own identity", roles: store.Roles(), first: true, callers: true},
	OwnSession:      {name: "own session", roles: people(), first: true},
	ReadCatalogue:   {name: "read catalogue", roles: store.Roles()},
	ReadFiles:       {name: "read files", roles: store.Roles(), folder: store.Read},
	WriteFiles:      {name: "write files", roles: designers(), folder: store.Write},
	StartRuns:       {name: "start runs", roles: append(designers(), store.Service), folder: store.Run},
	WatchRuns:       {name: "watch runs", roles: store.Roles(), folder: store.Read},
	PublishServices: {name: "publish services", roles: designers(), folder: store.Publish},
	ListServices:    {name: "list services", roles: append(designers(), store.Service), callers: true},
	CallServices:    {name: "call services", roles: append(designers(), store.Service), folder: store.Run, callers: true},
	GrantRights:     {name: "grant rights", roles: designers(), folder: store.Administer},
	Administer:      {name: "administer", roles: []store.Role{store.Admin}, confirm: true},
	Inspect:         {name: "inspect", roles: []store.Role{store.Admin}},
}

func people() []store.Role { return []store.Role{store.Viewer, store.User, store.Admin} }

func designers() []store.Role { return []store.Role{store.User, store.Admin} }

// rule of a right that does not stand in the list is nobody's.
func (r Right) rule() rule {
	if int(r) < len(rules) {
		return rules[r]
	}
	return rule{}
}

// String is the right's name in logs.
func (r Right) String() string { return cmp.Or(r.rule().name, "nobody's") }

// Rights returns all rights that somebody may have, in order.
func Rights() []Right {
	var out []Right
	for r := Nobodys + 1; int(r) < len(rules); r++ {
		out = append(out, r)
	}
	return out
}
