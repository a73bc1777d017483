package store

import "context"

// Rights is a set of rights on a folder and what is in it. Their bits stand
// in stores: add only at the end.
type Rights uint8

// The rights on folders. None includes another.
const (
	Read       Rights = 1 << iota // see names, documents and data
	Write                         // change, add, remove
	Run                           // start runs, call services
	Publish                       // publish services
	Administer                    // grant rights
)

// AllRights is every right on a folder.
const AllRights = Read | Write | Run | Publish | Administer

// Grant gives an account or a role exactly these rights on a folder and all
// below it, until a grant further down says otherwise. No rights is a grant
// too: it shuts.
type Grant struct {
	Subject string // an account's id, or RoleSubject
	Folder  string // as it is shown: "/" or "/a/b"
	Key     string // the folded folder, unique with the subject
	Rights  Rights
}

// RoleSubject is the subject of a grant to a role.
func RoleSubject(r Role) string { return "role:" + string(r) }

// Grants keeps grants.
type Grants interface {
	// Set adds a grant or replaces the one with its subject and key. The
	// account must be there; ErrNotFound.
	Set(ctx context.Context, g Grant) error
	// Remove removes a grant; ErrNotFound.
	Remove(ctx context.Context, subject, key string) error
	// Along returns the grants to any of the subjects at any of the keys, the
	// longest keys first.
	Along(ctx context.Context, subjects, keys []string) ([]Grant, error)
	// List returns the grants at a folder, by subject.
	List(ctx context.Context, key string) ([]Grant, error)
	// Move lets the grants at and below a folder follow it to its new place.
	// Grants that stand there already are replaced.
	Move(ctx context.Context, key, toFolder, toKey string) error
	// Drop removes the grants at and below a folder that is gone.
	Drop(ctx context.Context, key string) error
}
