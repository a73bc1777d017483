package rpc

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// callerHeader carries the token of an external caller for whom a service
// account calls.
const callerHeader = "weft-caller"

// OnBehalf returns the context of a call that a service account makes for the
// external caller of a token: that caller's rights hold.
func OnBehalf(ctx context.Context, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, callerHeader, token)
}

// BehalfOf returns the token of the external caller for whom a handler was
// called; false where the account calls for itself.
func BehalfOf(ctx context.Context) (string, bool) {
	v := metadata.ValueFromIncomingContext(ctx, callerHeader)
	if len(v) == 0 {
		return "", false
	}
	return v[0], true
}
