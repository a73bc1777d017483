package function

import "github.com/weftworks/weft/internal/rel"

// units are the words that cut and count time.
func units() []string {
	return []string{"year", "quarter", "month", "week", "day", "hour", "minute", "second"}
}

func unit() rel.Parameter {
	return rel.Parameter{Name: "unit", Accepts: rel.Texts, Words: units()}
}

// part makes a function that reads one part of a moment.
func part(name string, accepts rel.Accepts, row, en, ru string, read func(moments) int64, examples []rel.Example) *rel.Function {
	fn := &rel.Function{
		Name: name, Params: params(p("x", accepts)), Returns: rel.Integer, Eval: partOf(read),
		Help: help(en, ru), Cases: examples,
	}
	if row != "" {
		fn.Rows = []string{row}
	}
	return fn
}

func dateParts() []*rel.Function {
	return []*rel.Function{
		part("year", rel.Moments, "F-029", "The year of a date.", "Год даты.",
			func(m moments) int64 { return int64(m.Year()) },
			append(cases("year(date '2020-03-31')", "2020", "year(null)", "null"), hidden("year(timestamp '1999-12-31 23:59:59')", "1999")...)),
		part("quarter", rel.Moments, "", "The quarter of a date, 1 to 4.", "Квартал даты, от 1 до 4.",
			func(m moments) int64 { return int64(m.Month()+2) / 3 },
			append(cases("quarter(date '2020-03-31')", "1", "quarter(null)", "null"), hidden("quarter(date '2020-10-01')", "4")...)),
		part("month", rel.Moments, "F-029", "The month of a date, 1 to 12.", "Месяц даты, от 1 до 12.",
			func(m moments) int64 { return int64(m.Month()) },
			append(cases("month(date '2020-03-31')", "3", "month(null)", "null"), hidden("month(timestamp '2020-12-01 00:00:00')", "12")...)),
		part("day", rel.Moments, "F-029", "The day of the month, 1 to 31.", "День месяца, от 1 до 31.",
			func(m moments) int64 { return int64(m.Day()) },
			append(cases("day(date '2020-03-31')", "31", "day(null)", "null"), hidden("day(date '1969-12-31')", "31")...)),
		part("day_of_year", rel.Moments, "", "The day of the year, 1 to 366.", "День года, от 1 до 366.",
			func(m moments) int64 { return int64(m.YearDay()) },
			cases("day_of_year(date '2020-12-31')", "366", "day_of_year(date '2021-01-01')", "1", "day_of_year(null)", "null")),
		part("day_of_week", rel.Moments, "F-031", "The day of the week: Monday is 1, Sunday is 7.", "День недели: понедельник — 1, воскресенье — 7.",
			func(m moments) int64 { return int64(m.Weekday()+6)%7 + 1 },
			append(cases("day_of_week(date '2024-01-01')", "1", "day_of_week(date '2024-01-07')", "7", "day_of_week(null)", "null"),
				hidden("day_of_week(date '1969-12-31')", "3")...)),
		part("week", rel.Moments, "F-032", "The week of the year by ISO 8601: the first has the year's first Thursday.",
			"Неделя года по ISO 8601: первая — та, на которую приходится первый четверг.",
			func(m moments) int64 { _, w := m.ISOWeek(); return int64(w) },
			append(cases("week(date '2024-01-01')", "1", "week(date '2021-01-01')", "53", "week(null)", "null"),
				hidden("week(date '2019-12-30')", "1")...)),
		part("hour", rel.ClockOrTime, "F-030", "The hour, 0 to 23.", "Час, от 0 до 23.",
			func(m moments) int64 { return int64(m.Hour()) },
			append(cases("hour(timestamp '2020-01-01 13:45:30')", "13", "hour(time '09:05:00')", "9", "hour(null)", "null"),
				hidden("hour(date '2020-01-01')", "0", "hour(timestamp '1969-12-31 23:00:00')", "23")...)),
		part("minute", rel.ClockOrTime, "F-030", "The minute, 0 to 59.", "Минута, от 0 до 59.",
			func(m moments) int64 { return int64(m.Minute()) },
			cases("minute(timestamp '2020-01-01 13:45:30')", "45", "minute(time '09:05:00')", "5", "minute(null)", "null")),
		part("second", rel.ClockOrTime, "F-030", "The whole second, 0 to 59.", "Секунда целиком, от 0 до 59.",
			func(m moments) int64 { return int64(m.Second()) },
			append(cases("second(timestamp '2020-01-01 13:45:30')", "30", "second(time '09:05:59.999')", "59", "second(null)", "null"),
				hidden("second(timestamp '1969-12-31 23:59:58.5')", "58")...)),
	}
}

