package reference

import (
	"fmt"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

func functionsPage(functions *rel.Functions, lang string) string {
	p := &page{lang: lang}
	p.add("# " + p.say(errs.Words{En: "Functions", Ru: "Функции"}))
	p.add(p.say(generated))
	p.add(p.say(errs.Words{
		En: "What formulas may call. A null in any argument gives null where a function says nothing else; `weft functions` lists them too.",
		Ru: "Что можно вызывать в формулах. Если о функции не сказано иного, null в любом аргументе даёт null; список выводит и `weft functions`.",
	}))
	category := ""
	for _, f := range functions.All() {
		if f.Category != category {
			category = f.Category
			p.add("## " + p.say(categoryTitle(category)))
		}
		p.function(f)
	}
	return p.text()
}

func (p *page) function(f *rel.Function) {
	p.add("### " + code(usage(f)))
	help := errs.Words{En: f.Help.En, Ru: f.Help.Ru}
	p.add(p.say(help))
	if len(f.Aliases) > 0 {
		p.add(p.say(errs.Words{En: "Also: ", Ru: "Также: "}) + strings.Join(quoted(f.Aliases), ", ") + ".")
	}
	p.parameters(f)
	p.examples(f)
}

// usage spells an operator between its operands, a function with its
// parameters.
func usage(f *rel.Function) string {
	if f.Category == "operator" || strings.Trim(f.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return f.Name
	}
	return f.Signature()
}

func (p *page) parameters(f *rel.Function) {
	if f.Category == "operator" {
		return
	}
	for _, a := range f.Params {
		facts := []string{p.say(accepted(a))}
		if a.Optional {
			facts = append(facts, p.say(errs.Words{En: "may be left out", Ru: "можно опустить"}))
		}
		if a.Constant && a.Words == nil {
			facts = append(facts, p.say(errs.Words{En: "a constant", Ru: "константа"}))
		}
		fmt.Fprintf(p, "- %s: %s\n", code(a.Name), strings.Join(facts, "; "))
	}
	if len(f.Params) > 0 {
		p.WriteString("\n")
	}
}

// accepted words the types that a parameter takes.
func accepted(a rel.Parameter) errs.Words {
	if a.Words != nil {
		list := strings.Join(quoted(a.Words), ", ")
		return errs.Words{En: "one of " + list, Ru: "одно из " + list}
	}
	if a.Accepts == nil || a.Spell {
		return errs.Words{En: "any type", Ru: "любой тип"}
	}
	names := make([]string, len(a.Accepts))
	for i, id := range a.Accepts {
		names[i], _, _ = strings.Cut(rel.Type{ID: id}.String(), "(")
	}
	return errs.Words{En: strings.Join(names, ", "), Ru: strings.Join(names, ", ")}
}

func (p *page) examples(f *rel.Function) {
	shown := false
	for _, e := range f.Cases {
		if e.Hidden {
			continue
		}
		if !shown {
			p.WriteString(p.say(errs.Words{En: "| formula | value |\n", Ru: "| формула | значение |\n"}) + "|---|---|\n")
			shown = true
		}
		fmt.Fprintf(p, "| %s | %s |\n", code(cell(e.Formula)), code(cell(e.Want)))
	}
	if shown {
		p.WriteString("\n")
	}
}

func categoryTitle(c string) errs.Words {
	titles := map[string]errs.Words{
		"operator": {En: "Operators", Ru: "Операторы"},
		"logic":    {En: "Logic", Ru: "Логика"},
		"math":     {En: "Mathematics", Ru: "Математика"},
		"text":     {En: "Text", Ru: "Текст"},
		"date":     {En: "Dates and times", Ru: "Даты и время"},
		"convert":  {En: "Conversion", Ru: "Преобразование"},
	}
	if t, ok := titles[c]; ok {
		return t
	}
	return errs.Words{En: c, Ru: c}
}
