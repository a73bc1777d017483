package server

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rpc"
	"github.com/weftworks/weft/internal/store"
)

func wireRole(r store.Role) weftv1.Role {
	switch r {
	case store.Viewer:
		return weftv1.Role_ROLE_VIEWER
	case store.User:
		return weftv1.Role_ROLE_USER
	case store.Admin:
		return weftv1.Role_ROLE_ADMIN
	case store.Service:
		return weftv1.Role_ROLE_SERVICE
	}
	return weftv1.Role_ROLE_UNSPECIFIED
}

// roleOf is the role that a message names; one that nobody knows is empty, and
// refused by auth.
func roleOf(r weftv1.Role) store.Role {
	for _, known := range store.Roles() {
		if wireRole(known) == r {
			return known
		}
	}
	return ""
}

// timestamp is unset for what never happened.
func timestamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// maxErrors is how many errors one message tells: a package may have as many
// as it has nodes.
const maxErrors = 200

// wireErrors is the first errors of err, worded in a language.
func wireErrors(err error, lang string) []*weftv1.Error {
	list := errs.All(err)
	return rpc.WireErrors(list[:min(len(list), maxErrors)].Err(), lang)
}
