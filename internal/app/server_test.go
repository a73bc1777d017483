package app

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
)

// A new installation: sign in by the first password, change it, see one's
// folder.
func TestFirstSignIn(t *testing.T) {
	s := startServer(t)
	if n := len(s.First()); n != 3 {
		t.Errorf("%d first passwords", n)
	}
	conn := s.dial(t, byPassword("user", s.secret(t, "user")))
	me := ask(t, weftv1.NewSessionClient(conn).WhoAmI, &weftv1.WhoAmIRequest{}).GetCaller()
	if me.GetName() != "user" || me.GetRole() != weftv1.Role_ROLE_USER || !me.GetMustChangePassword() {
		t.Error(me)
	}
	files := weftv1.NewFilesClient(conn)
	if _, err := files.ListFiles(t.Context(), &weftv1.ListFilesRequest{}); status.Code(err) != codes.PermissionDenied {
		t.Error("before the password was changed:", err)
	}
	ask(t, weftv1.NewSessionClient(conn).ChangePassword, &weftv1.ChangePasswordRequest{OldPassword: s.secret(t, "user"), NewPassword: changed})
	list := ask(t, files.ListFiles, &weftv1.ListFilesRequest{}).GetFiles()
	if len(list) != 1 || list[0].GetPath() != "user" || !list[0].GetFolder() {
		t.Error(list)
	}
	if _, err := files.ListFiles(t.Context(), &weftv1.ListFilesRequest{Path: "admin"}); status.Code(err) != codes.PermissionDenied {
		t.Error("another's folder:", err)
	}
}
