package pack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

var msgBadPatch = errs.Message{
	ID: "pack.bad_patch",
	En: "The change does not fit at {path}: what is here is not what the Server has.",
	Ru: "Изменение не подходит к {path}: здесь не то, что на Сервере.",
}

// ApplyPatches carries out patches, in order, on the JSON of an outline, which
// it changes: that is what a client does. errs.Conflict: one does not fit, and
// the tree is to be had anew.
func ApplyPatches(tree *Value, patches []Patch) error {
	for _, p := range patches {
		if err := p.apply(tree); err != nil {
			return err
		}
	}
	return nil
}

func (p Patch) apply(tree *Value) error {
	unfit := errs.New(errs.Conflict, msgBadPatch, errs.P{"path": strings.Join(p.Path, "/")})
	var v Value
	if p.Op != PatchRemove {
		var err error
		if v, err = parseJSON(p.JSON); err != nil {
			return err
		}
	}
	if len(p.Path) == 0 {
		*tree = v
		return nil
	}
	holder := tree
	for _, key := range p.Path[:len(p.Path)-1] {
		if holder = holder.step(key); holder == nil {
			return unfit
		}
	}
	last := p.Path[len(p.Path)-1]
	if holder.Kind == ListValue && p.inList(holder, last, v) || holder.Kind == MapValue && p.inMap(holder, last, v) {
		return nil
	}
	return unfit
}

// step is the value under a key or at a position, nil when there is none.
func (v *Value) step(key string) *Value {
	if v.Kind == ListValue {
		if i, ok := position(key, len(v.List)-1); ok {
			return &v.List[i]
		}
		return nil
	}
	if i := v.index(key); i >= 0 {
		return &v.Map[i].Value
	}
	return nil
}

// position reads a position up to last.
func position(key string, last int) (int, bool) {
	i, err := strconv.Atoi(key)
	return i, err == nil && i >= 0 && i <= last && strconv.Itoa(i) == key
}

func (p Patch) inList(l *Value, key string, v Value) bool {
	last := len(l.List) - 1
	if p.Op == PatchInsert {
		last++
	}
	i, ok := position(key, last)
	switch {
	case !ok:
	case p.Op == PatchInsert:
		l.List = slices.Insert(l.List, i, v)
	case p.Op == PatchRemove:
		l.List = slices.Delete(l.List, i, i+1)
	default:
		l.List[i] = v
	}
	return ok
}

func (p Patch) inMap(m *Value, key string, v Value) bool {
	i := m.index(key)
	switch {
	case p.Op == PatchInsert, p.Op == PatchRemove && i < 0:
		return false
	case p.Op == PatchRemove:
		m.Map = slices.Delete(m.Map, i, i+1)
	case i >= 0:
		m.Map[i].Value = v
	default:
		m.Map = insert(m.Map, entryKey, E(key, v), p.Before)
	}
	return true
}
