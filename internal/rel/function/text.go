package function

import "github.com/weftworks/weft/internal/rel"

// textFunction fills in what most functions of texts share.
func textFunction(name string, list []rel.Parameter, returns rel.Type, f eval, row, en, ru string, examples []rel.Example) *rel.Function {
	fn := &rel.Function{Name: name, Params: list, Returns: returns, Eval: f, Help: help(en, ru), Cases: examples}
	if row != "" {
		fn.Rows = []string{row}
	}
	return fn
}

// also gives a function further names.
func also(f *rel.Function, names ...string) *rel.Function {
	f.Aliases = names
	return f
}

func text() []*rel.Function {
	one := params(p("text", rel.Texts))
	trimmed := params(p("text", rel.Texts), opt("characters", rel.Texts))
	counted := params(p("text", rel.Texts), p("count", rel.Integers))
	search := params(p("text", rel.Texts), p("find", rel.Texts))
	padded := params(p("text", rel.Texts), p("length", rel.Integers), opt("fill", rel.Texts))
	return []*rel.Function{
		also(textFunction("length", one, rel.Integer, length, "F-122",
			"Number of characters.", "Число символов.",
			append(cases("length('Weft')", "4", "length('')", "0", "length(null)", "null"),
				hidden("length('Привет')", "6", "length('😀')", "1")...)), "len", "char_length"),
		textFunction("lower", one, rel.String, each(lower), "F-128",
			"The text in small letters.", "Текст строчными буквами.",
			append(cases("lower('WeFT')", "'weft'", "lower('ЁЖ')", "'ёж'", "lower(null)", "null"), hidden("lower('')", "''")...)),
		textFunction("upper", one, rel.String, each(upper), "F-128",
			"The text in capital letters.", "Текст прописными буквами.",
			append(cases("upper('WeFt')", "'WEFT'", "upper('ёж')", "'ЁЖ'", "upper(null)", "null"), hidden("upper('é1')", "'É1'")...)),
		textFunction("trim", trimmed, rel.String, trim(true, true), "F-136",
			"The text without white space, or the given characters, at both ends.",
			"Текст без пробельных (или заданных) символов с обеих сторон.",
			append(cases("trim('  a b ')", "'a b'", "trim('--a-', '-')", "'a'", "trim(null)", "null"),
				hidden("trim('\t\u00a0a\n')", "'a'", "trim('xyaxy', 'yx')", "'a'", "trim('a', '')", "'a'", "trim('a', null)", "null")...)),
		textFunction("ltrim", trimmed, rel.String, trim(true, false), "F-136",
			"The text without white space, or the given characters, at its beginning.",
			"Текст без пробельных (или заданных) символов в начале.",
			append(cases("ltrim('  a ')", "'a '", "ltrim('00120', '0')", "'120'", "ltrim(null)", "null"), hidden("ltrim('\na')", "'a'")...)),
		textFunction("rtrim", trimmed, rel.String, trim(false, true), "F-136",
			"The text without white space, or the given characters, at its end.",
			"Текст без пробельных (или заданных) символов в конце.",
			append(cases("rtrim(' a  ')", "' a'", "rtrim('1.50', '0')", "'1.5'", "rtrim(null)", "null"), hidden("rtrim('a\r\n')", "'a'")...)),
		textFunction("left", counted, rel.String, left, "F-127",
			"The first characters. A negative count leaves out that many at the end.",
			"Первые символы. Отрицательное число отбрасывает столько символов с конца.",
			append(cases("left('Привет', 3)", "'При'", "left('abc', -1)", "'ab'", "left(null, 1)", "null"),
				hidden("left('ab', 5)", "'ab'", "left('ab', 0)", "''", "left('ab', -5)", "''")...)),
		textFunction("right", counted, rel.String, right, "F-127",
			"The last characters. A negative count leaves out that many at the beginning.",
			"Последние символы. Отрицательное число отбрасывает столько символов с начала.",
			append(cases("right('Привет', 3)", "'вет'", "right('abc', -1)", "'bc'", "right('a', null)", "null"),
				hidden("right('ab', 5)", "'ab'", "right('ab', 0)", "''", "right('ab', -5)", "''")...)),
		also(textFunction("substring", params(p("text", rel.Texts), p("start", rel.Integers), opt("length", rel.Integers)),
			rel.String, substring, "F-135",
			"Characters from a position, counted from 1; a negative one counts from the end.",
			"Символы с заданной позиции, считая с 1; отрицательная считается с конца.",
			append(cases("substring('Привет', 2, 3)", "'рив'", "substring('abc', 2)", "'bc'", "substring('abc', -2)", "'bc'", "substring(null, 1)", "null"),
				hidden("substring('hello', -10, 7)", "'he'", "substring('hello', 0, 2)", "'h'", "substring('hello', 0)", "'hello'",
					"substring('hello', 9, 2)", "''", "substring('hello', 2, -1)", "''", "substring('hello', -3, 2)", "'ll'",
					"substring('hello', 2, 0)", "''", "substring('abc', 1, null)", "null")...)), "substr", "mid"),
		also(textFunction("position", search, rel.Integer, position, "F-125",
			"Position of the first occurrence, counted from 1; 0 if there is none.",
			"Позиция первого вхождения, считая с 1; 0, если его нет.",
			append(cases("position('привет', 'ве')", "4", "position('abc', 'x')", "0", "position('abc', null)", "null"),
				hidden("position('abc', '')", "1", "position('', 'a')", "0")...)), "strpos", "instr"),
		textFunction("replace", params(p("text", rel.Texts), p("find", rel.Texts), p("with", rel.Texts)), rel.String, replace, "F-130",
			"All occurrences of one text replaced by another.", "Замена всех вхождений одного текста другим.",
			append(cases("replace('a-b-c', '-', '+')", "'a+b+c'", "replace('abc', 'b', '')", "'ac'", "replace('a', 'a', null)", "null"),
				hidden("replace('abc', '', 'x')", "'abc'", "replace('ааа', 'аа', 'б')", "'ба'")...)),
		{
			Name: "concat", Params: params(rel.Parameter{Name: "x", Spell: true}), Variadic: true, Returns: rel.String,
			Nulls: rel.NullNever, Eval: joinTexts, Rows: []string{"F-121"},
			Help: help("Values as text, one after the other; null counts as empty.",
				"Соединяет значения как тексты; null считается пустым."),
			Cases: append(cases("concat('a', 1, 'b')", "'a1b'", "concat('a', null)", "'a'", "concat(null)", "''"),
				hidden("concat(true, '-', date '2020-01-31')", "'true-2020-01-31'")...),
		},
		textFunction("starts_with", search, rel.Boolean, startsWith, "",
			"True if the text begins with another.", "Истина, если текст начинается с другого.",
			append(cases("starts_with('Привет', 'При')", "true", "starts_with('abc', 'B')", "false", "starts_with(null, 'a')", "null"),
				hidden("starts_with('a', '')", "true")...)),
		textFunction("ends_with", search, rel.Boolean, endsWith, "",
			"True if the text ends with another.", "Истина, если текст заканчивается другим.",
			append(cases("ends_with('report.csv', '.csv')", "true", "ends_with('abc', 'b')", "false", "ends_with('a', null)", "null"),
				hidden("ends_with('a', '')", "true")...)),
		textFunction("contains", search, rel.Boolean, contains, "F-125",
			"True if the text contains another.", "Истина, если текст содержит другой.",
			append(cases("contains('Москва', 'скв')", "true", "contains('abc', 'X')", "false", "contains(null, 'a')", "null"),
				hidden("contains('', '')", "true")...)),
		textFunction("repeat", counted, rel.String, repeat, "F-129",
			"The text so many times.", "Текст, повторённый заданное число раз.",
			append(cases("repeat('ab', 3)", "'ababab'", "repeat('ab', 0)", "''", "repeat(null, 2)", "null"), hidden("repeat('ab', -1)", "''")...)),
		textFunction("lpad", padded, rel.String, pad(true), "F-133",
			"The text filled up at its beginning to a length, with blanks or another text; cut if it is longer.",
			"Текст, дополненный в начале до заданной длины пробелами или другим текстом; более длинный обрезается.",
			append(cases("lpad('7', 3, '0')", "'007'", "lpad('a', 3)", "'  a'", "lpad(null, 2)", "null"),
				hidden("lpad('abc', 2, 'x')", "'ab'", "lpad('a', 6, 'xy')", "'xyxyxa'", "lpad('a', 3, '')", "'a'", "lpad('a', -1)", "''")...)),
		textFunction("rpad", padded, rel.String, pad(false), "",
			"The text filled up at its end to a length, with blanks or another text; cut if it is longer.",
			"Текст, дополненный в конце до заданной длины пробелами или другим текстом; более длинный обрезается.",
			append(cases("rpad('7', 3, '.')", "'7..'", "rpad('a', 3)", "'a  '", "rpad('a', null)", "null"),
				hidden("rpad('абв', 2, 'x')", "'аб'", "rpad('a', 6, 'xy')", "'axyxyx'", "rpad('a', 3, '')", "'a'")...)),
		textFunction("split_part", params(p("text", rel.Texts), p("separator", rel.Texts), p("number", rel.Integers)), rel.String, splitPart, "",
			"One of the parts between separators, counted from 1, negative from the end; empty if there is no such part.",
			"Одна из частей между разделителями, считая с 1, отрицательный номер — с конца; пусто, если такой части нет.",
			append(cases("split_part('a,b,c', ',', 2)", "'b'", "split_part('a,b', ',', 5)", "''", "split_part(null, ',', 1)", "null"),
				hidden("split_part('a,b,c', ',', -1)", "'c'", "split_part('a,b', ',', 0)", "''", "split_part('abc', '', 1)", "'abc'",
					"split_part('abc', '', 2)", "''", "split_part('a::б', '::', 2)", "'б'", "split_part('', ',', 1)", "''", "split_part(null, '', 5)", "null")...)),
		textFunction("md5", one, rel.String, digest, "F-161",
			"MD5 of the text in UTF-8, as 32 hexadecimal digits. Good for telling texts apart, not for secrets.",
			"MD5 текста в UTF-8, 32 шестнадцатеричные цифры. Годится для сравнения текстов, но не для секретов.",
			cases("md5('a')", "'0cc175b9c0f1b6a831c399e269772661'", "md5('')", "'d41d8cd98f00b204e9800998ecf8427e'", "md5(null)", "null")),
	}
}

