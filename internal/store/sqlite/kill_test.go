package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/weftworks/weft/internal/store"
)

// writeForEver is the process that the test kills: it adds accounts and says
// which it has added.
func writeForEver(file string) {
	ctx := context.Background()
	db, err := Open(ctx, Options{File: file})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for i := 0; ; i++ {
		id := fmt.Sprintf("%d-%d", os.Getpid(), i)
		if err := db.Store().Accounts.Add(ctx, store.Account{ID: id, Name: id, Key: id, Role: store.User}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(id)
	}
}

// A killed process loses nothing of what it acknowledged.
func TestKill(t *testing.T) {
	file := filepath.Join(t.TempDir(), "store.db")
	var acknowledged []string
	for round := range 5 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "WEFT_TEST_WRITER="+file)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 7+3*round && lines.Scan(); n++ {
			acknowledged = append(acknowledged, lines.Text())
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			acknowledged = append(acknowledged, lines.Text()) // what was said before the end
		}
		_ = cmd.Wait() // it was killed
		db := openAt(t, file)
		for _, id := range acknowledged {
			if _, err := db.Store().Accounts.ByID(t.Context(), id); err != nil {
				t.Fatalf("round %d: %q: %v", round, id, err)
			}
		}
		if err := check(t.Context(), db.write, "integrity_check"); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