// shiftBy makes a function that moves a moment by a count of one unit.
func shiftBy(name, unit, row, en, ru string, examples []rel.Example) *rel.Function {
	return &rel.Function{
		Name: name, Params: params(p("x", rel.Moments), p("count", rel.Integers)), Result: first,
		Eval: func(a []rel.Value) (rel.Value, error) { return addUnits(unit, a[1].(int64), a[0]) },
		Rows: []string{row}, Help: help(en, ru), Cases: examples,
	}
}

// apart makes a function that counts the full units between two moments.
func apart(name, unit, en, ru string, examples []rel.Example) *rel.Function {
	return &rel.Function{
		Name: name, Params: params(p("from", rel.Moments), p("to", rel.Moments)), Overload: momentForms,
		Eval: func(a []rel.Value) (rel.Value, error) { return unitsBetween(unit, a[0], a[1]) },
		Rows: []string{"F-034"}, Help: help(en, ru), Cases: examples,
	}
}

func dateArithmetic() []*rel.Function {
	return []*rel.Function{
		{
			Name: "date_trunc", Params: params(unit(), p("x", rel.Moments)), Overload: unitForms, Eval: truncate, Rows: []string{"F-033"},
			Help: help("The beginning of the year, quarter, month, week (Monday), day, hour, minute or second.",
				"Начало года, квартала, месяца, недели (понедельник), дня, часа, минуты или секунды."),
			Cases: append(cases("date_trunc('month', date '2020-03-15')", "date '2020-03-01'",
				"date_trunc('week', date '2024-01-03')", "date '2024-01-01'",
				"date_trunc('hour', timestamp '2020-03-15 13:45:30')", "timestamp '2020-03-15 13:00:00'",
				"date_trunc('year', null)", "null"),
				hidden("date_trunc('QUARTER', date '2020-06-30')", "date '2020-04-01'", "date_trunc('year', timestamp '2020-06-30 10:00:00')", "timestamp '2020-01-01 00:00:00'",
					"date_trunc('hour', date '2020-03-15')", "timestamp '2020-03-15 00:00:00'",
					"date_trunc('second', timestamp '1969-12-31 23:59:58.5')", "timestamp '1969-12-31 23:59:58'",
					"date_trunc('week', date '1970-01-01')", "date '1969-12-29'", "date_trunc('day', date '2020-03-15')", "date '2020-03-15'",
					"date_trunc('minute', timestamp '2020-03-15 13:45:30')", "timestamp '2020-03-15 13:45:00'")...),
		},
		{
			Name: "date_add", Params: params(unit(), p("count", rel.Integers), p("x", rel.Moments)), Overload: unitForms,
			Eval: func(a []rel.Value) (rel.Value, error) { return addUnits(a[0].(string), a[1].(int64), a[2]) },
			Rows: []string{"F-020", "F-021", "F-022", "F-023", "F-024"},
			Help: help("A date moved by so many units; months and years stop at the last day of the month.",
				"Дата, сдвинутая на столько единиц; при сдвиге на месяцы и годы день не выходит за конец месяца."),
			Cases: append(cases("date_add('month', 1, date '2020-01-31')", "date '2020-02-29'",
				"date_add('hour', 36, timestamp '2020-01-01 00:00:00')", "timestamp '2020-01-02 12:00:00'",
				"date_add('day', null, date '2020-01-01')", "null"),
				hidden("date_add('week', -1, date '2020-01-01')", "date '2019-12-25'", "date_add('quarter', 1, date '2020-11-30')", "date '2021-02-28'",
					"date_add('year', 1, date '2020-02-29')", "date '2021-02-28'", "date_add('minute', 90, date '2020-01-01')", "timestamp '2020-01-01 01:30:00'",
					"date_add('second', -1, timestamp '2020-01-01 00:00:00')", "timestamp '2019-12-31 23:59:59'")...),
		},
		shiftBy("add_days", "day", "F-020", "A date moved by so many days.", "Дата, сдвинутая на столько дней.",
			append(cases("add_days(date '2020-02-28', 2)", "date '2020-03-01'", "add_days(date '2020-01-01', -1)", "date '2019-12-31'", "add_days(null, 1)", "null"),
				hidden("add_days(timestamp '2020-01-01 10:00:00', 1)", "timestamp '2020-01-02 10:00:00'")...)),
		shiftBy("add_months", "month", "F-022", "A date moved by so many months, at most to the last day of the month.",
			"Дата, сдвинутая на столько месяцев; день не выходит за конец месяца.",
			append(cases("add_months(date '2020-01-31', 1)", "date '2020-02-29'", "add_months(date '2020-03-31', -13)", "date '2019-02-28'", "add_months(null, 1)", "null"),
				hidden("add_months(timestamp '2020-01-31 10:00:00', 3)", "timestamp '2020-04-30 10:00:00'", "add_months(date '2020-01-15', 0)", "date '2020-01-15'")...)),
		shiftBy("add_years", "year", "F-024", "A date moved by so many years; 29 February becomes the 28th.",
			"Дата, сдвинутая на столько лет; 29 февраля становится 28-м.",
			append(cases("add_years(date '2020-02-29', 1)", "date '2021-02-28'", "add_years(date '2020-02-29', 4)", "date '2024-02-29'", "add_years(date '2020-01-01', null)", "null"),
				hidden("add_years(date '2020-05-05', -100)", "date '1920-05-05'")...)),
		{
			Name: "date_diff", Params: params(unit(), p("from", rel.Moments), p("to", rel.Moments)), Overload: momentForms,
			Eval: func(a []rel.Value) (rel.Value, error) { return unitsBetween(a[0].(string), a[1], a[2]) },
			Rows: []string{"F-034"},
			Help: help("The full units that elapsed from one moment to another; negative if the second is earlier.",
				"Число полных единиц времени от одного момента до другого; отрицательное, если второй раньше."),
			Cases: append(cases("date_diff('month', date '2020-01-31', date '2020-03-30')", "1",
				"date_diff('hour', timestamp '2020-01-01 10:00:00', timestamp '2020-01-01 12:59:59')", "2",
				"date_diff('day', null, date '2020-01-01')", "null"),
				hidden("date_diff('day', date '2020-03-01', date '2020-02-28')", "-2", "date_diff('month', date '2020-01-31', date '2020-02-29')", "1",
					"date_diff('year', date '2020-02-29', date '2021-02-28')", "1", "date_diff('quarter', date '2020-01-01', date '2020-12-31')", "3",
					"date_diff('week', date '2020-01-01', date '2020-01-14')", "1", "date_diff('month', date '2020-03-31', date '2020-02-29')", "-1",
					"date_diff('day', date '2020-01-01', timestamp '2020-01-02 23:00:00')", "1",
					"date_diff('minute', timestamp '2020-01-01 10:00:30', timestamp '2020-01-01 10:00:00')", "0",
					"date_diff('second', date '2020-01-01', date '2020-01-02')", "86400")...),
		},
		apart("days_between", "day", "Full days from one date to another.", "Число полных дней от одной даты до другой.",
			append(cases("days_between(date '2020-02-28', date '2020-03-01')", "2", "days_between(date '2020-03-01', date '2020-02-28')", "-2",
				"days_between(null, date '2020-01-01')", "null"),
				hidden("days_between(timestamp '2020-03-14 13:00:00', timestamp '2020-03-15 12:00:00')", "0")...)),
		apart("months_between", "month", "Full months from one date to another.", "Число полных месяцев от одной даты до другой.",
			cases("months_between(date '2020-01-15', date '2020-03-14')", "1", "months_between(date '2020-01-31', date '2020-02-29')", "1",
				"months_between(date '2020-01-01', null)", "null")),
		apart("years_between", "year", "Full years from one date to another: an age.", "Число полных лет от одной даты до другой: возраст.",
			cases("years_between(date '1990-06-15', date '2020-06-14')", "29", "years_between(date '2020-02-29', date '2021-02-28')", "1",
				"years_between(null, null)", "null")),
		{
			Name: "make_date", Params: params(p("year", rel.Integers), p("month", rel.Integers), p("day", rel.Integers)),
			Returns: rel.Date, Nulls: rel.NullMaybe, Eval: strict(makeDate), Rows: []string{"F-035"},
			Help: help("The date of a year, month and day; null if there is none.", "Дата из года, месяца и дня; null, если такой даты нет."),
			Cases: append(cases("make_date(2020, 2, 29)", "date '2020-02-29'", "make_date(2021, 2, 29)", "null", "make_date(2020, null, 1)", "null"),
				hidden("make_date(2020, 13, 1)", "null", "make_date(2020, 0, 1)", "null")...),
		},
		{
			Name: "last_day", Params: params(p("x", rel.Moments)), Returns: rel.Date, Eval: lastDay,
			Help: help("The last day of the month.", "Последний день месяца."),
			Cases: append(cases("last_day(date '2020-02-10')", "date '2020-02-29'", "last_day(null)", "null"),
				hidden("last_day(timestamp '2020-12-31 23:00:00')", "date '2020-12-31'")...),
		},
		{
			Name: "today", Returns: rel.Date, Nulls: rel.NullNever, Volatile: true, Rows: []string{"F-039"},
			Help:  help("The date of the run.", "Сегодняшняя дата (на момент запуска)."),
			Cases: cases("today() is null", "false", "today() > date '2020-01-01'", "true"),
		},
		{
			Name: "now", Returns: rel.Timestamp, Nulls: rel.NullNever, Volatile: true, Rows: []string{"F-038"},
			Help:  help("Date and time of the run, in the package's zone.", "Дата и время запуска в часовом поясе пакета."),
			Cases: cases("now() is null", "false", "now() >= today()", "true"),
		},
	}
}

