package publish

import "github.com/weftworks/weft/internal/errs"

var (
	errNoService = errs.Message{
		ID: "publish.no_service",
		En: "There is no service {service}.",
		Ru: "Сервиса {service} нет.",
	}
	errNoOperation = errs.Message{
		ID: "publish.no_operation",
		En: "The service {service} has no operation {operation}.",
		Ru: "У сервиса {service} нет операции {operation}.",
	}
	errTaken = errs.Message{
		ID: "publish.service_taken",
		En: "The service {service} is published by {other} already. Give one of them another name.",
		Ru: "Сервис {service} уже опубликован пакетом {other}. Дайте одному из них другое имя.",
	}
	errNoInputNode = errs.Message{
		ID: "publish.no_input_node",
		En: "The operation {operation} takes its table in place of the node {node}, which is not in the workflow. {suggest}",
		Ru: "Операция {operation} принимает таблицу вместо узла {node}, которого нет в сценарии. {suggest}",
	}
	errNoInputTable = errs.Message{
		ID: "publish.no_input_table",
		En: "The columns of {node} are not known, so the operation {operation} cannot say what it takes.",
		Ru: "Столбцы узла {node} неизвестны, и операция {operation} не может сказать, что она принимает.",
	}
	errNoOutputNode = errs.Message{
		ID: "publish.no_output_node",
		En: "The operation {operation} answers with {node}, which gives no table. {suggest}",
		Ru: "Операция {operation} отвечает таблицей узла {node}, но он не даёт таблицы. {suggest}",
	}
	errNoVariable = errs.Message{
		ID: "publish.no_variable",
		En: "The package has no variable {variable}. {suggest}",
		Ru: "В пакете нет переменной {variable}. {suggest}",
	}
	errSourceVariable = errs.Message{
		ID: "publish.source_variable",
		En: "The variable {variable} decides which file {node} reads or how, and callers may not choose that.",
		Ru: "Переменная {variable} определяет, какой файл и как читает узел {node}, а вызывающим выбирать это нельзя.",
	}
	errShape = errs.Message{
		ID: "publish.shape",
		En: "With {variables} the answer would have other columns than are declared.",
		Ru: "При {variables} у ответа были бы не те столбцы, что объявлены.",
	}
	errGivenVariable = errs.Message{
		ID: "publish.unknown_variable",
		En: "The operation {operation} takes no variable {variable}. {suggest}",
		Ru: "Операция {operation} не принимает переменную {variable}. {suggest}",
	}
	errMissingVariable = errs.Message{
		ID: "publish.missing_variable",
		En: "The variable {variable} must be given.",
		Ru: "Нужно задать переменную {variable}.",
	}
	errNoTable = errs.Message{
		ID: "publish.no_table",
		En: "The operation {operation} takes a table, and none is given.",
		Ru: "Операция {operation} принимает таблицу, а её нет.",
	}
	errTable = errs.Message{
		ID: "publish.unwanted_table",
		En: "The operation {operation} takes no table.",
		Ru: "Операция {operation} не принимает таблицу.",
	}
	errColumn = errs.Message{
		ID: "publish.unknown_column",
		En: "The operation {operation} takes no column {column}. {suggest}",
		Ru: "Операция {operation} не принимает столбец {column}. {suggest}",
	}
	errMissingColumn = errs.Message{
		ID: "publish.missing_column",
		En: "The column {column} is missing.",
		Ru: "Нет столбца {column}.",
	}
	errColumnType = errs.Message{
		ID: "publish.column_type",
		En: "The column {column} must be {want}, not {found}.",
		Ru: "Столбец {column} должен иметь тип {want}, а не {found}.",
	}
	errCellRange = errs.Message{
		ID: "publish.cell_range",
		En: "The value {found} in the column {column} is out of range.",
		Ru: "Значение {found} в столбце {column} вне допустимого диапазона.",
	}
	errNull = errs.Message{
		ID: "publish.null",
		En: "The column {column} takes no nulls.",
		Ru: "В столбце {column} пустых значений не бывает.",
	}
	errRows = errs.Message{
		ID: "publish.too_many_rows",
		En: "The answer has more than {limit} rows, which is the limit of a call.",
		Ru: "В ответе больше {limit} строк, а это предел для одного вызова.",
	}
	errBusy = errs.Message{
		ID: "publish.busy",
		En: "The service has too many calls waiting. Try again in a moment.",
		Ru: "У сервиса слишком много ожидающих вызовов. Повторите чуть позже.",
	}
	errTime = errs.Message{
		ID: "publish.timeout",
		En: "The call took longer than {limit}.",
		Ru: "Вызов занял больше {limit}.",
	}
	errGone = errs.Message{
		ID: "publish.gone",
		En: "The service is being published anew. Try again.",
		Ru: "Сервис публикуется заново. Повторите вызов.",
	}
	errUnreadable = errs.Message{
		ID: "publish.package_unreadable",
		En: "The package cannot be read.",
		Ru: "Не удаётся прочитать пакет.",
	}
)
