package pack

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

var (
	msgWantKind = errs.Message{
		ID: "pack.want_kind",
		En: "{key} must be {want}, not {found}.",
		Ru: "{key}: ожидается {want}, а не {found}.",
	}
	msgUnknownKey = errs.Message{
		ID: "pack.unknown_key",
		En: "There is no key {key} here. {suggest}",
		Ru: "Ключа {key} здесь не бывает. {suggest}",
	}
	msgMissingKey = errs.Message{
		ID: "pack.missing_key",
		En: "The key {key} is missing.",
		Ru: "Нет обязательного ключа {key}.",
	}
	msgBadID = errs.Message{
		ID: "pack.bad_id",
		En: "{id} cannot be an id: an id is made of a-z, 0-9 and _, begins with a letter, and has at most 100 characters. What people read is the label.",
		Ru: "{id} не может быть идентификатором: он состоит из a-z, 0-9 и _, начинается с буквы и не длиннее 100 знаков. Для людей служит подпись (label).",
	}
	msgBadVariableName = errs.Message{
		ID: "pack.bad_variable_name",
		En: "{id} cannot be the name of a variable: it is made of letters, digits and _, and does not begin with a digit.",
		Ru: "{id} не может быть именем переменной: оно состоит из букв, цифр и _ и не начинается с цифры.",
	}
	msgBadRef = errs.Message{
		ID: "pack.bad_ref",
		En: "{ref} names no output: write a node's id, or node.port for another output than the first.",
		Ru: "{ref} не указывает на выход: напишите идентификатор узла или узел.порт, если это не первый выход.",
	}
)

