package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/store"
)

// roleMark begins a role where an account's name can stand too.
const roleMark = "role:"

// rightNames are the rights on folders by their names, in their order.
func rightNames() []string { return []string{"read", "write", "run", "publish", "administer"} }

func parseRights(text string) (store.Rights, error) {
	var out store.Rights
	for name := range strings.SplitSeq(text, ",") {
		switch i := slices.Index(rightNames(), name); {
		case i >= 0:
			out |= store.Read << i
		case name == "all":
			out = store.AllRights
		case name != "none":
			return 0, wrongUsage(msgNoRight, "right", name, "rights", strings.Join(rightNames(), ", "), "suggest", errs.Suggest(name, rightNames()))
		}
	}
	return out, nil
}

// subject is an account's name, or role:NAME.
func subject(text string) auth.Subject {
	if role, ok := strings.CutPrefix(text, roleMark); ok {
		return auth.Subject{Role: store.Role(role)}
	}
	return auth.Subject{Name: text}
}

func (p *program) grantCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "grant FOLDER WHO RIGHTS",
		Short: "Give an account or a role its rights on a folder",
		Long: `Gives an account, or everybody of a role (role:user), exactly these rights on a
folder and all below it, until a grant further down says otherwise. Rights are
read, write, run, publish, administer with commas between, all, or none: that shuts
the folder. A person's own folder is /NAME.`,
		Example: "  weft admin grant /ann bob read,run\n  weft admin grant /shared role:user all\n  weft admin grant /shared/plans role:user none",
		Args:    usage(cobra.ExactArgs(3)),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		rights, err := parseRights(args[2])
		if err != nil {
			return err
		}
		if err := a.Grant(ctx, args[0], subject(args[1]), rights); err != nil {
			return err
		}
		p.say(errs.Words{En: "%s has %s on %s.", Ru: "%s: права %s на %s."}, args[1], args[2], args[0])
		return nil
	})
}

func (p *program) revokeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "revoke FOLDER WHO",
		Short:   "Take a grant back: what a folder above grants holds again",
		Example: "  weft admin revoke /ann bob",
		Args:    usage(cobra.ExactArgs(2)),
	}
	return p.adminAct(cmd, func(ctx context.Context, a *app.Admin, args []string) error {
		if err := a.Revoke(ctx, args[0], subject(args[1])); err != nil {
			return err
		}
		p.say(errs.Words{En: "%s has no rights of its own on %s.", Ru: "У %s больше нет отдельных прав на %s."}, args[1], args[0])
		return nil
	})
}
