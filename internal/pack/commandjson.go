package pack

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

// EncodeCommand spells a command as JSON: {"kind": "rename", …}. Items have
// the keys of the package file; a node has its position as "at". Comments
// stand apart under "notes".
func EncodeCommand(c Command) []byte {
	v := commandValue(c)
	return encodeNoted(v)
}

func encodeNoted(v Value) []byte {
	if notes := noteList(&v, nil, nil); len(notes) > 0 {
		v.Map = append(v.Map, E("notes", List(notes...)))
	}
	return appendJSON(nil, &v)
}

// DecodeCommand reads a command from JSON, strictly: no unknown key, no key
// twice. The error is an *errs.Error or an errs.List. Whether the command fits
// a package is for Apply to say.
func DecodeCommand(src []byte) (Command, error) {
	v, err := parseJSON(src)
	if err != nil {
		return nil, err
	}
	var list errs.List
	r := &reader{list: &list, command: true}
	r.takeNotes(&v)
	c := r.readCommand(&v)
	if err := list.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// commandValue is a command as a tree, with its comments in place.
func commandValue(c Command) Value {
	b := &builder{}
	b.put("kind", Text(c.Kind()))
	c.fields(b)
	t := tree{kids: b.kids, nested: true}
	return t.item()
}

// commandReader has the keys of a command and how they are read.
type commandReader struct {
	keys []string
	read func(o *object) Command
}

func commandReaders() map[string]commandReader {
	return map[string]commandReader{
		"add_node": {[]string{"workflow", "id", "node", "before"}, func(o *object) Command {
			return AddNode{Workflow: o.text("workflow"), Node: o.r.node(o.named("node")), Before: o.text("before")}
		}},
		"remove_nodes": {[]string{"workflow", "nodes"}, func(o *object) Command {
			return RemoveNodes{Workflow: o.text("workflow"), Nodes: o.texts("nodes")}
		}},
		"move_nodes": {[]string{"workflow", "places"}, readMoveNodes},
		"rename": {[]string{"workflow", "node", "label"}, func(o *object) Command {
			return Rename{Workflow: o.text("workflow"), Node: o.text("node"), Label: o.text("label")}
		}},
		"set_note": {[]string{"workflow", "node", "note"}, func(o *object) Command {
			return SetNote{Workflow: o.text("workflow"), Node: o.text("node"), Note: o.text("note")}
		}},
		"set_keep": {[]string{"workflow", "node", "keep"}, func(o *object) Command {
			return SetKeep{Workflow: o.text("workflow"), Node: o.text("node"), Keep: o.bool("keep")}
		}},
		"set_component": {[]string{"workflow", "node", "component"}, readSetComponent},
		"connect":       {[]string{"workflow", "node", "port", "from", "before", "exact"}, readConnect},
		"disconnect": {[]string{"workflow", "node", "port"}, func(o *object) Command {
			return Disconnect{Workflow: o.text("workflow"), Node: o.text("node"), Port: o.id("port")}
		}},
		"set_setting":  {[]string{"workflow", "node", "path", "value", "unset", "insert", "before", "exact"}, readSetSetting},
		"set_settings": {[]string{"workflow", "node", "settings", "exact"}, readSetSettings},
		"paste":        {[]string{"workflow", "nodes", "shift"}, readPaste},
		"set_variable": {[]string{"id", "variable", "new", "before", "exact"}, func(o *object) Command {
			return SetVariable{o.r.variable(o.named("variable")), o.put()}
		}},
		"remove_variable": {[]string{"id"}, func(o *object) Command { return RemoveVariable{o.text("id")} }},
		"move_variable": {[]string{"id", "before"}, func(o *object) Command {
			return MoveVariable{o.text("id"), o.text("before")}
		}},
		"add_workflow": {[]string{"id", "workflow", "before"}, func(o *object) Command {
			return AddWorkflow{o.r.workflow(o.named("workflow")), o.text("before")}
		}},
		"remove_workflow": {[]string{"id"}, func(o *object) Command { return RemoveWorkflow{o.text("id")} }},
		"set_memo": {[]string{"workflow", "id", "memo", "new", "before", "exact"}, func(o *object) Command {
			return SetMemo{o.text("workflow"), o.r.memo(o.named("memo")), o.put()}
		}},
		"remove_memo": {[]string{"workflow", "id"}, func(o *object) Command {
			return RemoveMemo{o.text("workflow"), o.text("id")}
		}},
		"set_service": {[]string{"id", "service", "new", "before", "exact"}, func(o *object) Command {
			return SetService{o.r.service(o.named("service")), o.put()}
		}},
		"remove_service": {[]string{"id"}, func(o *object) Command { return RemoveService{o.text("id")} }},
		"set_test": {[]string{"id", "test", "new", "before", "exact"}, func(o *object) Command {
			return SetTest{o.r.test(o.named("test")), o.put()}
		}},
		"remove_test": {[]string{"id"}, func(o *object) Command { return RemoveTest{o.text("id")} }},
		"replace":     {[]string{"text"}, func(o *object) Command { return Replace{o.text("text")} }},
		"batch":       {[]string{"commands"}, readBatch},
	}
}

func (r *reader) readCommand(v *Value) Command {
	kinds := commandReaders()
	kind, _ := v.Get("kind")
	c, ok := kinds[kind.Text]
	if !ok {
		var names []string
		for k := range kinds {
			names = append(names, k)
		}
		slices.Sort(names)
		r.add(msgUnknownCommand, errs.P{"kind": spell(kind), "suggest": errs.Suggest(kind.Text, names)}, v.Pos)
		return nil
	}
	o := r.object("command", v, append(c.keys, "kind")...)
	return c.read(&o)
}

// raw returns the value of a key with its comments; null when it is missing.
func (o *object) raw(key string) Value {
	v, _ := o.value.Get(key)
	return v
}

// named is an item with its id, as the file has it.
func (o *object) named(item string) Entry {
	return Entry{Key: o.text("id"), Value: o.raw(item)}
}

// put reads how an item is put into its list.
func (o *object) put() Put {
	return Put{New: o.bool("new"), Before: o.text("before"), Exact: o.bool("exact")}
}

func readBatch(o *object) Command {
	var b Batch
	list := o.raw("commands")
	for i := range list.List {
		if c := o.r.readCommand(&list.List[i]); c != nil {
			b.Commands = append(b.Commands, c)
		}
	}
	return b
}

func readMoveNodes(o *object) Command {
	c := MoveNodes{Workflow: o.text("workflow")}
	for _, e := range o.entries("places") {
		m := Placement{Node: e.Key, Unplaced: e.Value.Kind == NullValue}
		if !m.Unplaced {
			m.At = o.r.point(e.Key, &e.Value)
		}
		c.Places = append(c.Places, m)
	}
	return c
}

func readSetComponent(o *object) Command {
	c := SetComponent{Workflow: o.text("workflow"), Node: o.text("node")}
	if v := o.need("component"); v != nil {
		c.Component = o.r.component(v)
	}
	return c
}

func readConnect(o *object) Command {
	c := Connect{Workflow: o.text("workflow"), Node: o.text("node"), Port: o.id("port"), Before: o.text("before"), Exact: o.bool("exact")}
	if v := o.need("from"); v != nil {
		c.From = o.r.ref("from", v)
		c.Notes = o.marks["from"]
	}
	return c
}

func readSetSetting(o *object) Command {
	c := SetSetting{
		Workflow: o.text("workflow"), Node: o.text("node"), Value: o.raw("value"), Unset: o.bool("unset"),
		Insert: o.bool("insert"), Before: o.text("before"), Exact: o.bool("exact"),
	}
	path, err := ParsePath(o.text("path"))
	o.r.list.Add(err)
	c.Path = path
	return c
}

func readSetSettings(o *object) Command {
	c := SetSettings{Workflow: o.text("workflow"), Node: o.text("node"), Exact: o.bool("exact")}
	if v := o.get("settings"); v != nil {
		if v.Kind != MapValue {
			o.r.kind("settings", wantMap, v)
		} else if len(v.Map) > 0 {
			c.Settings = *v
		}
	}
	return c
}

func readPaste(o *object) Command {
	c := Paste{Workflow: o.text("workflow"), Shift: o.point("shift")}
	for _, e := range o.entries("nodes") {
		c.Nodes = append(c.Nodes, o.r.node(e))
	}
	return c
}
