package pack

import (
	"slices"

	"github.com/weftworks/weft/internal/errs"
)

// Put says how an item is put into its list.
type Put struct {
	New    bool   // it must not be there yet; else it must, and is replaced
	Before string // for a new one: the item it is put before; empty: last
	Exact  bool   // comments are those of the item; else those that are there stay
}

// SetVariable adds or changes a variable. The name stays: formulas have it.
type SetVariable struct {
	Variable Variable
	Put
}

// RemoveVariable removes a variable that no service and no test names.
type RemoveVariable struct{ Name string }

// MoveVariable changes the order of variables.
type MoveVariable struct{ Name, Before string }

// AddWorkflow adds a workflow with all that is in it.
type AddWorkflow struct {
	Workflow Workflow
	Before   string
}

// RemoveWorkflow removes a workflow that no service and no test names. The
// package keeps main.
type RemoveWorkflow struct{ ID string }

// SetMemo adds or changes a text box on the canvas.
type SetMemo struct {
	Workflow string
	Memo     Memo
	Put
}

// RemoveMemo removes a text box.
type RemoveMemo struct{ Workflow, ID string }

// SetService adds or changes a service with its operations.
type SetService struct {
	Service Service
	Put
}

// RemoveService removes a service.
type RemoveService struct{ ID string }

// SetTest adds or changes a test.
type SetTest struct {
	Test Test
	Put
}

// RemoveTest removes a test.
type RemoveTest struct{ ID string }

// Kind implements Command.
func (SetVariable) Kind() string { return "set_variable" }

// Kind implements Command.
func (RemoveVariable) Kind() string { return "remove_variable" }

// Kind implements Command.
func (MoveVariable) Kind() string { return "move_variable" }

// Kind implements Command.
func (AddWorkflow) Kind() string { return "add_workflow" }

// Kind implements Command.
func (RemoveWorkflow) Kind() string { return "remove_workflow" }

// Kind implements Command.
func (SetMemo) Kind() string { return "set_memo" }

// Kind implements Command.
func (RemoveMemo) Kind() string { return "remove_memo" }

// Kind implements Command.
func (SetService) Kind() string { return "set_service" }

// Kind implements Command.
func (RemoveService) Kind() string { return "remove_service" }

// Kind implements Command.
func (SetTest) Kind() string { return "set_test" }

// Kind implements Command.
func (RemoveTest) Kind() string { return "remove_test" }

func (b *builder) putting(id, key string, t tree, p Put) {
	b.text("id", id)
	b.add(key, t)
	b.flag("new", p.New)
	b.text("before", p.Before)
	b.flag("exact", p.Exact)
}

func (c SetVariable) fields(b *builder) {
	b.putting(c.Variable.Name, "variable", shaper{command: true}.variable(&c.Variable), c.Put)
}

func (c RemoveVariable) fields(b *builder) { b.text("id", c.Name) }

func (c MoveVariable) fields(b *builder) { b.text("id", c.Name); b.text("before", c.Before) }

func (c AddWorkflow) fields(b *builder) {
	b.text("id", c.Workflow.ID)
	b.add("workflow", shaper{command: true}.workflow(&c.Workflow))
	b.text("before", c.Before)
}

func (c RemoveWorkflow) fields(b *builder) { b.text("id", c.ID) }

func (c SetMemo) fields(b *builder) {
	b.text("workflow", c.Workflow)
	b.putting(c.Memo.ID, "memo", shaper{command: true}.memo(&c.Memo), c.Put)
}

func (c RemoveMemo) fields(b *builder) { b.text("workflow", c.Workflow); b.text("id", c.ID) }

func (c SetService) fields(b *builder) {
	b.putting(c.Service.ID, "service", shaper{command: true}.service(&c.Service), c.Put)
}

func (c RemoveService) fields(b *builder) { b.text("id", c.ID) }

func (c SetTest) fields(b *builder) {
	b.putting(c.Test.ID, "test", shaper{command: true}.test(&c.Test), c.Put)
}

func (c RemoveTest) fields(b *builder) { b.text("id", c.ID) }

func variableName(v *Variable) string { return v.Name }
func workflowID(w *Workflow) string   { return w.ID }
func memoID(m *Memo) string           { return m.ID }
func serviceID(s *Service) string     { return s.ID }
func testID(t *Test) string           { return t.ID }

