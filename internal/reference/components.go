package reference

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
	"github.com/weftworks/weft/internal/rel"
)

func componentsPage(list []*component.Definition, lang string) string {
	p := &page{lang: lang}
	p.add("# " + p.say(errs.Words{En: "Components", Ru: "Компоненты"}))
	p.add(p.say(generated))
	p.add(p.say(errs.Words{
		En: "The components that a workflow's nodes are made of. `weft components` lists them too.",
		Ru: "Компоненты, из которых состоят узлы сценария. Их список выводит и `weft components`.",
	}))
	p.WriteString(p.say(errs.Words{En: "| component | | what it does |\n", Ru: "| компонент | | что делает |\n"}) + "|---|---|---|\n")
	for _, d := range list {
		doc := d.Docs.In(lang)
		fmt.Fprintf(p, "| [%s](#%s) | %s | %s |\n", d.Name, anchor(d.Name), cell(doc.Title), cell(doc.Summary))
	}
	p.WriteString("\n")
	for _, d := range list {
		p.component(d)
	}
	return p.text()
}

func (p *page) component(d *component.Definition) {
	doc := d.Docs.In(p.lang)
	p.add("## " + d.Name)
	p.add("**" + doc.Title + ".** " + doc.Summary)
	p.add(doc.Body)
	p.ports(errs.Words{En: "Inputs", Ru: "Входы"}, d.Inputs)
	p.ports(errs.Words{En: "Outputs", Ru: "Выходы"}, d.Outputs)
	p.add("### " + p.say(errs.Words{En: "Settings of ", Ru: "Параметры "}) + d.Name)
	p.settings(doc, "", component.Describe(d.Settings()))
}

func (p *page) ports(title errs.Words, ports []component.Port) {
	if len(ports) == 0 {
		return
	}
	parts := make([]string, len(ports))
	for i, port := range ports {
		parts[i] = code(port.Name) + " — " + p.say(port.Label)
		if port.Optional {
			parts[i] += p.say(errs.Words{En: " (may be left open)", Ru: " (необязательный)"})
		}
	}
	p.add(p.say(title) + ": " + strings.Join(parts, "; ") + ".")
}

// settings lists fields, those of a list or group under it.
func (p *page) settings(doc component.Doc, prefix string, fields []component.Field) {
	for _, f := range fields {
		if f.Key == "" {
			continue
		}
		path := prefix + f.Key
		p.add("**" + code(path) + "** — " + p.facts(f) + "  \n" + doc.Settings[path])
		p.settings(doc, path+".", f.Items)
	}
}

// facts are what the declaration knows of a setting.
func (p *page) facts(f component.Field) string {
	parts := []string{p.say(kind(f))}
	if len(f.Choices) > 0 {
		parts[0] += ": " + strings.Join(quoted(f.Choices), ", ")
	}
	if f.Required {
		parts = append(parts, p.say(errs.Words{En: "required", Ru: "обязательный"}))
	}
	if d, ok := spelled(f.Default); ok {
		parts = append(parts, p.say(errs.Words{En: "by default ", Ru: "по умолчанию "})+code(d))
	}
	if f.Min != nil {
		parts = append(parts, p.say(errs.Words{En: "at least ", Ru: "не меньше "})+number(*f.Min))
	}
	if f.Max != nil {
		parts = append(parts, p.say(errs.Words{En: "at most ", Ru: "не больше "})+number(*f.Max))
	}
	if f.When != nil {
		parts = append(parts, p.say(errs.Words{En: "where ", Ru: "при "})+code(f.When.Key)+" = "+strings.Join(quoted(f.When.In), ", "))
	}
	return strings.Join(parts, "; ")
}

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = code(s)
	}
	return out
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// spelled writes a default as a package file would.
func spelled(v pack.Value) (string, bool) {
	switch v.Kind {
	case pack.BoolValue:
		return strconv.FormatBool(v.Bool), true
	case pack.IntValue:
		return strconv.FormatInt(v.Int, 10), true
	case pack.RealValue:
		return rel.FormatReal(v.Real), true
	case pack.TextValue:
		if strings.TrimSpace(v.Text) != v.Text || v.Text == "," || v.Text == "" {
			return strconv.Quote(v.Text), true
		}
		return v.Text, true
	default:
		return "", false
	}
}

// kind words what a setting holds.
func kind(f component.Field) errs.Words {
	if f.Kind == component.ListField && len(f.Items) == 1 && f.Items[0].Key == "" {
		switch f.Items[0].Kind {
		case component.ColumnField:
			return errs.Words{En: "list of columns", Ru: "список столбцов"}
		case component.ConstantField:
			return errs.Words{En: "list of values", Ru: "список значений"}
		default:
			return errs.Words{En: "list of texts", Ru: "список текстов"}
		}
	}
	return map[component.FieldKind]errs.Words{
		component.TextField:     {En: "text", Ru: "текст"},
		component.BoolField:     {En: "true or false", Ru: "true или false"},
		component.IntField:      {En: "whole number", Ru: "целое число"},
		component.NumberField:   {En: "number", Ru: "число"},
		component.EnumField:     {En: "one of", Ru: "одно из"},
		component.ColumnField:   {En: "column", Ru: "столбец"},
		component.FormulaField:  {En: "formula", Ru: "формула"},
		component.PathField:     {En: "path", Ru: "путь"},
		component.TypeField:     {En: "type", Ru: "тип"},
		component.ConstantField: {En: "value", Ru: "значение"},
		component.ListField:     {En: "list", Ru: "список"},
		component.GroupField:    {En: "group of settings", Ru: "группа параметров"},
		component.TableField:    {En: "rows of values", Ru: "строки значений"},
	}[f.Kind]
}
