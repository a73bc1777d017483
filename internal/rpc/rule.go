package rpc

import (
	"slices"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// Rule says who may call a method.
type Rule struct {
	// Roles that may; none: anyone, signed in or not.
	Roles []weftv1.Role
	// FirstPassword: also while the first password must be changed.
	FirstPassword bool
	// Edit: counted by the limit of edits.
	Edit bool
	// Endless: a stream over TCP that has no end of its own. A server that drains
	// ends it.
	Endless bool
}

func (r Rule) anyone() bool { return len(r.Roles) == 0 }

func (r Rule) allows(role weftv1.Role) bool { return slices.Contains(r.Roles, role) }

// Rules returns the allow-list: each method that is served, by its full name
// with the leading slash. What is not here is denied.
func Rules() map[string]Rule {
	const (
		viewer, user  = weftv1.Role_ROLE_VIEWER, weftv1.Role_ROLE_USER
		admin, caller = weftv1.Role_ROLE_ADMIN, weftv1.Role_ROLE_SERVICE
	)
	people := Rule{Roles: []weftv1.Role{viewer, user, admin}}
	own := Rule{Roles: people.Roles, FirstPassword: true}
	designers := Rule{Roles: []weftv1.Role{user, admin}}
	editors := Rule{Roles: designers.Roles, Edit: true}
	runners := Rule{Roles: []weftv1.Role{user, admin, caller}}
	everybody := Rule{Roles: []weftv1.Role{viewer, user, admin, caller}}
	admins := Rule{Roles: []weftv1.Role{admin}}
	callers := Rule{Roles: []weftv1.Role{caller, user, admin}}

	rules := map[string]Rule{
		"/grpc.health.v1.Health/Check": {},
		"/grpc.health.v1.Health/List":  {},
		"/grpc.health.v1.Health/Watch": {Endless: true},
		"/weft.v1.Session/WhoAmI":      {Roles: everybody.Roles, FirstPassword: true},
	}
	add := func(service string, r Rule, methods ...string) {
		for _, m := range methods {
			rules["/weft.v1."+service+"/"+m] = r
		}
	}
	add("Session", own, "Logout", "ChangePassword")
	add("Session", people, "Confirm", "ListSessions", "EndSession")
	add("Files", people, "ListFiles", "StatFile", "DownloadFile")
	add("Files", designers, "BeginUpload", "AppendUpload", "GetUpload", "CommitUpload", "AbortUpload",
		"RenameFile", "DeleteFile", "MakeFolder")
	add("Packages", people, "OpenPackage", "SetPresence")
	add("Packages", designers, "CreatePackage", "SavePackage")
	add("Packages", editors, "SendCommand", "Undo", "Redo")
	add("Data", people, "WatchPreview", "WatchStatistics")
	add("Data", everybody, "ReadPage")
	add("Runs", runners, "StartRun", "CancelRun")
	add("Runs", everybody, "WatchRun", "ListRuns", "GetRun")
	add("Catalogue", everybody, "GetCatalogue", "GetEntries")
	add("Accounts", admins, "ListAccounts", "CreateAccount", "ResetPassword", "SetDisabled", "SetRole",
		"ListTokens", "CreateToken", "RevokeToken")
	add("Services", callers, "CallService", "StreamService")
	add("Services", Rule{Roles: callers.Roles, Endless: true}, "WatchServices")
	return rules
}