func patterns() []*rel.Function {
	pattern := rel.Parameter{Name: "pattern", Accepts: rel.Texts, Check: checkPattern}
	return []*rel.Function{
		textFunction("regexp_matches", params(p("text", rel.Texts), pattern), rel.Boolean, regexpMatches, "F-138",
			"True if the regular expression (RE2) matches anywhere in the text.",
			"Истина, если регулярное выражение (RE2) подходит к какому-либо месту текста.",
			append(cases("regexp_matches('AB-12', '[0-9]+')", "true", "regexp_matches('abc', '^b')", "false", "regexp_matches(null, 'a')", "null"),
				hidden("regexp_matches('ёж', '^.ж$')", "true", "regexp_matches('ABC', '(?i)b')", "true", "regexp_matches('', '')", "true")...)),
		textFunction("regexp_replace", params(p("text", rel.Texts), pattern, p("with", rel.Texts)), rel.String, regexpReplace, "F-144",
			`All matches of a regular expression replaced; \1 stands for the first group.`,
			`Замена всех совпадений с регулярным выражением; \1 — первая группа.`,
			append(cases("regexp_replace('a1b22', '[0-9]+', '#')", "'a#b#'", `regexp_replace('Ivanov Ivan', '(\w+) (\w+)', '\2 \1')`, "'Ivan Ivanov'",
				"regexp_replace('a', 'a', null)", "null"),
				hidden("regexp_replace('abc', 'x', 'y')", "'abc'", "regexp_replace('a.b', '[.]', '$1')", "'a$1b'")...)),
		{
			Name: "regexp_extract", Returns: rel.String, Nulls: rel.NullMaybe, Eval: strict(regexpExtract), Rows: []string{"F-140", "F-141"},
			Params: params(p("text", rel.Texts), pattern, rel.Parameter{
				Name: "group", Accepts: rel.Integers, Optional: true, Constant: true, Check: checkGroup,
			}),
			Help: help("The first match of a regular expression, or one of its groups; null if it matches nowhere.",
				"Первое совпадение с регулярным выражением или одна из его групп; null, если совпадений нет."),
			Cases: append(cases("regexp_extract('order 4711, 12', '[0-9]+')", "'4711'", "regexp_extract('key=val', '(.*)=(.*)', 2)", "'val'",
				"regexp_extract('abc', '[0-9]')", "null", "regexp_extract(null, 'a')", "null"),
				hidden("regexp_extract('b', '(a)?b', 1)", "''", "regexp_extract('abc', '')", "''")...),
		},
		textFunction("regexp_count", params(p("text", rel.Texts), pattern), rel.Integer, regexpCount, "F-139",
			"Number of matches of a regular expression.", "Число совпадений с регулярным выражением.",
			append(cases("regexp_count('a1b22c', '[0-9]+')", "2", "regexp_count('abc', 'x')", "0", "regexp_count('a', null)", "null"),
				hidden("regexp_count('aaaa', 'aa')", "2")...)),
	}
}
