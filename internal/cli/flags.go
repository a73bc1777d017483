package cli

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/weftworks/weft/internal/errs"
)

// wrongFlag words what is wrong with the flags of a command. Behind a word that
// is no command, flags are of that one: then it is the word that is wrong.
func wrongFlag(cmd *cobra.Command, err error) error {
	if wrong := unknownCommand(cmd); wrong != nil {
		return wrong
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return unknownFlag(cmd, e)
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return wrongUsage(msgFlagNeedsValue, "flag", "--"+e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		f := e.GetFlag()
		return wrongUsage(msgFlagValue, "flag", "--"+f.Name, "want", wanted(f.Value.Type(), err), "found", strconv.Quote(e.GetValue()))
	}
	if e, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return wrongUsage(msgNoFlag, "found", e.GetSpecifiedFlag())
	}
	return wrongUsage(msgFlag, "reason", err)
}

// unknownFlag names a flag that a command lacks; of several letters behind one
// dash it is one of them.
func unknownFlag(cmd *cobra.Command, e *pflag.NotExistError) error {
	name := "--" + e.GetSpecifiedName()
	if letters := e.GetSpecifiedShortnames(); letters != "" {
		if name = name[1:]; !strings.Contains(letters, name[1:]) {
			name = "-" + letters // the library cuts letters of several bytes
		}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return wrongUsage(msgUnknownFlag, "command", cmd.CommandPath(), "flag", name, "suggest", errs.Suggest(name, names))
}

// wanted words what a flag of a type takes.
func wanted(kind string, err error) errs.Words {
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errs.Words{En: "a smaller number", Ru: "число поменьше"}
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return errs.Words{En: "a whole number", Ru: "целое число"}
	case kind == "duration":
		return errs.Words{En: "a length of time such as 30s or 10m", Ru: "промежуток времени вроде 30s или 10m"}
	case kind == "bool":
		return errs.Words{En: "true or false", Ru: "true или false"}
	case strings.HasSuffix(kind, "Slice"):
		return errs.Words{En: "a list with commas between", Ru: "список через запятую"}
	}
	return errs.Words{En: "a value of another form", Ru: "значение другого вида"}
}

// unknownCommand says that a command has no such subcommand, if a word stands
// where one would; nil otherwise.
func unknownCommand(cmd *cobra.Command) error {
	if args := cmd.Flags().Args(); cmd.HasSubCommands() && len(args) > 0 {
		return noCommand(cmd, args[0])
	}
	return nil
}

// noCommand says that a command has no subcommand of a name.
func noCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return wrongUsage(msgNoCommand, "command", name, "suggest", errs.Suggest(name, names))
}

// addHelp gives a root the help that says so when it is asked of a command
// that is not there: by weft help, and by --help behind it.
func (p *program) addHelp(root *cobra.Command) {
	show := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if p.wrong = unknownCommand(cmd); p.wrong == nil {
			show(cmd, args)
		}
	})
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() == "help" {
			c.Run, c.RunE = nil, helpOf
		}
	}
}

func helpOf(cmd *cobra.Command, args []string) error {
	of, rest, err := cmd.Root().Find(args)
	if err != nil {
		return err
	}
	if of.HasSubCommands() && len(rest) > 0 {
		return noCommand(of, rest[0])
	}
	of.InitDefaultHelpFlag() // so that it is shown
	return of.Help()
}

// languageIn is what --lang names among arguments that were not all read.
func languageIn(args []string) string {
	for i, a := range args {
		value, joined := strings.CutPrefix(a, "--lang=")
		switch {
		case joined:
			return value
		case a == "--lang" && i+1 < len(args):
			return args[i+1]
		case a == "--":
			return ""
		}
	}
	return ""
}
