package formula

import "github.com/weftworks/weft/internal/errs"

// fail makes an error at a place of the formula.
func fail(at Span, m errs.Message, params errs.P) *errs.Error {
	return errs.New(errs.Invalid, m, params).At(place(at))
}

func place(s Span) errs.Place { return errs.Place{Offset: s.Offset, Length: s.Length} }

// Errors of spelling.
var (
	errTooLong = errs.Message{
		ID: "formula.too_long",
		En: "The formula is longer than {most} KiB.",
		Ru: "Формула длиннее {most} КиБ.",
	}
	errTooDeep = errs.Message{
		ID: "formula.too_deep",
		En: "The formula is nested deeper than {most} levels. Compute a part of it in a column of its own.",
		Ru: "Вложенность формулы больше {most} уровней. Вычислите часть в отдельном столбце.",
	}
	errTooLarge = errs.Message{
		ID: "formula.too_large",
		En: "The formula has more than {most} parts. Compute some of it in a column of its own.",
		Ru: "В формуле больше {most} частей. Вычислите часть в отдельном столбце.",
	}
	errNotUTF8 = errs.Message{
		ID: "formula.not_utf8",
		En: "The formula holds bytes that are no UTF-8 text.",
		Ru: "В формуле есть байты, которые не являются текстом в UTF-8.",
	}
	errEmpty = errs.Message{
		ID: "formula.empty",
		En: "The formula is empty.",
		Ru: "Формула пуста.",
	}
	errUnexpected = errs.Message{
		ID: "formula.unexpected",
		En: "Expected {want}, but found {found}.",
		Ru: "Ожидается {want}, а найдено: {found}.",
	}
	errOpenText = errs.Message{
		ID: "formula.open_text",
		En: "The text that begins here has no closing quote.",
		Ru: "У текста, который начинается здесь, нет закрывающей кавычки.",
	}
	errOpenLabel = errs.Message{
		ID: "formula.open_label",
		En: "The label that begins here has no closing square bracket.",
		Ru: "У метки, которая начинается здесь, нет закрывающей квадратной скобки.",
	}
	errOpenComment = errs.Message{
		ID: "formula.open_comment",
		En: "The comment that begins here has no closing */.",
		Ru: "У комментария, который начинается здесь, нет закрывающих */.",
	}
	errOpenBracket = errs.Message{
		ID: "formula.open_bracket",
		En: "The bracket that opens here is not closed: expected {want}, but found {found}.",
		Ru: "Открытая здесь скобка не закрыта: ожидается {want}, а найдено: {found}.",
	}
	errCharacter = errs.Message{
		ID: "formula.character",
		En: "The character {found} has no meaning in a formula.",
		Ru: "Символ {found} в формуле ничего не значит.",
	}
	errInstead = errs.Message{
		ID: "formula.instead",
		En: "Write {want} instead of {found}.",
		Ru: "Вместо {found} пишите {want}.",
	}
	errDoubleQuotes = errs.Message{
		ID: "formula.double_quotes",
		En: "Double quotes have no meaning here. Write {text} for a text, {label} for a column.",
		Ru: "Двойные кавычки здесь не используются. Текст пишется {text}, столбец — {label}.",
	}
	errNumber = errs.Message{
		ID: "formula.number",
		En: "{found} is neither a number nor a name.",
		Ru: "{found} — не число и не имя.",
	}
	errNumberRange = errs.Message{
		ID: "formula.number_range",
		En: "{found} is too large for a number. For up to 38 digits write cast({found} as decimal(38,0)).",
		Ru: "Число {found} слишком велико. До 38 цифр можно записать как cast({found} as decimal(38,0)).",
	}
	errMoment = errs.Message{
		ID: "formula.moment",
		En: "{found} is no {type}. It is written as {want}.",
		Ru: "{found} — не {type}. Правильная запись: {want}.",
	}
	errType = errs.Message{
		ID: "formula.type",
		En: "There is no type {found}; there are {types}. {suggest}",
		Ru: "Типа {found} нет; есть {types}. {suggest}",
	}
	errChain = errs.Message{
		ID: "formula.chain",
		En: "Comparisons cannot be chained. Write a < b and b < c, or b between a and c.",
		Ru: "Сравнения нельзя соединять в цепочку. Пишите a < b and b < c или b between a and c.",
	}
	errTablePrefix = errs.Message{
		ID: "formula.table_prefix",
		En: "Columns have no table before their name: write {column} instead of {found}. Only a join's condition has left and right.",
		Ru: "Перед именем столбца нет таблицы: вместо {found} пишите {column}. Только в условии соединения есть left и right.",
	}
)

