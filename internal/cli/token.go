package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/store"
)

func (p *program) tokenCreateCommand() *cobra.Command {
	var n auth.NewToken
	var caller bool
	cmd := &cobra.Command{
		Use:   "create ACCOUNT",
		Short: "Make a token of a service account and print it, this once",
		Long: `Makes a token with which a program (the Integrator, the batch launcher) logs in to
the Server; with --caller one with which an external service calls what is
published, and nothing else. Two may hold at once, so that one can take another's
place.`,
		Example: `  weft admin token create service --label integrator
  weft admin token create service --caller --label shop --only delays`,
		Args: usage(cobra.ExactArgs(1)),
	}
	flags := cmd.Flags()
	flags.StringVar(&n.Label, "label", "", "what it is for")
	flags.IntVar(&n.Days, "days", auth.TokenDays, "days until it ends")
	flags.BoolVar(&caller, "caller", false, "for an external service that calls what is published")
	flags.StringSliceVar(&n.Only, "only", nil, "published services that it may call (default: all that the account may run)")
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		account, err := a.Account(ctx, args[0])
		if err != nil {
			return err
		}
		n.Account, n.Kind = account.ID, store.ServiceToken
		if caller {
			n.Kind = store.CallerToken
		} else if len(n.Only) > 0 {
			return wrongUsage(msgOnlyCaller)
		}
		t, secret, err := a.CreateToken(ctx, n)
		if err != nil {
			return err
		}
		p.say(errs.Words{En: "Token %s of %s, until %s:", Ru: "Токен %s учётной записи %s, до %s:"}, t.ID, account.Name, p.moment(t.Expires))
		p.say(errs.Words{En: "%s"}, secret)
		return nil
	})
}

func (p *program) tokenListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list [ACCOUNT]", Short: "List the tokens of an account, or of all of them",
		Example: "  weft admin token list\n  weft admin token list service", Args: usage(cobra.MaximumNArgs(1)),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		rows := [][]string{strings.Fields(errs.Words{En: "account id kind label expires used", Ru: "запись id вид описание до использован"}.Text(p.lang))}
		add := func(account store.Account) error {
			list, err := a.Tokens(ctx, account.ID)
			for _, t := range list {
				rows = append(rows, []string{grid.Visible(account.Name), t.ID, string(t.Kind), grid.Visible(t.Label), p.moment(t.Expires), p.moment(t.Used)})
			}
			return err
		}
		if err := ofAccounts(ctx, a, args, add); err != nil {
			return err
		}
		return p.table(rows)
	})
}

// ofAccounts does something with the account that is named, or with all.
func ofAccounts(ctx context.Context, a *app.Admin, named []string, do func(store.Account) error) error {
	if len(named) == 0 {
		return eachAccount(ctx, a, do)
	}
	account, err := a.Account(ctx, named[0])
	if err != nil {
		return err
	}
	return do(account)
}

func (p *program) tokenRevokeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "revoke ID", Short: "End a token at once", Example: "  weft admin token revoke 3f9c2a7b5d1e8064", Args: usage(cobra.ExactArgs(1)),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		if err := a.RevokeToken(ctx, args[0]); err != nil {
			return err
		}
		p.say(errs.Words{En: "The token %s is revoked.", Ru: "Токен %s отозван."}, args[0])
		return nil
	})
}