var (
	idPattern       = regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}$`)
	variablePattern = regexp.MustCompile(`^[\pL_][\pL\pM\p{Nd}_]{0,99}$`)
)

func validID(s string) bool { return idPattern.MatchString(s) }

// parseRef reads node or node.port.
func parseRef(s string) (Ref, bool) {
	node, port, dotted := strings.Cut(s, ".")
	if !validID(node) || dotted && !validID(port) {
		return Ref{}, false
	}
	return Ref{Node: node, Port: port}, true
}

// The names of kinds as a schema asks for them.
var (
	wantText  = errs.Words{En: "text", Ru: "текст"}
	wantBool  = errs.Words{En: "true or false", Ru: "true или false"}
	wantInt   = errs.Words{En: "a whole number", Ru: "целое число"}
	wantList  = errs.Words{En: "a list", Ru: "список"}
	wantMap   = errs.Words{En: "a map of keys", Ru: "набор ключей"}
	wantPoint = errs.Words{En: "two whole numbers, [x, y]", Ru: "два целых числа, [x, y]"}
	wantTexts = errs.Words{En: "a list of texts", Ru: "список текстов"}
)

// reader turns a tree of values into the document's types. It collects all
// that is wrong. Where it stands in the document goes into the places.
type reader struct {
	list  *errs.List
	place errs.Place // workflow and node
	// command: a node has its position with it, and a workflow may have a
	// comment at its key in the layout.
	command bool
}

func (r *reader) add(m errs.Message, p errs.P, at Pos) {
	place := r.place
	place.Line, place.Column = at.Line, at.Column
	r.list.Add(errs.New(errs.Invalid, m, p).At(place))
}

// suggest is errs.Suggest, left out where so much is wrong, or so many names
// are there, that it would take long.
func (r *reader) suggest(name string, candidates func() []string) errs.Words {
	const most = 100
	if len(*r.list) > most {
		return errs.Words{}
	}
	if c := candidates(); len(c) <= 100*most {
		return errs.Suggest(name, c)
	}
	return errs.Words{}
}

func (r *reader) kind(key string, want errs.Words, v *Value) {
	r.add(msgWantKind, errs.P{"key": key, "want": want, "found": v.KindName()}, v.Pos)
}

// object is a map with fixed keys, being read.
type object struct {
	r     *reader
	value *Value
	marks Marks
}

// object begins to read a map with fixed keys; name is what v is called in
// errors. Null is an empty map.
func (r *reader) object(name string, v *Value, keys ...string) object {
	o := object{r: r, value: v}
	if v.Kind == NullValue {
		return o
	}
	if v.Kind != MapValue {
		r.kind(name, wantMap, v)
		return o
	}
	for _, e := range v.Map {
		if !slices.Contains(keys, e.Key) {
			r.add(msgUnknownKey, errs.P{"key": e.Key, "suggest": errs.Suggest(e.Key, keys)}, e.Pos)
		}
	}
	return o
}

// get returns the value of a fixed key, nil when it is missing or null, and
// keeps the comments that stand at it.
func (o *object) get(key string) *Value {
	i := o.value.index(key)
	if i < 0 {
		return nil
	}
	v := &o.value.Map[i].Value
	if !v.Notes.empty() {
		if o.marks == nil {
			o.marks = Marks{}
		}
		o.marks[key] = v.Notes
		v.Notes = Comments{}
	}
	if v.Kind == NullValue {
		return nil
	}
	return v
}

// need is get for a key that must be there.
func (o *object) need(key string) *Value {
	v := o.get(key)
	if v == nil && (o.value.Kind == MapValue || o.value.Kind == NullValue) {
		o.r.add(msgMissingKey, errs.P{"key": key}, o.value.Pos)
	}
	return v
}

func (o *object) text(key string) string {
	v := o.get(key)
	if v == nil {
		return ""
	}
	return o.r.text(key, v)
}

func (r *reader) text(key string, v *Value) string {
	if v.Kind != TextValue {
		r.kind(key, wantText, v)
		return ""
	}
	return v.Text
}

func (o *object) bool(key string) bool {
	v := o.get(key)
	if v != nil && v.Kind != BoolValue {
		o.r.kind(key, wantBool, v)
	}
	return v != nil && v.Bool
}

func (o *object) int(key string) *int64 {
	v := o.get(key)
	if v == nil {
		return nil
	}
	if v.Kind != IntValue {
		o.r.kind(key, wantInt, v)
		return nil
	}
	i := v.Int
	return &i
}

// id reads a text that must be an id, when it is there.
func (o *object) id(key string) string {
	v := o.get(key)
	if v == nil {
		return ""
	}
	s := o.r.text(key, v)
	if v.Kind == TextValue {
		o.r.checkID(s, v.Pos)
	}
	return s
}

func (r *reader) checkID(id string, at Pos) {
	if !validID(id) {
		r.add(msgBadID, errs.P{"id": id}, at)
	}
}

func (r *reader) ref(key string, v *Value) Ref {
	s := r.text(key, v)
	ref, ok := parseRef(s)
	if !ok && v.Kind == TextValue {
		r.add(msgBadRef, errs.P{"ref": s}, v.Pos)
	}
	return ref
}

func (o *object) point(key string) Point {
	v := o.get(key)
	if v == nil {
		return Point{}
	}
	return o.r.point(key, v)
}

// maxCoordinate keeps positions within what every canvas can draw.
const maxCoordinate = 1 << 30

func (r *reader) point(key string, v *Value) Point {
	ok := v.Kind == ListValue && len(v.List) == 2
	for _, c := range v.List {
		ok = ok && c.Kind == IntValue && c.Int >= -maxCoordinate && c.Int <= maxCoordinate
	}
	if !ok {
		r.kind(key, wantPoint, v)
		return Point{}
	}
	return Point{X: int(v.List[0].Int), Y: int(v.List[1].Int)}
}

func (o *object) texts(key string) []string {
	v := o.get(key)
	if v == nil {
		return nil
	}
	if v.Kind != ListValue {
		o.r.kind(key, wantTexts, v)
		return nil
	}
	out := make([]string, 0, len(v.List))
	for i := range v.List {
		out = append(out, o.r.text(key, &v.List[i]))
	}
	return out
}

// entries are the items of a map with free keys.
func (o *object) entries(key string) []Entry {
	v := o.get(key)
	if v == nil {
		return nil
	}
	return o.r.entries(key, v)
}

func (r *reader) entries(key string, v *Value) []Entry {
	if v.Kind != MapValue && v.Kind != NullValue {
		r.kind(key, wantMap, v)
	}
	return v.Map
}

func (r *reader) items(key string, v *Value) []Value {
	if v.Kind != ListValue {
		r.kind(key, wantList, v)
	}
	return v.List
}

func (c Comments) empty() bool { return len(c.Above) == 0 && c.Behind == "" }

func (c Comments) clone() Comments { return Comments{Above: slices.Clone(c.Above), Behind: c.Behind} }

func (m Marks) clone() Marks {
	if m == nil {
		return nil
	}
	out := maps.Clone(m)
	for k, c := range out {
		out[k] = c.clone()
	}
	return out
}
