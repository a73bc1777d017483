package cli

import "github.com/weftworks/weft/internal/errs"

var (
	msgNoLanguage = errs.Message{
		ID: "cli.no_language",
		En: "There is no language {language}; there are en and ru.",
		Ru: "Языка {language} нет; есть en и ru.",
	}
	msgNoCommand = errs.Message{
		ID: "cli.no_command",
		En: "There is no command {command}. {suggest}",
		Ru: "Команды {command} нет. {suggest}",
	}
	msgArguments = errs.Message{
		ID: "cli.arguments",
		En: "The command is used like this: {usage}.",
		Ru: "Команда пишется так: {usage}.",
	}
	msgUnknownFlag = errs.Message{
		ID: "cli.unknown_flag",
		En: "{command} has no flag {flag}. {suggest}",
		Ru: "У команды {command} нет ключа {flag}. {suggest}",
	}
	msgFlagNeedsValue = errs.Message{
		ID: "cli.flag_needs_value",
		En: "The flag {flag} needs a value.",
		Ru: "Ключу {flag} нужно значение.",
	}
	msgFlagValue = errs.Message{
		ID: "cli.flag_value",
		En: "{flag} must be {want}; here it is {found}.",
		Ru: "{flag}: ожидается {want}; указано {found}.",
	}
	msgNoFlag = errs.Message{
		ID: "cli.no_flag",
		En: "{found} is no flag: they are written --name or --name=value.",
		Ru: "{found} — не ключ: они пишутся --имя или --имя=значение.",
	}
	msgFlag = errs.Message{
		ID: "cli.flag",
		En: "There is something wrong with the flags: {reason}.",
		Ru: "Что-то не так с ключами: {reason}.",
	}
	msgWorker = errs.Message{
		ID: "cli.worker",
		En: "Weft starts its workers by itself.",
		Ru: "Рабочие процессы Weft запускает сам.",
	}
	msgInterrupted = errs.Message{
		ID: "cli.interrupted",
		En: "Interrupted. No output was changed.",
		Ru: "Прервано. Ни один результат не изменён.",
	}
	msgBadPort = errs.Message{
		ID: "cli.bad_port",
		En: "{flag} must be a port from 0 to 65535, not {value}.",
		Ru: "{flag}: нужен порт от 0 до 65535, а не {value}.",
	}
	msgOnlyCaller = errs.Message{
		ID: "cli.only_caller",
		En: "--only is for tokens of external services: add --caller.",
		Ru: "--only бывает только у токенов внешних служб: добавьте --caller.",
	}
	msgNoRight = errs.Message{
		ID: "cli.no_right",
		En: "There is no right {right}; there are {rights}, all and none. {suggest}",
		Ru: "Права {right} нет; есть {rights}, all и none. {suggest}",
	}
	msgNoNode = errs.Message{
		ID: "cli.no_node",
		En: "The package has no node {node}. {suggest}",
		Ru: "В пакете нет узла {node}. {suggest}",
	}
	msgNoPort = errs.Message{
		ID: "cli.no_port",
		En: "The node {node} has no output {port}; it has {ports}.",
		Ru: "У узла {node} нет выхода {port}; есть {ports}.",
	}
	msgWhichNode = errs.Message{
		ID: "cli.which_node",
		En: "Several nodes give a table that nothing reads: {nodes}. Say with --node which to show.",
		Ru: "Таблицы, которые никто не читает, дают несколько узлов: {nodes}. Укажите нужный: --node.",
	}
	msgWhichOutput = errs.Message{
		ID: "cli.which_output",
		En: "Every table of the package is read by another node, so say with --node which to show. There are {nodes}.",
		Ru: "Все таблицы пакета читаются другими узлами, поэтому укажите нужный: --node. Есть {nodes}.",
	}
	msgNoTest = errs.Message{
		ID: "cli.no_test",
		En: "No package here has a test {test}. {suggest}",
		Ru: "Теста {test} здесь нет ни в одном пакете. {suggest}",
	}
	msgNothingToRun = errs.Message{
		ID: "cli.nothing_to_run",
		En: "The workflow has no nodes, so there is nothing to run.",
		Ru: "В сценарии нет узлов: запускать нечего.",
	}
	msgBadSet = errs.Message{
		ID: "cli.bad_set",
		En: "--set wants name=value, not {found}.",
		Ru: "--set ждёт имя=значение, а не {found}.",
	}
	msgNoVariable = errs.Message{
		ID: "cli.no_variable",
		En: "The package has no variable {variable}. {suggest}",
		Ru: "В пакете нет переменной {variable}. {suggest}",
	}
	msgBadFormat = errs.Message{
		ID: "cli.bad_format",
		En: "There is no format {format}; there are {formats}.",
		Ru: "Формата {format} нет; есть {formats}.",
	}
	msgParquetTerminal = errs.Message{
		ID: "cli.parquet_terminal",
		En: "Parquet is no text for a terminal. Name a file with --out, or pipe it on.",
		Ru: "Parquet — не текст для терминала. Укажите файл (--out) или направьте вывод в канал.",
	}
	msgNegativeLimit = errs.Message{
		ID: "cli.negative_limit",
		En: "--limit must not be negative.",
		Ru: "--limit не может быть отрицательным.",
	}
	msgOut = errs.Message{
		ID: "cli.out",
		En: "The result cannot be written to {path}: {reason}.",
		Ru: "Не удаётся записать результат в {path}: {reason}.",
	}
	msgNothingShown = errs.Message{
		ID: "cli.nothing_shown",
		En: "The workflow gives no table that nothing else reads, so there is nothing to write to {path}. Name a node with --node.",
		Ru: "В сценарии нет таблицы, которую никто не читает, поэтому в {path} записать нечего. Укажите узел: --node.",
	}
)

// interrupted is the error of a command that was stopped.
func interrupted() error { return errs.New(errs.Canceled, msgInterrupted, nil) }
