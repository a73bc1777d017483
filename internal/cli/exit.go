package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/errs"
)

// The exit codes.
const (
	exitOK           = 0
	exitFailed       = 1
	exitUsage        = 2
	exitInvalid      = 3
	exitTests        = 4
	exitInput        = 5
	exitNoConnection = 6
	exitRefused      = 7
	exitTimeLimit    = 8
	exitInterrupted  = 130
)

const exitHelp = `  0    success
  1    a run failed
  2    wrong usage
  3    the package or the configuration is invalid
  4    tests failed
  5    an input is missing or unreadable
  6    no connection to the Server (weft batch)
  7    the Server refuses (weft batch)
  8    a run took longer than its time limit (weft batch)
  130  interrupted`

// exitOf maps the kind of an error to the exit code.
func exitOf(k errs.Kind) int {
	switch k {
	case errs.Invalid, errs.Conflict:
		return exitInvalid
	case errs.NotFound, errs.Unreadable:
		return exitInput
	case errs.Canceled:
		return exitInterrupted
	default:
		return exitFailed
	}
}

// usageError is a wrong use of the command line.
type usageError struct{ err error }

// Error is the text of the error below.
func (e usageError) Error() string { return e.err.Error() }

// Unwrap is the error below.
func (e usageError) Unwrap() error { return e.err }

// invalidPackage holds what was found to be wrong before anything ran.
type invalidPackage struct{ list errs.List }

// Error is the text of all errors.
func (e invalidPackage) Error() string { return e.list.Error() }

// Unwrap is the list of errors.
func (e invalidPackage) Unwrap() error { return e.list }

// exitCode is the code for an error of a command. A package of which only
// inputs are missing is not invalid.
func exitCode(err error) int {
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	if t, ok := errors.AsType[told](err); ok {
		return t.code
	}
	_, before := errors.AsType[invalidPackage](err)
	code := exitInput
	for _, e := range errs.All(err) {
		switch c := exitOf(e.Kind); {
		case c == exitInput || c == exitInterrupted && before:
		case before:
			return exitInvalid
		default:
			return c
		}
	}
	return code
}

// usage makes what cobra finds wrong with arguments a wrong use.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return wrongUsage(msgArguments, "usage", cmd.UseLine())
		}
		return nil
	}
}

// wrongUsage is a wrong use with a message; params are names and values in
// turn.
func wrongUsage(m errs.Message, params ...any) error {
	p := errs.P{}
	for i := 0; i+1 < len(params); i += 2 {
		if name, ok := params[i].(string); ok {
			p[name] = params[i+1]
		}
	}
	return usageError{err: errs.New(errs.Invalid, m, p)}
}
