package cli

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	weftv1 "github.com/weftworks/weft/gen/weft/v1"
	"github.com/weftworks/weft/internal/batch"
	"github.com/weftworks/weft/internal/certificate"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
	"github.com/weftworks/weft/internal/plan"
	"github.com/weftworks/weft/internal/run"
)

// batchFlags are the flags of weft batch run.
type batchFlags struct {
	server, user, tokenFile   string
	tls                       bool
	caFile, certFile, keyFile string
	path, workflow            string
	set                       []string
	limit                     time.Duration
}

// Environment variables of the batch launcher. A token is never an argument:
// those are seen by everybody on the machine.
const (
	batchServer = "WEFT_BATCH_SERVER"
	batchUser   = "WEFT_BATCH_USER"
	batchToken  = "WEFT_BATCH_TOKEN"
)

func (p *program) batchCommand() *cobra.Command {
	cmd := commandGroup("batch", "Have a Server run packages, over TCP", "  weft batch run user/flights.weft --token-file service-token")
	cmd.AddCommand(p.batchRunCommand())
	return cmd
}

func (p *program) batchRunCommand() *cobra.Command {
	var f batchFlags
	cmd := &cobra.Command{
		Use:   "run PATH",
		Short: "Have a Server run a package, and wait until it has",
		Long: `Runs every output of a package of the Server's workspace, as a service account, and
tells what was written there. PATH is from the root of all folders.

The account's token stands in the file of --token-file or in the variable
WEFT_BATCH_TOKEN. The run belongs to the Server: a connection that is lost is made
again. Ctrl+C cancels the run.`,
		Example: `  weft batch run user/flights.weft --token-file service-token
  weft batch run user/flights.weft --server weft.example.org:4580 --tls --set min_delay=60 --limit 10m`,
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.path = args[0]
			return p.batchRun(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.server, "server", "", "host:port of the Server's gRPC (default: the variable "+batchServer+", or localhost:4580)")
	flags.StringVar(&f.user, "user", "", "service account (default: the variable "+batchUser+", or service)")
	flags.StringVar(&f.tokenFile, "token-file", "", "file that holds the account's token (default: the variable "+batchToken+" holds it)")
	flags.BoolVar(&f.tls, "tls", false, "the connection is encrypted")
	flags.StringVar(&f.caFile, "ca-file", "", "authorities that are believed for the Server's certificate, PEM (default: the system's)")
	flags.StringVar(&f.certFile, "cert-file", "", "own certificate for mutual TLS, PEM")
	flags.StringVar(&f.keyFile, "key-file", "", "its private key, PEM")
	flags.StringVar(&f.workflow, "workflow", "", "workflow of the package (default: main)")
	flags.StringArrayVar(&f.set, "set", nil, "value of a variable, as name=value; may be repeated")
	flags.DurationVar(&f.limit, "limit", 0, "time that the run may take, such as 10m (default: as the Server has it)")
	flags.BoolVarP(&p.quiet, "quiet", "q", false, "no progress")
	return cmd
}

func (p *program) batchRun(ctx context.Context, f batchFlags) (err error) {
	c, err := f.config(p.lang)
	if err != nil {
		return err
	}
	order := batch.Order{Path: f.path, Workflow: f.workflow, Limit: f.limit, Variables: map[string]string{}}
	for _, text := range f.set {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return wrongUsage(msgBadSet, "found", text)
		}
		quoted, err := json.Marshal(value)
		if err != nil {
			return err
		}
		order.Variables[name] = string(quoted)
	}
	l, err := batch.New(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	t := &batchTeller{program: p, progress: p.newProgress()}
	begin := time.Now()
	info, err := l.Run(ctx, order, t)
	t.progress.end()
	if err != nil {
		return p.batchFailed(ctx, err)
	}
	return p.batchEnded(info, t, time.Since(begin))
}

// config is how the Server is reached.
func (f batchFlags) config(lang string) (batch.Config, error) {
	c := batch.Config{
		Address: first(f.server, os.Getenv(batchServer), "localhost:4580"), User: first(f.user, os.Getenv(batchUser), "service"),
		Token: os.Getenv(batchToken), Language: lang, Agent: "weft-batch/" + version(),
	}
	host, _, err := net.SplitHostPort(c.Address)
	if err != nil {
		return c, wrongUsage(msgBatchServer, "found", c.Address)
	}
	if f.limit < 0 || f.limit > 0 && f.limit < time.Millisecond {
		return c, wrongUsage(msgBatchLimit)
	}
	if f.tokenFile != "" {
		text, err := os.ReadFile(f.tokenFile)
		if err != nil {
			return c, errs.New(errs.Unreadable, msgBatchTokenFile, errs.P{"file": f.tokenFile}).Because(err)
		}
		c.Token = strings.TrimSpace(string(text))
	}
	if c.Token == "" {
		return c, wrongUsage(msgBatchToken, "variable", batchToken)
	}
	c.TLS, err = f.encryption(host)
	return c, err
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// encryption is that of the connection; nil: none.
func (f batchFlags) encryption(host string) (*tls.Config, error) {
	if !f.tls {
		if f.caFile+f.certFile+f.keyFile != "" {
			return nil, wrongUsage(msgBatchTLS)
		}
		return nil, nil
	}
	return certificate.Client{Host: host, CAFile: f.caFile, CertFile: f.certFile, KeyFile: f.keyFile, Key: batch.Flag}.Config()
}

// batchFailed tells of a run that did not begin, or whose end nobody knows.
func (p *program) batchFailed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		p.report(err)
		return told{exitInterrupted}
	}
	code := exitCode(err)
	switch errs.KindOf(err) {
	case errs.Unavailable:
		code = exitNoConnection
	case errs.Denied:
		code = exitRefused
	}
	p.report(err)
	return told{code}
}

