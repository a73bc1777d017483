package cli

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
)

func (p *program) adminCommand() *cobra.Command {
	cmd := commandGroup("admin", "Accounts, tokens, rights and backups of a Server", `  weft admin user add ann
  weft admin token create service --label integrator
  weft admin grant /ann bob read,run
  weft admin backup /backup/weft-2026-11-26`)
	cmd.Long = `Administers a Server on its own host, by its data folder: whoever can write there
may. The Server may run meanwhile; what is taken away holds at the next call.`
	user := commandGroup("user", "Accounts", "  weft admin user list")
	user.AddCommand(p.userAddCommand(), p.userPasswdCommand(), p.userStateCommand("disable", true), p.userStateCommand("enable", false), p.userListCommand())
	token := commandGroup("token", "Tokens of service accounts", "  weft admin token list service")
	token.AddCommand(p.tokenCreateCommand(), p.tokenListCommand(), p.tokenRevokeCommand())
	cmd.AddCommand(user, token, p.grantCommand(), p.revokeCommand(), p.backupCommand(), p.restoreCommand())
	return cmd
}

// adminAct makes a command that works on the store of a data folder.
func (p *program) adminAct(cmd *cobra.Command, act func(context.Context, *app.Admin, []string) error) *cobra.Command {
	var data string
	dataFlag(cmd, &data)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		a, err := app.OpenAdmin(cmd.Context(), data)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.Close()) }()
		return act(cmd.Context(), a, args)
	}
	return cmd
}

// say prints a sentence in the person's language.
func (p *program) say(words errs.Words, args ...any) {
	fmt.Fprintf(p.out, words.Text(p.lang)+"\n", args...)
}

// table prints rows in columns.
func (p *program) table(rows [][]string) error {
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, cell)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// moment spells a time, or that there was none.
func (p *program) moment(t time.Time) string {
	if t.IsZero() {
		return errs.Words{En: "never", Ru: "никогда"}.Text(p.lang)
	}
	return t.UTC().Format("2006-01-02 15:04")
}
