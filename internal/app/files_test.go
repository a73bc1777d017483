package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/store"
)

// pieceSize is what a client sends at once.
const pieceSize = 64 << 10

// append sends what the Server does not have yet, in pieces, and cuts the
// connection after so many; -1: never.
func appendUpload(ctx context.Context, files weftv1.FilesClient, upload string, content []byte, cut int) error {
	have, err := files.GetUpload(ctx, &weftv1.GetUploadRequest{Upload: upload})
	if err != nil {
		return err
	}
	stream, err := files.AppendUpload(ctx)
	if err != nil {
		return err
	}
	for at := have.GetOffset(); at < int64(len(content)); at += pieceSize {
		if cut--; cut == -1 {
			return errors.New("the connection is cut here")
		}
		end := min(at+pieceSize, int64(len(content)))
		if err := stream.Send(&weftv1.AppendUploadRequest{Upload: upload, Offset: at, Data: content[at:end]}); err != nil {
			return err
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

func download(ctx context.Context, files weftv1.FilesClient, path string, offset int64, fingerprint string) ([]byte, *weftv1.FileInfo, error) {
	stream, err := files.DownloadFile(ctx, &weftv1.DownloadFileRequest{Path: path, Offset: offset, Fingerprint: fingerprint})
	if err != nil {
		return nil, nil, err
	}
	var out []byte
	var info *weftv1.FileInfo
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return out, info, nil
		}
		if err != nil {
			return out, info, err
		}
		if f := m.GetFile(); f != nil {
			info = f
		}
		out = append(out, m.GetData()...)
	}
}

// An upload goes on after its connection was cut, and after the Server was
// stopped and started, from where it was; what is downloaded is what was sent.
func TestUploadOverCuts(t *testing.T) {
	data := t.TempDir()
	start := func() *runningServer { return startServer(t, func(c *ServerConfig) { c.Data = data }) }
	s := start()
	conn := s.person(t, "user")
	welcome, err := conn.Welcome(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bySession := func(h *weftv1.Hello) {
		h.Credentials = &weftv1.Hello_SessionToken{SessionToken: welcome.GetSessionToken()}
	}
	content := make([]byte, 3<<20+123)
	_, _ = rand.Read(content)
	sum := sha256.Sum256(content)
	begin := &weftv1.BeginUploadRequest{ClientId: "c1", Path: "user/big.bin", Size: int64(len(content))}
	upload := ask(t, weftv1.NewFilesClient(conn).BeginUpload, begin).GetUpload()
	for i, cut := range []int{7, 0, 11, 3, -1} {
		if err := appendUpload(t.Context(), weftv1.NewFilesClient(conn), upload, content, cut); (err == nil) != (cut == -1) {
			t.Fatal(err)
		}
		_ = conn.Close() // without a word
		if i == 2 {
			s.stop()
			s = start()
		}
		conn = s.dial(t, bySession)
		if again := ask(t, weftv1.NewFilesClient(conn).BeginUpload, begin); again.GetUpload() != upload {
			t.Fatal("the upload was not found again by the client's id")
		}
	}
	files := weftv1.NewFilesClient(conn)
	if code, id := refused(t, files.CommitUpload, &weftv1.CommitUploadRequest{Upload: upload, Sha256: make([]byte, 32)}); code != codes.Aborted {
		t.Error("with a wrong checksum:", code, id)
	}
	file := ask(t, files.CommitUpload, &weftv1.CommitUploadRequest{Upload: upload, Sha256: sum[:]}).GetFile()
	if file.GetSize() != int64(len(content)) {
		t.Error(file)
	}
	got, info, err := download(t.Context(), files, "user/big.bin", 0, "")
	if err != nil || sha256.Sum256(got) != sum || info.GetFingerprint() != file.GetFingerprint() {
		t.Error("something else came back:", err)
	}
	rest, _, err := download(t.Context(), files, "user/big.bin", 1<<20, info.GetFingerprint())
	if err != nil || sha256.Sum256(append(got[:1<<20:1<<20], rest...)) != sum {
		t.Error("from an offset on:", err)
	}
	if _, _, err := download(t.Context(), files, "user/big.bin", 0, "another"); ids(err) != "server.file_changed" {
		t.Error(err)
	}
	if _, _, err := download(t.Context(), files, "user/big.bin", 1<<40, ""); ids(err) != "server.bad_offset" {
		t.Error(err)
	}
}

// What a person does with files, and what names are refused with words that
// say why, in the language of the call.
func TestFiles(t *testing.T) {
	s := startServer(t)
	conn := s.person(t, "user")
	files := weftv1.NewFilesClient(conn)
	ask(t, files.MakeFolder, &weftv1.MakeFolderRequest{Path: "user/sub"})
	up := ask(t, files.BeginUpload, &weftv1.BeginUploadRequest{ClientId: "e", Path: "user/empty.csv"})
	ask(t, files.CommitUpload, &weftv1.CommitUploadRequest{Upload: up.GetUpload()})
	ask(t, files.RenameFile, &weftv1.RenameFileRequest{From: "user/empty.csv", To: "user/sub/kept.csv"})
	list := ask(t, files.ListFiles, &weftv1.ListFilesRequest{Path: "user/sub"}).GetFiles()
	if len(list) != 1 || list[0].GetPath() != "user/sub/kept.csv" || list[0].GetFolder() {
		t.Error(list)
	}
	if code, id := refused(t, files.DeleteFile, &weftv1.DeleteFileRequest{Path: "user/sub"}); code != codes.Aborted || id != "workspace.not_empty" {
		t.Error(code, id)
	}
	ask(t, files.DeleteFile, &weftv1.DeleteFileRequest{Path: "user/sub", Recursive: true})
	for _, path := range []string{"user/CON", `user/C:\CON`, "user/a ", "user/../admin/x", "/user/x", "user/\u202efdp.exe", "user/.weft-x", "", "user/e\u0301"} {
		for name, err := range map[string]error{
			"stat":   failed(files.StatFile(t.Context(), &weftv1.StatFileRequest{Path: path})),
			"make":   failed(files.MakeFolder(t.Context(), &weftv1.MakeFolderRequest{Path: path})),
			"upload": failed(files.BeginUpload(t.Context(), &weftv1.BeginUploadRequest{ClientId: "x", Path: path})),
			"rename": failed(files.RenameFile(t.Context(), &weftv1.RenameFileRequest{From: "user/x", To: path})),
			"delete": failed(files.DeleteFile(t.Context(), &weftv1.DeleteFileRequest{Path: path, Recursive: true})),
		} {
			if got := ids(err); got != "workspace.name" && !(name == "rename" && got == "workspace.not_there") {
				t.Errorf("%s of %q: %v", name, path, err)
			}
		}
	}
}

// A list tells what packages are called, and whether somebody may change them.
func TestLists(t *testing.T) {
	s := startServer(t)
	user, admin := s.person(t, "user"), s.person(t, "admin")
	mine, theirs := weftv1.NewFilesClient(user), weftv1.NewFilesClient(admin)
	ask(t, theirs.MakeFolder, &weftv1.MakeFolderRequest{Path: "team"})
	if err := s.auth.Owner().Grant(t.Context(), "/team", auth.Subject{Name: "user"}, store.Read); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"late.weft": "weft: 1\nlabel: Late flights\nworkflows:\n  main:\n    nodes: {}\n", "broken.weft": "label: no", "late.csv": "weft: 1\nlabel: x\n"} {
		if err := os.WriteFile(filepath.Join(s.Folder(), "workspace", "team", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	labels := map[string]string{}
	list := ask(t, mine.ListFiles, &weftv1.ListFilesRequest{Path: "team"})
	for _, f := range list.GetFiles() {
		labels[f.GetPath()] = f.GetLabel()
	}
	if diff := cmp.Diff(map[string]string{"team/late.weft": "Late flights", "team/broken.weft": "", "team/late.csv": ""}, labels); diff != "" {
		t.Error(diff)
	}
	for name, w := range map[string]struct{ got, want bool }{
		"to look at": {list.GetWritable(), false},
		"home":       {ask(t, mine.ListFiles, &weftv1.ListFilesRequest{Path: "user"}).GetWritable(), true},
		"top":        {ask(t, mine.ListFiles, &weftv1.ListFilesRequest{}).GetWritable(), false},
		"admin's":    {ask(t, theirs.ListFiles, &weftv1.ListFilesRequest{Path: "team"}).GetWritable(), true},
	} {
		if w.got != w.want {
			t.Errorf("%s: writable is %v", name, w.got)
		}
	}
}

func failed[A any](_ A, err error) error { return err }

// The top of the tree is the administrators': nobody loses or takes a home.
func TestHomesStay(t *testing.T) {
	s := startServer(t)
	files := weftv1.NewFilesClient(s.person(t, "user"))
	for name, err := range map[string]error{
		"delete": failed(files.DeleteFile(t.Context(), &weftv1.DeleteFileRequest{Path: "user", Recursive: true})),
		"rename": failed(files.RenameFile(t.Context(), &weftv1.RenameFileRequest{From: "user", To: "admin2"})),
		"make":   failed(files.MakeFolder(t.Context(), &weftv1.MakeFolderRequest{Path: "shared"})),
		"upload": failed(files.BeginUpload(t.Context(), &weftv1.BeginUploadRequest{ClientId: "x", Path: "top.csv"})),
		"into":   failed(files.RenameFile(t.Context(), &weftv1.RenameFileRequest{From: "user", To: "user/user"})),
	} {
		if got := ids(err); got != "auth.hidden" && got != "auth.not_in_folder" {
			t.Errorf("%s: %v %s", name, err, got)
		}
	}
	if _, err := os.Stat(filepath.Join(s.Folder(), "workspace", "user")); err != nil {
		t.Error(err)
	}
}

// A folder that is shut further down keeps what is above it from being moved
// or removed, and is not listed; rights follow a folder that is moved, and end
// with it.
func TestRightsOfFolders(t *testing.T) {
	s := startServer(t)
	user, admin := s.person(t, "user"), s.person(t, "admin")
	mine, theirs := weftv1.NewFilesClient(user), weftv1.NewFilesClient(admin)
	owner := s.auth.Owner()
	grant := func(folder, name string, r store.Rights) {
		if err := owner.Grant(t.Context(), folder, auth.Subject{Name: name}, r); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"team", "team/open", "team/open/shut"} {
		ask(t, theirs.MakeFolder, &weftv1.MakeFolderRequest{Path: path})
	}
	grant("/team", "user", store.AllRights)
	grant("/team/open/shut", "user", 0)
	if list := ask(t, mine.ListFiles, &weftv1.ListFilesRequest{Path: "team/open"}).GetFiles(); len(list) != 0 {
		t.Error("a shut folder is listed:", list)
	}
	if list := ask(t, mine.ListFiles, &weftv1.ListFilesRequest{}).GetFiles(); len(list) != 2 {
		t.Error("the top shows:", list)
	}
	for name, err := range map[string]error{
		"delete": failed(mine.DeleteFile(t.Context(), &weftv1.DeleteFileRequest{Path: "team/open", Recursive: true})),
		"rename": failed(mine.RenameFile(t.Context(), &weftv1.RenameFileRequest{From: "team/open", To: "team/other"})),
	} {
		if ids(err) != "auth.hidden" {
			t.Errorf("%s: %v", name, err)
		}
	}
	ask(t, theirs.RenameFile, &weftv1.RenameFileRequest{From: "team/open", To: "team/moved"})
	if _, id := refused(t, mine.ListFiles, &weftv1.ListFilesRequest{Path: "team/moved/shut"}); id != "auth.hidden" {
		t.Error("the shutting grant did not follow:", id)
	}
	ask(t, theirs.DeleteFile, &weftv1.DeleteFileRequest{Path: "team/moved", Recursive: true})
	ask(t, theirs.MakeFolder, &weftv1.MakeFolderRequest{Path: "team/moved"})
	ask(t, theirs.MakeFolder, &weftv1.MakeFolderRequest{Path: "team/moved/shut"})
	ask(t, mine.ListFiles, &weftv1.ListFilesRequest{Path: "team/moved/shut"})
}

// An upload ends with the right to write where it goes.
func TestUploadLosesItsRight(t *testing.T) {
	s := startServer(t)
	files := weftv1.NewFilesClient(s.person(t, "user"))
	up := ask(t, files.BeginUpload, &weftv1.BeginUploadRequest{ClientId: "x", Path: "user/x.csv", Size: 1})
	if err := s.auth.Owner().Grant(t.Context(), "/user", auth.Subject{Name: "user"}, store.Read); err != nil {
		t.Fatal(err)
	}
	err := appendUpload(t.Context(), files, up.GetUpload(), []byte("x"), -1)
	if ids(err) != "auth.not_in_folder" {
		t.Error(err)
	}
	if _, id := refused(t, files.CommitUpload, &weftv1.CommitUploadRequest{Upload: up.GetUpload()}); id != "auth.not_in_folder" {
		t.Error(id)
	}
}
