// Package cli is the command line: one file a subcommand, which turns flags
// into calls of the packages below and their results into text.
//
// It holds no logic of workflows, and links no engine: workers are processes
// of the same binary.
package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/weftworks/weft/internal/app"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/run"
)

// WorkerCommand is the subcommand with which workers are started.
const WorkerCommand = "worker"

// program is the command line at work: where it writes, and how.
type program struct {
	assets  Assets
	begin   time.Time
	in      io.Reader
	out     *output
	err     io.Writer
	errFile *os.File
	lang    string
	langSet string // the flag
	verbose bool
	quiet   bool
	live    bool       // standard error is a terminal
	wrong   error      // what help was asked of and is not there
	style   grid.Style // of standard output
	warn    grid.Style // of standard error
}

// Assets are what the program carries along.
type Assets struct {
	Studio   fs.FS // nil: there is none
	Examples fs.FS
}

// Main runs the command line and returns the exit code. Standard input,
// output and error are the process's.
func Main(args []string, a Assets) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A pipe that closes early is then an error of a write, not the end.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	p := &program{
		assets: a,
		begin:  time.Now(), in: os.Stdin, out: &output{file: os.Stdout}, err: os.Stderr, errFile: os.Stderr,
		lang: language(os.Getenv),
	}
	p.lookAtTerminals(os.Getenv)
	root := p.root()
	root.SetArgs(args)
	err := cmp.Or(root.ExecuteContext(ctx), p.wrong)
	if err != nil && ctx.Err() != nil {
		p.report(interrupted())
		return exitInterrupted
	}
	if p.out.broken {
		return exitOK
	}
	if err == nil {
		return exitOK
	}
	// A wrong use is found before the command sets the language, or reads it.
	p.langSet = cmp.Or(p.langSet, languageIn(args))
	if unknown := p.setLanguage(); unknown != nil {
		err = unknown
	}
	p.report(err)
	return exitCode(err)
}

// lookAtTerminals decides on widths and colours.
func (p *program) lookAtTerminals(getenv func(string) string) {
	color := getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
	style := func(f *os.File) (grid.Style, bool) {
		fd := int(f.Fd())
		if !term.IsTerminal(fd) {
			return grid.Style{Lang: p.lang}, false
		}
		width, _, err := term.GetSize(fd)
		if err != nil || width < 20 {
			width = 80
		}
		return grid.Style{Width: width, Color: color, Lang: p.lang}, true
	}
	p.style, _ = style(os.Stdout)
	p.warn, p.live = style(os.Stderr)
}

// language is the person's language by the usual variables: ru or en.
func language(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if len(v) >= 2 && v[:2] == "ru" {
				return "ru"
			}
			return "en"
		}
	}
	return "en"
}

// output is standard output, which may be closed by whom it is piped to.
type output struct {
	file   *os.File
	broken bool
}

// Write writes to standard output and remembers when nobody reads any more.
func (o *output) Write(b []byte) (int, error) {
	n, err := o.file.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		o.broken = true
	}
	return n, err
}

// runner makes the runner whose workers are this binary.
func (p *program) runner() (*run.Runner, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return app.NewRunner(app.RunnerConfig{Worker: []string{exe, WorkerCommand}}), nil
}

const rootHelp = `Weft runs data workflows: packages that are kept in one readable file.

Exit codes:
` + exitHelp

// root is the command with all subcommands.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "weft",
		Short:         "Run data workflows",
		Long:          rootHelp,
		Example:       "  weft new sales.csv\n  weft run sales.weft\n  weft preview sales.weft --node sales",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          withoutCommand,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return p.setLanguage()
		},
	}
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.SetFlagErrorFunc(wrongFlag)
	flags := root.PersistentFlags()
	flags.StringVar(&p.langSet, "lang", "", "language of messages: en or ru (default: that of the system)")
	flags.BoolVarP(&p.verbose, "verbose", "v", false, "tell causes of errors")
	root.AddCommand(
		p.runCommand(), p.previewCommand(), p.checkCommand(), p.fmtCommand(), p.explainCommand(), p.testCommand(),
		p.newCommand(), p.componentsCommand(), p.functionsCommand(), p.schemaCommand(),
		p.serveCommand(), p.openCommand(), p.serverCommand(), p.webCommand(), p.integratorCommand(), p.batchCommand(), p.adminCommand(), p.studioCommand(), p.doctorCommand(), p.versionCommand(),
		workerCommand(),
	)
	p.addHelp(root)
	return root
}

// commandGroup is a command that only holds others.
func commandGroup(name, short, example string) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Example: example, Args: cobra.ArbitraryArgs, RunE: withoutCommand}
}

// withoutCommand shows the help, or says that there is no such command.
func withoutCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return noCommand(cmd, args[0])
}

func (p *program) setLanguage() error {
	switch p.langSet {
	case "":
	case "en", "ru":
		p.lang = p.langSet
		p.style.Lang, p.warn.Lang = p.lang, p.lang
	default:
		return wrongUsage(msgNoLanguage, "language", p.langSet)
	}
	return nil
}

// workerCommand is for the help of those who see it in a list of processes;
// main serves it before the command line begins.
func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use: WorkerCommand, Short: "Serve a run (weft starts this by itself)", Hidden: true,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return wrongUsage(msgWorker) },
	}
}
