package pack

import (
	"strings"

	"github.com/weftworks/weft/internal/errs"
)

// problemWords words a problem that the YAML library found. Rare ones stay as
// the library has them.
func problemWords(problem string) errs.Words {
	for _, p := range []struct {
		part  string
		words errs.Words
	}{
		{"mapping values are not allowed", errs.Words{
			En: "a second \": \" stands in one line; put the text in quotes, or the inner key on a line of its own.",
			Ru: "в строке второй раз стоит «: »; возьмите текст в кавычки или перенесите внутренний ключ на свою строку."}},
		{"did not find expected key", errs.Words{
			En: "a key is expected here; is the line indented as its neighbours are?",
			Ru: "здесь ожидается ключ; такой ли у строки отступ, как у соседних?"}},
		{"could not find expected ':'", errs.Words{
			En: "a colon after the key is missing.",
			Ru: "после ключа нет двоеточия."}},
		{"did not find expected '-' indicator", errs.Words{
			En: "a list item (- …) is expected here; is the line indented as its neighbours are?",
			Ru: "здесь ожидается элемент списка (- …); такой ли у строки отступ, как у соседних?"}},
		{"did not find expected ',' or '}'", errs.Words{
			En: "a comma or } is missing before this.",
			Ru: "перед этим не хватает запятой или }."}},
		{"did not find expected ',' or ']'", errs.Words{
			En: "a comma or ] is missing before this.",
			Ru: "перед этим не хватает запятой или ]."}},
		{"cannot start any token", errs.Words{
			En: "a text cannot begin with this character; put it in quotes. Tabs cannot indent: use spaces.",
			Ru: "текст не может начинаться с этого символа; возьмите его в кавычки. Отступы делаются пробелами, не табуляцией."}},
		{"tab character", errs.Words{
			En: "tabs cannot indent; use spaces.",
			Ru: "отступы делаются пробелами, не табуляцией."}},
		{"unexpected end of stream", errs.Words{
			En: "the quote that begins here has no end.",
			Ru: "кавычка, которая открывается здесь, не закрыта."}},
		{"unknown escape character", errs.Words{
			En: "there is no such escape in double quotes; in single quotes a \\ stands for itself.",
			Ru: "такого кода после \\ в двойных кавычках нет; в одинарных \\ означает сам себя."}},
		{"block sequence entries are not allowed", errs.Words{
			En: "a list item (- …) cannot stand here; begin it on a line of its own.",
			Ru: "элемент списка (- …) здесь стоять не может; начните его с новой строки."}},
		{"did not find expected node content", errs.Words{
			En: "a value is expected here.",
			Ru: "здесь ожидается значение."}},
		{"did not find expected <document start>", errs.Words{
			En: "this line belongs to nothing before it; is it indented rightly?",
			Ru: "эта строка ни к чему не относится; верен ли её отступ?"}},
	} {
		if strings.Contains(problem, p.part) {
			return p.words
		}
	}
	return errs.Words{En: problem + ".", Ru: problem + "."}
}
