package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/doctor"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
)

// doctorFlags are the flags of weft doctor.
type doctorFlags struct {
	caFile string
	format string
}

func (p *program) doctorCommand() *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor URL",
		Short: "Find out why a browser does not reach the Server",
		Long: `Goes the way of a browser, step by step, from the address of Studio's page:
the host's name, its port, its certificate, Studio, server.json, the address of
the websocket, the Server's port and certificate, the websocket with the page's
origin, the Server's answer. Where the way ends, it says what is wrong and which
key of which configuration to change. It signs in nowhere and changes nothing.
Run it where the browser is. Exit code 1 if something is wrong.`,
		Example: "  weft doctor http://weft.example/app/\n  weft doctor --ca-file our-authority.pem https://weft.example",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.doctor(cmd.Context(), args[0], f)
		},
	}
	cmd.Flags().StringVar(&f.caFile, "ca-file", "", "PEM file with certificates to believe beside the system's")
	cmd.Flags().StringVar(&f.format, "format", "text", "form of the answer: text, json")
	return cmd
}

func (p *program) doctor(ctx context.Context, url string, f doctorFlags) error {
	if err := checkListFormat(f.format); err != nil {
		return err
	}
	roots, err := doctor.Roots(f.caFile)
	if err != nil {
		return err
	}
	report := doctor.Examine(ctx, url, doctor.Options{Roots: roots, Agent: "weft-doctor/" + version()})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if f.format == formatJSON {
		err = p.printJSON(p.reportJSON(report))
	} else {
		err = p.tellWay(report)
	}
	if err == nil && !report.OK() {
		return told{code: exitFailed}
	}
	return err
}

// tellWay writes a line a step, and below the last one what to change.
func (p *program) tellWay(r *doctor.Report) error {
	var b strings.Builder
	fmt.Fprintln(&b, p.style.Bold(grid.Visible(r.URL)))
	for _, s := range r.Steps {
		mark := "✓"
		if !s.OK {
			mark = "✗"
		}
		fmt.Fprintf(&b, "%s %s: %s\n", mark, s.Name.Title().Text(p.lang), grid.Visible(s.Found.Text(p.lang)))
		for _, m := range s.Remedies {
			fmt.Fprintf(&b, "  → %s%s\n", p.whereToChange(m), grid.Visible(m.Text.Text(p.lang)))
		}
	}
	words := errs.Words{En: "A browser reaches the Server this way.", Ru: "Браузер доходит до Сервера этим путём."}
	if r.OK() {
		fmt.Fprintln(&b, words.Text(p.lang))
	}
	_, err := fmt.Fprint(p.out, b.String())
	return err
}

// whereToChange names the configuration and its keys before the advice.
func (p *program) whereToChange(m doctor.Remedy) string {
	if m.Component == doctor.Outside {
		return ""
	}
	where := m.Component.Title().Text(p.lang)
	if len(m.Keys) > 0 {
		where += ", " + p.style.Bold(grid.Visible(strings.Join(m.Keys, ", ")))
	}
	return where + ": "
}

// wayJSON is the JSON that weft doctor prints.
type wayJSON struct {
	URL   string     `json:"url"`
	OK    bool       `json:"ok"`
	Steps []stepJSON `json:"steps"`
}

type stepJSON struct {
	Step     string       `json:"step"`
	OK       bool         `json:"ok"`
	ID       string       `json:"id"`
	Message  string       `json:"message"`
	Remedies []remedyJSON `json:"remedies,omitempty"`
}

type remedyJSON struct {
	Component string   `json:"component,omitempty"`
	Keys      []string `json:"keys,omitempty"`
	ID        string   `json:"id"`
	Message   string   `json:"message"`
}

func (p *program) reportJSON(r *doctor.Report) wayJSON {
	out := wayJSON{URL: r.URL, OK: r.OK(), Steps: []stepJSON{}}
	for _, s := range r.Steps {
		step := stepJSON{Step: string(s.Name), OK: s.OK, ID: s.Found.Message.ID, Message: s.Found.Text(p.lang)}
		for _, m := range s.Remedies {
			step.Remedies = append(step.Remedies, remedyJSON{
				Component: string(m.Component), Keys: m.Keys, ID: m.Text.Message.ID, Message: m.Text.Text(p.lang),
			})
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}
