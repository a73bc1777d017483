package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/store"
)

func roles() string {
	var names []string
	for _, r := range store.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func (p *program) userAddCommand() *cobra.Command {
	var role string
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Make an account and print its first password, this once",
		Example: "  weft admin user add ann\n  weft admin user add integrator --role service",
		Args:    usage(cobra.ExactArgs(1)),
	}
	cmd.Flags().StringVar(&role, "role", string(store.User), "what it is for: "+roles())
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		account, password, err := a.CreateAccount(ctx, args[0], store.Role(role))
		if err != nil {
			return err
		}
		if account.Role == store.Service {
			p.say(errs.Words{En: "The account %s is made. weft admin token create gives it a token.", Ru: "Учётная запись %s создана. Токен даст weft admin token create."}, account.Name)
			return nil
		}
		p.say(errs.Words{En: "The account %s is made. First password, to be changed at the first sign-in:", Ru: "Учётная запись %s создана. Первый пароль, при первом входе его надо сменить:"}, account.Name)
		p.say(errs.Words{En: "%s"}, password)
		return nil
	})
}

func (p *program) userPasswdCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "passwd NAME",
		Short:   "Give an account a new random password and end its sessions",
		Example: "  weft admin user passwd ann",
		Args:    usage(cobra.ExactArgs(1)),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		account, err := a.Account(ctx, args[0])
		if err != nil {
			return err
		}
		password, err := a.ResetPassword(ctx, account.ID)
		if err != nil {
			return err
		}
		p.say(errs.Words{En: "New password of %s, to be changed at the next sign-in:", Ru: "Новый пароль %s, при следующем входе его надо сменить:"}, account.Name)
		p.say(errs.Words{En: "%s"}, password)
		return nil
	})
}

func (p *program) userStateCommand(name string, disabled bool) *cobra.Command {
	short, done := "Let an account sign in again", errs.Words{En: "The account %s is enabled.", Ru: "Учётная запись %s включена."}
	if disabled {
		short, done = "Keep an account out and end its sessions", errs.Words{En: "The account %s is disabled; its sessions have ended.", Ru: "Учётная запись %s отключена, её сеансы завершены."}
	}
	cmd := &cobra.Command{
		Use: name + " NAME", Short: short, Example: "  weft admin user " + name + " ann", Args: usage(cobra.ExactArgs(1)),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		account, err := a.Account(ctx, args[0])
		if err != nil {
			return err
		}
		if err := a.SetDisabled(ctx, account.ID, disabled); err != nil {
			return err
		}
		p.say(done, account.Name)
		return nil
	})
}

// page is how many accounts are read at once.
const page = 1000

func (p *program) userListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List the accounts", Example: "  weft admin user list", Args: usage(cobra.NoArgs),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, _ []string) error {
		rows := [][]string{strings.Fields(errs.Words{En: "name role state signed-in", Ru: "имя роль состояние вход"}.Text(p.lang))}
		err := eachAccount(ctx, a, func(one store.Account) error {
			state := errs.Words{En: "active", Ru: "действует"}
			if one.Disabled {
				state = errs.Words{En: "disabled", Ru: "отключена"}
			}
			rows = append(rows, []string{grid.Visible(one.Name), string(one.Role), state.Text(p.lang), p.moment(one.SignedIn)})
			return nil
		})
		if err != nil {
			return err
		}
		return p.table(rows)
	})
}

// eachAccount does something with all accounts, by their names.
func eachAccount(ctx context.Context, a *app.Admin, do func(store.Account) error) error {
	for after := ""; ; {
		list, err := a.Accounts(ctx, after, page)
		if err != nil {
			return err
		}
		for _, one := range list {
			if err := do(one); err != nil {
				return err
			}
			after = one.Name
		}
		if len(list) < page {
			return nil
		}
	}
}
