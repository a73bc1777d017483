package duckdb

import "github.com/weftworks/weft/internal/errs"

var (
	msgCanceled = errs.Message{
		ID: "duckdb.canceled",
		En: "Canceled.",
		Ru: "Отменено.",
	}
	msgOneStatement = errs.Message{
		ID: "duckdb.one_statement",
		En: "One statement is needed here, but there are {count}.",
		Ru: "Здесь нужен один оператор, а их {count}.",
	}
	msgNoStatement = errs.Message{
		ID: "duckdb.no_statement",
		En: "The SQL text is empty.",
		Ru: "Текст SQL пуст.",
	}
	msgStatementType = errs.Message{
		ID: "duckdb.statement_type",
		En: "This kind of statement is not allowed here: a query begins with SELECT, VALUES or WITH.",
		Ru: "Такой оператор здесь не разрешён: запрос начинается с SELECT, VALUES или WITH.",
	}
	msgConversion = errs.Message{
		ID: "duckdb.conversion",
		En: "A value could not be converted: {detail}",
		Ru: "Значение не удалось преобразовать: {detail}",
	}
	msgRange = errs.Message{
		ID: "duckdb.range",
		En: "A number is too large or too small: {detail}",
		Ru: "Число слишком велико или слишком мало: {detail}",
	}
	msgValue = errs.Message{
		ID: "duckdb.value",
		En: "A value does not fit: {detail}",
		Ru: "Недопустимое значение: {detail}",
	}
	msgMemory = errs.Message{
		ID: "duckdb.memory",
		En: "The work needs more memory than its limit of {limit} allows. Use less data at a time, or raise the limit.",
		Ru: "Для работы нужно больше памяти, чем разрешает предел {limit}. Обрабатывайте меньше данных за раз или увеличьте предел.",
	}
	msgSpill = errs.Message{
		ID: "duckdb.spill",
		En: "The work needs more temporary disk space than its limit allows. Use less data at a time, or free disk space.",
		Ru: "Для работы нужно больше временного места на диске, чем разрешено. Обрабатывайте меньше данных за раз или освободите место на диске.",
	}
	msgDiskFull = errs.Message{
		ID: "duckdb.disk_full",
		En: "There is no space left on the disk.",
		Ru: "На диске не осталось места.",
	}
	msgNoFile = errs.Message{
		ID: "duckdb.no_file",
		En: "A file was not found: {detail}",
		Ru: "Файл не найден: {detail}",
	}
	msgFile = errs.Message{
		ID: "duckdb.file",
		En: "A file cannot be read: {detail}",
		Ru: "Файл не удаётся прочитать: {detail}",
	}
	msgFileIO = errs.Message{
		ID: "duckdb.file_io",
		En: "Reading or writing a file went wrong: {detail}",
		Ru: "Ошибка чтения или записи файла: {detail}",
	}
	msgDenied = errs.Message{
		ID: "duckdb.denied",
		En: "This is not allowed: {detail}",
		Ru: "Это не разрешено: {detail}",
	}
	msgQuery = errs.Message{
		ID: "duckdb.query",
		En: "The query is wrong: {detail}",
		Ru: "Ошибка в запросе: {detail}",
	}
	msgFailed = errs.Message{
		ID: "duckdb.failed",
		En: "The engine could not do the work: {detail}",
		Ru: "Движок не смог выполнить работу: {detail}",
	}
	msgInternal = errs.Message{
		ID: "duckdb.internal",
		En: "Something went wrong inside the engine. The log says more.",
		Ru: "Внутренняя ошибка движка. Подробности в журнале.",
	}
)