func dateText() []*rel.Function {
	format := rel.Parameter{Name: "format", Accepts: rel.Texts, Constant: true, Check: checkFormat}
	return []*rel.Function{
		{
			Name: "parse_date", Params: params(p("text", rel.Texts), format), Returns: rel.Date, Nulls: rel.NullMaybe,
			Eval: strict(parseDate), Rows: []string{"F-027"},
			Help: help("A text read as a date: %Y year, %m month, %d day, as in '%d.%m.%Y'; null if it does not fit.",
				"Дата из текста: %Y — год, %m — месяц, %d — день, например '%d.%m.%Y'; null, если текст не подходит."),
			Cases: append(cases("parse_date('31.01.2020', '%d.%m.%Y')", "date '2020-01-31'", "parse_date('31.02.2020', '%d.%m.%Y')", "null",
				"parse_date(null, '%Y')", "null"),
				hidden("parse_date('1.2.20', '%d.%m.%y')", "date '2020-02-01'", "parse_date('none', '%d.%m.%Y')", "null",
					"parse_date('5 March 2021', '%d %B %Y')", "date '2021-03-05'", "parse_date('2020-01-31 10:30', '%Y-%m-%d %H:%M')", "date '2020-01-31'",
					"parse_date('1.2.69', '%d.%m.%y')", "date '1969-02-01'")...),
		},
		{
			Name: "parse_timestamp", Params: params(p("text", rel.Texts), format), Returns: rel.Timestamp, Nulls: rel.NullMaybe,
			Eval: strict(parseTimestamp), Rows: []string{"F-027"},
			Help: help("A text read as date and time: besides the date %H hour, %M minute, %S second; null if it does not fit.",
				"Дата и время из текста: кроме даты, %H — час, %M — минута, %S — секунда; null, если текст не подходит."),
			Cases: append(cases("parse_timestamp('31.01.2020 09:05', '%d.%m.%Y %H:%M')", "timestamp '2020-01-31 09:05:00'",
				"parse_timestamp('noon', '%H:%M')", "null", "parse_timestamp(null, '%Y')", "null"),
				hidden("parse_timestamp('2020-01-31 11:00:01 PM', '%Y-%m-%d %I:%M:%S %p')", "timestamp '2020-01-31 23:00:01'")...),
		},
		{
			Name: "format_date", Params: params(p("x", rel.Moments), format), Returns: rel.String, Eval: formatDate, Rows: []string{"F-025", "F-026"},
			Help: help("A date as text, as in '%d.%m.%Y': %Y year, %m month, %d day, %H hour, %M minute, %S second, %B month's name.",
				"Дата как текст, например '%d.%m.%Y': %Y — год, %m — месяц, %d — день, %H — час, %M — минута, %S — секунда, %B — название месяца."),
			Cases: append(cases("format_date(date '2020-01-05', '%d.%m.%Y')", "'05.01.2020'", "format_date(timestamp '2020-01-05 09:07:03', '%-d %B, %H:%M')", "'5 January, 09:07'",
				"format_date(null, '%Y')", "null"),
				hidden("format_date(date '2020-01-05', '%y %j %a %A %b 100%%')", "'20 005 Sun Sunday Jan 100%'",
					"format_date(timestamp '2020-01-05 15:07:03.5', '%I:%M:%S.%f %p')", "'03:07:03.500000 PM'",
					"format_date(timestamp '2020-01-05 15:07:03', '%-m/%-d %-H %-I %-M %-S')", "'1/5 15 3 7 3'")...),
		},
	}
}

func convert() []*rel.Function {
	return []*rel.Function{{
		Name: "to_text", Params: params(rel.Parameter{Name: "x", Spell: true}), Returns: rel.String, Rows: []string{"F-132"},
		Eval: func(a []rel.Value) (rel.Value, error) { return a[0], nil },
		Help: help("The value as text.", "Значение как текст."),
		Cases: cases("to_text(12)", "'12'", "to_text(date '2020-01-31')", "'2020-01-31'", "to_text(null)", "null",
			"to_text(cast(1.5 as decimal(10,2)))", "'1.50'", "to_text(true)", "'true'", "to_text(1234567.891)", "'1234567.891'",
			"to_text(2.0)", "'2.0'", "to_text(timestamp '2020-01-31 10:00:00.5')", "'2020-01-31 10:00:00.500'"),
	}}
}