// kindOf knows how items of one kind are named, written and read.
type kindOf[T any] struct {
	id    func(*T) string
	shape func(shaper, *T) tree
	read  func(*reader, Entry) T
}

// put adds or replaces an item. It returns the item that was replaced, nil for
// a new one.
func (k kindOf[T]) put(items *[]T, it T, p Put) (old *T, err error) {
	id := k.id(&it)
	i := find(*items, k.id, id)
	switch {
	case p.New && i >= 0:
		return nil, errs.New(errs.Exists, msgExists, errs.P{"id": id})
	case !p.New && i < 0:
		return nil, k.missing(*items, id)
	case p.New:
		*items = insert(*items, k.id, it, p.Before)
		return nil, nil
	}
	was := (*items)[i]
	if !p.Exact {
		s := shaper{command: true}
		now, before := k.shape(s, &it), k.shape(s, &was)
		v := now.item()
		carryNotes(&v, before.item())
		it = k.read(&reader{list: new(errs.List), command: true}, E(id, v))
	}
	(*items)[i] = it
	return &was, nil
}

var msgNothingThere = errs.Message{
	ID: "pack.nothing_there",
	En: "There is no {id}. {suggest}",
	Ru: "{id} нет. {suggest}",
}

func (k kindOf[T]) missing(items []T, id string) error {
	names := ids(items, func(it T) string { return k.id(&it) })
	return errs.New(errs.NotFound, msgNothingThere, errs.P{"id": id, "suggest": errs.Suggest(id, names)})
}

func (k kindOf[T]) remove(items *[]T, id string) (old T, before string, err error) {
	i := find(*items, k.id, id)
	if i < 0 {
		return old, "", k.missing(*items, id)
	}
	*items, old, before = cut(*items, k.id, i)
	return old, before, nil
}

var (
	variables = kindOf[Variable]{variableName, shaper.variable, (*reader).variable}
	memos     = kindOf[Memo]{memoID, shaper.memo, (*reader).memo}
	services  = kindOf[Service]{serviceID, shaper.service, (*reader).service}
	tests     = kindOf[Test]{testID, shaper.test, (*reader).test}
)

func (c SetVariable) apply(e *editor) (Command, error) {
	old, err := variables.put(&e.p.Variables, c.Variable, c.Put)
	if err != nil {
		return nil, err
	}
	e.touch("variable", c.Variable.Name)
	if old == nil {
		return RemoveVariable{c.Variable.Name}, nil
	}
	return SetVariable{*old, Put{Exact: true}}, nil
}

func (c RemoveVariable) apply(e *editor) (Command, error) {
	for _, s := range e.p.Services {
		for _, op := range s.Operations {
			if slices.Contains(op.Variables, c.Name) {
				return nil, errs.New(errs.Conflict, msgInUse, errs.P{"id": c.Name, "user": s.ID + "." + op.ID})
			}
		}
	}
	for _, t := range e.p.Tests {
		if find(t.Variables, entryKey, c.Name) >= 0 {
			return nil, errs.New(errs.Conflict, msgInUse, errs.P{"id": c.Name, "user": t.ID})
		}
	}
	old, before, err := variables.remove(&e.p.Variables, c.Name)
	if err != nil {
		return nil, err
	}
	e.touch("variable", c.Name)
	return SetVariable{old, Put{New: true, Before: before, Exact: true}}, nil
}

func (c MoveVariable) apply(e *editor) (Command, error) {
	if c.Before != "" && e.p.Variable(c.Before) == nil {
		return nil, variables.missing(e.p.Variables, c.Before)
	}
	old, before, err := variables.remove(&e.p.Variables, c.Name)
	if err != nil {
		return nil, err
	}
	to := c.Before
	if to == c.Name {
		to = before
	}
	e.p.Variables = insert(e.p.Variables, variableName, old, to)
	e.touch("variable", c.Name)
	return MoveVariable{c.Name, before}, nil
}

var msgMainStays = errs.Message{
	ID: "pack.main_stays",
	En: "The workflow main is the package's first one and cannot be removed.",
	Ru: "Процесс main — первый в пакете, его нельзя удалить.",
}

