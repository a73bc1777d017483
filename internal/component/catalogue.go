package component

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Catalogue is the set of components that a program offers: a value, made by
// components/all and passed on.
type Catalogue struct {
	list   []*Definition
	byName map[string]*Definition
}

// NewCatalogue makes a catalogue. Two components of one name are a
// programmer's error and panic.
func NewCatalogue(list []*Definition) *Catalogue {
	c := &Catalogue{list: list, byName: make(map[string]*Definition, len(list))}
	for _, d := range list {
		if c.byName[d.Name] != nil {
			panic("component: two components are named " + d.Name)
		}
		c.byName[d.Name] = d
	}
	return c
}

// All lists the components in the palette's order.
func (c *Catalogue) All() []*Definition { return slices.Clone(c.list) }

// Names lists the components' names.
func (c *Catalogue) Names() []string {
	out := make([]string, len(c.list))
	for i, d := range c.list {
		out[i] = d.Name
	}
	return out
}

var (
	errUnknown = errs.Message{
		ID: "component.unknown",
		En: "There is no component {component}. {suggest} `weft components` lists all.",
		Ru: "Компонента {component} нет. {suggest} Список всех: `weft components`.",
	}
	errVersion = errs.Message{
		ID: "component.version",
		En: "This Weft knows {component} up to version {known}; the package asks for version {found}. Update Weft.",
		Ru: "Эта версия Weft знает {component} до версии {known}, а пакету нужна {found}. Обновите Weft.",
	}
)

// Lookup finds a component by a reference as packages write it: rows.filter,
// or rows.filter@2. It returns the version asked for, too.
func (c *Catalogue) Lookup(ref string) (*Definition, int, error) {
	name, v, versioned := strings.Cut(ref, "@")
	version := 1
	if versioned {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return nil, 0, c.unknown(ref)
		}
		version = n
	}
	d := c.byName[name]
	if d == nil {
		return nil, 0, c.unknown(name)
	}
	if version > d.Version {
		return nil, 0, errs.New(errs.Invalid, errVersion, errs.P{"component": name, "known": d.Version, "found": version})
	}
	return d, version, nil
}

func (c *Catalogue) unknown(name string) error {
	return errs.New(errs.Invalid, errUnknown, errs.P{"component": name, "suggest": errs.Suggest(name, c.Names())})
}

// Decode decodes the settings of a node of this component, written for a
// version, into a fresh Settings value, migrating older ones first.
func (d *Definition) Decode(version int, v pack.Value, vars Variables) (*Bound, error) {
	for ; version < d.Version && d.Migrate != nil; version++ {
		var err error
		if v, err = d.Migrate(version, v); err != nil {
			return nil, err
		}
	}
	return decode(d.Settings(), v, vars)
}
