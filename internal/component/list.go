package component

import (
	"fmt"
	"strings"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/pack"
)

func listed(names []string) string { return strings.Join(names, ", ") }

var listWords = errs.Words{En: "a list", Ru: "список"}

// List binds a list of maps; bind binds one of them.
func List[T any](b *Binder, target *[]T, key string, bind func(*Binder, *T), opts ...Option) {
	f := field(key, ListField, opts)
	switch b.mode {
	case describing:
		var item T
		bind(&Binder{mode: describing, fields: &f.Items}, &item)
		*b.fields = append(*b.fields, f)
	case encoding:
		b.encodeList(key, len(*target), func(i int) pack.Value {
			out := pack.Map()
			bind(&Binder{mode: encoding, out: &out}, &(*target)[i])
			return out
		})
	case decoding:
		for i, v := range b.takeList(f) {
			var item T
			path := fmt.Sprintf("%s[%d]", join(b.path, key), i)
			b.bound.places[path] = v.Pos
			b.bindMap(v, path, func(inner *Binder) { bind(inner, &item) })
			*target = append(*target, item)
		}
	}
}

// scalars binds a list of scalars.
func scalars[T any](b *Binder, target *[]T, f, item Field, c codec[T]) {
	switch b.mode {
	case describing:
		f.Items = []Field{item}
		*b.fields = append(*b.fields, f)
	case encoding:
		b.encodeList(f.Key, len(*target), func(i int) pack.Value { return c.to((*target)[i]) })
	case decoding:
		for i, v := range b.takeList(f) {
			var x T
			path := fmt.Sprintf("%s[%d]", join(b.path, f.Key), i)
			b.bound.places[path] = v.Pos
			readScalar(b, &x, item, c, v, path)
			*target = append(*target, x)
		}
	}
}

// takeList returns the items of a list. A single value where a list may stand
// is a list of one.
func (b *Binder) takeList(f Field) []pack.Value {
	v, ok := b.take(f.Key)
	path := join(b.path, f.Key)
	if !ok || v.IsZero() {
		if f.Required {
			b.fail(path, errs.New(errs.Invalid, errMissing, errs.P{"setting": f.Key}))
		}
		return nil
	}
	if v.Kind != pack.ListValue {
		b.wrongKind(path, v, listWords)
		return nil
	}
	return v.List
}

func (b *Binder) encodeList(key string, n int, item func(int) pack.Value) {
	if n == 0 {
		return
	}
	list := make([]pack.Value, n)
	for i := range list {
		list[i] = item(i)
	}
	b.out.Map = append(b.out.Map, pack.E(key, pack.List(list...)))
}

// Group binds a map of settings under one key.
func Group(b *Binder, key string, bind func(*Binder), opts ...Option) {
	f := field(key, GroupField, opts)
	switch b.mode {
	case describing:
		bind(&Binder{mode: describing, fields: &f.Items})
		*b.fields = append(*b.fields, f)
	case encoding:
		out := pack.Map()
		bind(&Binder{mode: encoding, out: &out})
		if !out.IsZero() {
			b.out.Map = append(b.out.Map, pack.E(key, out))
		}
	case decoding:
		v, _ := b.take(key)
		b.bindMap(v, join(b.path, key), bind)
	}
}