// batchEnded tells how a run ended.
func (p *program) batchEnded(info *weftv1.RunInfo, t *batchTeller, took time.Duration) error {
	switch info.GetState() {
	case weftv1.RunState_RUN_STATE_CANCELLED:
		text := errs.Words{En: "The run %s was cancelled; nothing was written.", Ru: "Запуск %s отменён, ничего не записано."}
		fmt.Fprintf(p.err, text.Text(p.lang)+"\n", info.GetRun())
		return told{exitInterrupted}
	case weftv1.RunState_RUN_STATE_DONE:
		p.batchResults(info, t, took)
		return nil
	}
	list := located(batch.Errors(info.GetErrors()), info.GetPath(), nil)
	if len(list) == 0 {
		return errs.New(errs.Internal, msgBatchUnknown, errs.P{"run": info.GetRun()})
	}
	p.report(list)
	if list[0].Kind == errs.Timeout {
		return told{exitTimeLimit}
	}
	return told{exitCode(list)}
}

func (p *program) batchResults(info *weftv1.RunInfo, t *batchTeller, took time.Duration) {
	wrote := errs.Words{En: "wrote %s: %s", Ru: "записан %s: %s"}.Text(p.lang)
	made := errs.Words{En: "%s: %s", Ru: "%s: %s"}.Text(p.lang)
	for _, r := range info.GetResults() {
		if r.GetPath() != "" {
			fmt.Fprintf(p.out, wrote+"\n", p.style.Bold(grid.Visible(r.GetPath())), p.rows(r.GetRows()))
		} else {
			fmt.Fprintf(p.out, made+"\n", grid.Visible(r.GetNode()), p.rows(r.GetRows()))
		}
	}
	for _, m := range t.misfits {
		words := errs.Words{
			En: "%s: column %s: %s of %s values are no %s and so are null, such as '%s'",
			Ru: "%s: столбец %s: %s из %s значений не подошло под тип %s и стало пустым, например '%s'",
		}
		fmt.Fprintln(p.out, p.style.Dim(fmt.Sprintf(words.Text(p.lang), grid.Visible(m.GetNode()), grid.Visible(m.GetColumn()),
			p.count(m.GetCount()), p.count(m.GetRows()), m.GetType(), grid.Visible(m.GetExample()))))
	}
	fmt.Fprintln(p.out, p.style.Dim(seconds(took, p.lang)))
}

// batchTeller shows what happens to a run. It implements batch.Observer.
type batchTeller struct {
	program  *program
	progress *progress
	misfits  []*weftv1.Misfit
}

// Step shows how far a step has come.
func (t *batchTeller) Step(s *weftv1.RunStep) {
	e := run.Event{
		Step: &plan.Step{ID: s.GetStep(), Nodes: s.GetNodes()}, Percent: -1, Rows: s.GetRows(),
		Elapsed: time.Duration(s.GetElapsedMs()) * time.Millisecond,
	}
	if s.Percent != nil {
		e.Percent = s.GetPercent()
	}
	switch s.GetState() {
	case weftv1.RunState_RUN_STATE_DONE:
		e.State = run.Done
	case weftv1.RunState_RUN_STATE_FAILED:
		e.State = run.Failed
	}
	t.progress.observe(e)
}

// Misfit keeps what did not fit, to be told at the end.
func (t *batchTeller) Misfit(m *weftv1.Misfit) { t.misfits = append(t.misfits, m) }

// Lost tells that the connection is made again.
func (t *batchTeller) Lost() {
	t.say(errs.Words{En: "Connection lost; trying again. The run goes on.", Ru: "Соединение потеряно, восстанавливается. Запуск продолжается."})
}

// Back tells that the connection is there again.
func (t *batchTeller) Back() {
	t.say(errs.Words{En: "Connected again.", Ru: "Соединение восстановлено."})
}

// Cancelling tells that the run was asked to end.
func (t *batchTeller) Cancelling() {
	t.say(errs.Words{En: "Cancelling the run …", Ru: "Запуск отменяется…"})
}

func (t *batchTeller) say(w errs.Words) {
	if !t.program.quiet {
		fmt.Fprintln(t.program.err, w.Text(t.program.lang))
	}
}
