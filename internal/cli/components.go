package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/grid"
)

var msgNoComponent = errs.Message{
	ID: "cli.no_component",
	En: "There is no component {component}. {suggest}",
	Ru: "Компонента {component} нет. {suggest}",
}

func (p *program) componentsCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "components [NAME]",
		Short:   "List components, or tell about one",
		Long:    "Lists the components that nodes are made of, or tells what one does, with its\nports and settings.",
		Example: "  weft components\n  weft components rows.filter\n  weft components --format json",
		Args:    usage(cobra.MaximumNArgs(1)),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return component.NewCatalogue(all.All()).Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.components(args, format) },
	}
	listFormat(cmd, &format)
	return cmd
}

// listFormat adds the flag of commands that list things.
func listFormat(cmd *cobra.Command, format *string) {
	cmd.Flags().StringVar(format, "format", "text", "form of the list: text, json")
	completeFlag(cmd, "format", fixed("text", "json"))
}

func checkListFormat(format string) error {
	if forms := []string{"text", formatJSON}; !slices.Contains(forms, format) {
		return wrongUsage(msgBadFormat, "format", format, "formats", strings.Join(forms, ", "))
	}
	return nil
}

func (p *program) components(args []string, format string) error {
	if err := checkListFormat(format); err != nil {
		return err
	}
	list := all.All()
	if len(args) > 0 {
		i := slices.IndexFunc(list, func(d *component.Definition) bool { return d.Name == args[0] })
		if i < 0 {
			names := component.NewCatalogue(list).Names()
			return wrongUsage(msgNoComponent, "component", args[0], "suggest", errs.Suggest(args[0], names))
		}
		list = list[i : i+1]
	}
	if format == formatJSON {
		return p.componentsJSON(list)
	}
	if len(args) > 0 {
		return p.tellComponent(list[0])
	}
	var rows [][]string
	for _, d := range list {
		rows = append(rows, []string{d.Name, flat(d.Docs.In(p.lang).Summary)})
	}
	return grid.List(p.out, "", rows)
}

// flat puts a text of several lines on one.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func (p *program) tellComponent(d *component.Definition) error {
	doc := d.Docs.In(p.lang)
	fmt.Fprintf(p.out, "%s — %s\n\n%s\n", p.style.Bold(d.Ref()), doc.Title, doc.Summary)
	if doc.Body != "" {
		fmt.Fprintf(p.out, "\n%s\n", doc.Body)
	}
	p.tellPorts(errs.Words{En: "Inputs", Ru: "Входы"}, d.Inputs)
	p.tellPorts(errs.Words{En: "Outputs", Ru: "Выходы"}, d.Outputs)
	fmt.Fprintf(p.out, "\n%s\n", p.style.Bold(errs.Words{En: "Settings", Ru: "Параметры"}.Text(p.lang)))
	p.tellFields(doc, "", component.Describe(d.Settings()))
	return nil
}

func (p *program) tellPorts(title errs.Words, ports []component.Port) {
	if len(ports) == 0 {
		return
	}
	var parts []string
	for _, port := range ports {
		parts = append(parts, port.Name+" ("+port.Label.Text(p.lang)+")")
	}
	fmt.Fprintf(p.out, "\n%s: %s\n", p.style.Bold(title.Text(p.lang)), strings.Join(parts, ", "))
}

func (p *program) tellFields(doc component.Doc, prefix string, fields []component.Field) {
	for _, f := range fields {
		if f.Key == "" {
			continue
		}
		path := prefix + f.Key
		fmt.Fprintf(p.out, "\n  %s %s\n    %s\n", p.style.Bold(path), p.style.Dim(p.fieldKind(f)),
			strings.ReplaceAll(doc.Settings[path], "\n", "\n    "))
		p.tellFields(doc, path+".", f.Items)
	}
}

// fieldKind says what a setting holds.
func (p *program) fieldKind(f component.Field) string {
	parts := []string{string(f.Kind)}
	if len(f.Choices) > 0 {
		parts[0] = strings.Join(f.Choices, " | ")
	}
	if f.Required {
		parts = append(parts, errs.Words{En: "required", Ru: "обязательный"}.Text(p.lang))
	}
	if text := plainText(f.Default); text != "" {
		parts = append(parts, errs.Words{En: "default ", Ru: "по умолчанию "}.Text(p.lang)+text)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// componentJSON is a component in the JSON that the command prints.
type componentJSON struct {
	Name     string      `json:"name"`
	Version  int         `json:"version"`
	Title    string      `json:"title"`
	Summary  string      `json:"summary"`
	Inputs   []portJSON  `json:"inputs"`
	Outputs  []portJSON  `json:"outputs"`
	Settings []fieldJSON `json:"settings"`
}

type portJSON struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Optional bool   `json:"optional,omitempty"`
}

type fieldJSON struct {
	Key      string      `json:"key,omitempty"`
	Kind     string      `json:"kind"`
	Required bool        `json:"required,omitempty"`
	Default  any         `json:"default,omitempty"`
	Choices  []string    `json:"choices,omitempty"`
	Help     string      `json:"help,omitempty"`
	Items    []fieldJSON `json:"items,omitempty"`
}

func (p *program) componentsJSON(list []*component.Definition) error {
	out := make([]componentJSON, len(list))
	for i, d := range list {
		doc := d.Docs.In(p.lang)
		out[i] = componentJSON{
			Name: d.Name, Version: d.Version, Title: doc.Title, Summary: flat(doc.Summary),
			Inputs: p.portsJSON(d.Inputs), Outputs: p.portsJSON(d.Outputs),
			Settings: fieldsJSON(doc, "", component.Describe(d.Settings())),
		}
	}
	return p.printJSON(out)
}

func (p *program) portsJSON(ports []component.Port) []portJSON {
	out := make([]portJSON, len(ports))
	for i, port := range ports {
		out[i] = portJSON{Name: port.Name, Label: port.Label.Text(p.lang), Optional: port.Optional}
	}
	return out
}

func fieldsJSON(doc component.Doc, prefix string, fields []component.Field) []fieldJSON {
	out := []fieldJSON{}
	for _, f := range fields {
		path := prefix + f.Key
		j := fieldJSON{Key: f.Key, Kind: string(f.Kind), Required: f.Required, Default: f.Default.Scalar(), Choices: f.Choices, Help: flat(doc.Settings[path])}
		if len(f.Items) > 0 {
			j.Items = fieldsJSON(doc, path+".", f.Items)
		}
		out = append(out, j)
	}
	return out
}

func (p *program) printJSON(v any) error {
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