func (c AddWorkflow) apply(e *editor) (Command, error) {
	id := c.Workflow.ID
	if e.p.Workflow(id) != nil {
		return nil, errs.New(errs.Exists, msgExists, errs.P{"id": id})
	}
	if first := len(e.p.Workflows) == 0; first != (id == "main") || c.Before == "main" {
		return nil, errs.New(errs.Invalid, msgNoMain, errs.P{"workflow": id})
	}
	if n := countNodes(e.p) + len(c.Workflow.Nodes); n > MaxNodes {
		return nil, errs.New(errs.Invalid, msgTooManyNodes, errs.P{"count": n})
	}
	var list errs.List
	r := &reader{list: &list}
	r.links(&c.Workflow, newGraph(&c.Workflow))
	if err := list.Err(); err != nil {
		return nil, err
	}
	e.p.Workflows = insert(e.p.Workflows, workflowID, c.Workflow, c.Before)
	e.touch("workflow", id)
	return RemoveWorkflow{id}, nil
}

func (c RemoveWorkflow) apply(e *editor) (Command, error) {
	if _, err := e.flow(c.ID); err != nil {
		return nil, err
	}
	if c.ID == "main" && len(e.p.Workflows) > 1 {
		return nil, errs.New(errs.Conflict, msgMainStays, nil)
	}
	if user := e.userOf(c.ID, ""); user != "" {
		return nil, errs.New(errs.Conflict, msgInUse, errs.P{"id": c.ID, "user": user})
	}
	rest, old, before := cut(e.p.Workflows, workflowID, find(e.p.Workflows, workflowID, c.ID))
	e.p.Workflows = rest
	e.touch("workflow", c.ID)
	return AddWorkflow{old, before}, nil
}

func (c SetMemo) apply(e *editor) (Command, error) {
	w, err := e.flow(c.Workflow)
	if err != nil {
		return nil, err
	}
	old, err := memos.put(&w.Memos, c.Memo, c.Put)
	if err != nil {
		return nil, err
	}
	e.touch("workflow", c.Workflow, "memo", c.Memo.ID)
	if old == nil {
		return RemoveMemo{c.Workflow, c.Memo.ID}, nil
	}
	return SetMemo{c.Workflow, *old, Put{Exact: true}}, nil
}

func (c RemoveMemo) apply(e *editor) (Command, error) {
	w, err := e.flow(c.Workflow)
	if err != nil {
		return nil, err
	}
	old, before, err := memos.remove(&w.Memos, c.ID)
	if err != nil {
		return nil, err
	}
	e.touch("workflow", c.Workflow, "memo", c.ID)
	return SetMemo{c.Workflow, old, Put{New: true, Before: before, Exact: true}}, nil
}

// refs checks what a service or test names.
func (e *editor) refs(check func(*refChecker)) error {
	var list errs.List
	check(newRefChecker(&reader{list: &list}, e.p))
	return list.Err()
}

func (c SetService) apply(e *editor) (Command, error) {
	if err := e.refs(func(r *refChecker) { r.service(&c.Service) }); err != nil {
		return nil, err
	}
	old, err := services.put(&e.p.Services, c.Service, c.Put)
	if err != nil {
		return nil, err
	}
	e.touch("service", c.Service.ID)
	if old == nil {
		return RemoveService{c.Service.ID}, nil
	}
	return SetService{*old, Put{Exact: true}}, nil
}

func (c RemoveService) apply(e *editor) (Command, error) {
	old, before, err := services.remove(&e.p.Services, c.ID)
	if err != nil {
		return nil, err
	}
	e.touch("service", c.ID)
	return SetService{old, Put{New: true, Before: before, Exact: true}}, nil
}

func (c SetTest) apply(e *editor) (Command, error) {
	if err := e.refs(func(r *refChecker) { r.test(&c.Test) }); err != nil {
		return nil, err
	}
	old, err := tests.put(&e.p.Tests, c.Test, c.Put)
	if err != nil {
		return nil, err
	}
	e.touch("test", c.Test.ID)
	if old == nil {
		return RemoveTest{c.Test.ID}, nil
	}
	return SetTest{*old, Put{Exact: true}}, nil
}

func (c RemoveTest) apply(e *editor) (Command, error) {
	old, before, err := tests.remove(&e.p.Tests, c.ID)
	if err != nil {
		return nil, err
	}
	e.touch("test", c.ID)
	return SetTest{old, Put{New: true, Before: before, Exact: true}}, nil
}
