package pack

import (
	"slices"
	"strconv"

	"github.com/weftworks/weft/internal/errs"
)

// SetSetting changes one value within a node's settings. The map or list that
// holds it must be there.
type SetSetting struct {
	Workflow string
	Node     string
	Path     Path
	Value    Value
	Unset    bool   // remove the value instead; items of a list behind it move up
	Insert   bool   // for an item of a list: put it before the one at the index
	Before   string // for a new key of a map: the key it is put before; empty: last
	Exact    bool   // comments are those of Value; else those that are there stay
}

// SetSettings replaces all settings of a node. Null is none.
type SetSettings struct {
	Workflow string
	Node     string
	Settings Value
	Exact    bool // comments are those of Settings; else those that are there stay
}

// Kind implements Command.
func (SetSetting) Kind() string { return "set_setting" }

// Kind implements Command.
func (SetSettings) Kind() string { return "set_settings" }

func (c SetSetting) fields(b *builder) {
	b.target(c.Workflow, c.Node)
	b.put("path", Text(c.Path.String()))
	if !c.Unset {
		b.kids = append(b.kids, tree{key: "value", value: c.Value, notes: c.Value.Notes})
	}
	b.flag("unset", c.Unset)
	b.flag("insert", c.Insert)
	b.text("before", c.Before)
	b.flag("exact", c.Exact)
}

func (c SetSettings) fields(b *builder) {
	b.target(c.Workflow, c.Node)
	b.put("settings", c.Settings)
	b.flag("exact", c.Exact)
}

var msgUnknownSetting = errs.Message{
	ID: "pack.unknown_setting",
	En: "There is nothing at {path} that could be changed so.",
	Ru: "По пути {path} нет того, что можно было бы так изменить.",
}

func unknownSetting(p Path) *errs.Error {
	return errs.New(errs.NotFound, msgUnknownSetting, errs.P{"path": p.String()})
}

func (c SetSettings) apply(e *editor) (Command, error) {
	_, n, err := e.node(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	inverse := SetSettings{c.Workflow, c.Node, n.Settings, true}
	if !c.Exact {
		carryNotes(&c.Settings, n.Settings)
	}
	n.Settings = c.Settings
	e.touch("workflow", c.Workflow, "node", c.Node, "settings")
	return inverse, nil
}

func (c SetSetting) apply(e *editor) (Command, error) {
	_, n, err := e.node(c.Workflow, c.Node)
	if err != nil {
		return nil, err
	}
	if len(c.Path) == 0 {
		return nil, errs.New(errs.Invalid, msgBadPath, errs.P{"path": ""}).At(at(c.Workflow, c.Node))
	}
	settings := n.Settings
	if settings.Kind == NullValue {
		settings = Map()
	}
	holder, last := settings.at(c.Path[:len(c.Path)-1]), c.Path[len(c.Path)-1]
	var inverse *SetSetting
	whole := false // the holder changed, not one value of it
	switch {
	case holder == nil:
	case holder.Kind == MapValue && !last.InList && !c.Insert:
		inverse = c.inMap(holder, last.Key)
	case holder.Kind == ListValue && last.InList:
		inverse = c.inList(holder, last.Index)
		whole = c.Insert || c.Unset
	}
	if inverse == nil {
		place := at(c.Workflow, c.Node)
		place.Setting = c.Path.String()
		return nil, unknownSetting(c.Path).At(place)
	}
	if len(settings.Map) == 0 {
		settings = Null()
	}
	n.Settings = settings
	e.touchSetting(c, whole)
	inverse.Workflow, inverse.Node, inverse.Path, inverse.Exact = c.Workflow, c.Node, c.Path, true
	return *inverse, nil
}

func (e *editor) touchSetting(c SetSetting, whole bool) {
	path := []string{"workflow", c.Workflow, "node", c.Node, "settings"}
	steps := c.Path
	if whole {
		steps = steps[:len(steps)-1]
	}
	for _, s := range steps {
		if s.InList {
			path = append(path, strconv.Itoa(s.Index))
		} else {
			path = append(path, s.Key)
		}
	}
	e.touch(path...)
}

func entryKey(e *Entry) string { return e.Key }

// inMap changes a key of a map; nil when it is not there to be removed.
func (c SetSetting) inMap(m *Value, key string) *SetSetting {
	i := m.index(key)
	switch {
	case c.Unset && i < 0:
		return nil
	case c.Unset:
		rest, old, before := cut(m.Map, entryKey, i)
		m.Map = rest
		return &SetSetting{Value: old.Value, Before: before}
	case i < 0:
		m.Map = insert(m.Map, entryKey, E(key, c.Value), c.Before)
		return &SetSetting{Unset: true}
	}
	return c.replace(&m.Map[i].Value)
}

// inList changes an item of a list; nil when the index is out of its range.
func (c SetSetting) inList(l *Value, i int) *SetSetting {
	switch {
	case c.Insert && i <= len(l.List) && !c.Unset:
		l.List = slices.Insert(l.List, i, c.Value)
		return &SetSetting{Unset: true}
	case c.Insert || i >= len(l.List):
		return nil
	case c.Unset:
		old := l.List[i]
		l.List = slices.Delete(l.List, i, i+1)
		return &SetSetting{Value: old, Insert: true}
	}
	return c.replace(&l.List[i])
}

func (c SetSetting) replace(v *Value) *SetSetting {
	old := *v
	if !c.Exact {
		carryNotes(&c.Value, old)
	}
	*v = c.Value
	return &SetSetting{Value: old}
}