// Errors of meaning.
var (
	errNoFunction = errs.Message{
		ID: "formula.no_function",
		En: "There is no function {function}. {suggest}",
		Ru: "Функции {function} нет. {suggest}",
	}
	errAggregate = errs.Message{
		ID: "formula.aggregate",
		En: "{function} works over many rows, a formula over one. Group the rows to use it.",
		Ru: "Функция {function} работает по многим строкам, а формула — по одной. Для неё сгруппируйте строки.",
	}
	errRowwise = errs.Message{
		ID: "formula.rowwise",
		En: "{function} works over many rows: group them to use it. For the values of one row write {want}.",
		Ru: "Функция {function} работает по многим строкам: для неё сгруппируйте их. Для значений одной строки пишите {want}.",
	}
	errNoVariable = errs.Message{
		ID: "formula.no_variable",
		En: "There is no variable {variable}. {suggest}",
		Ru: "Переменной {variable} нет. {suggest}",
	}
	errNoLabel = errs.Message{
		ID: "formula.no_label",
		En: "There is no column labelled {label}. {suggest}",
		Ru: "Столбца с меткой {label} нет. {suggest}",
	}
	errLabelTwice = errs.Message{
		ID: "formula.label_twice",
		En: "Several columns are labelled {label}: {columns}. Write the name of the one you mean.",
		Ru: "Метка {label} есть у нескольких столбцов: {columns}. Напишите имя нужного.",
	}
	errBareLabel = errs.Message{
		ID: "formula.bare_label",
		En: "{label} is the label of a column. Write its name, {column}, or [{label}].",
		Ru: "{label} — метка столбца. Напишите его имя, {column}, или [{label}].",
	}
	errMeantCall = errs.Message{
		ID: "formula.meant_call",
		En: "There is no column {column}. The function is written with brackets: {signature}.",
		Ru: "Столбца {column} нет. Функция пишется со скобками: {signature}.",
	}
	errMeantVariable = errs.Message{
		ID: "formula.meant_variable",
		En: "There is no column {column}. The variable is written ${column}.",
		Ru: "Столбца {column} нет. Переменная пишется ${column}.",
	}
	errBothSides = errs.Message{
		ID: "formula.both_sides",
		En: "Both inputs have a column {column}. Write left.{column} or right.{column}.",
		Ru: "Столбец {column} есть в обоих входах. Напишите left.{column} или right.{column}.",
	}
	errNoSides = errs.Message{
		ID: "formula.no_sides",
		En: "left and right exist in the condition of a join only. Write {column}.",
		Ru: "left и right есть только в условии соединения. Пишите {column}.",
	}
	errBranches = errs.Message{
		ID: "formula.branches",
		En: "The branches of case do not go together: {left} and {right}. Convert one of them.",
		Ru: "Ветви case не сочетаются: {left} и {right}. Преобразуйте одну из них.",
	}
	errCondition = errs.Message{
		ID: "formula.condition",
		En: "A condition must be true or false, but this is {found}.",
		Ru: "Условие должно давать да или нет, а здесь {found}.",
	}
	errOrMeant = errs.Message{
		ID: "formula.or_meant",
		En: "|| joins texts. For conditions write or.",
		Ru: "|| соединяет тексты. Для условий пишите or.",
	}
)
