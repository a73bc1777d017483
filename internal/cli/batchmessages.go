package cli

import "github.com/weftworks/weft/internal/errs"

var (
	msgBatchServer = errs.Message{
		ID: "cli.batch_server",
		En: "{found} is no address of a Server: write host:port.",
		Ru: "{found} — не адрес Сервера: пишите хост:порт.",
	}
	msgBatchLimit = errs.Message{
		ID: "cli.batch_limit",
		En: "--limit is a time of at least a millisecond, such as 10m or 500ms.",
		Ru: "--limit — время не меньше миллисекунды, например 10m или 500ms.",
	}
	msgBatchToken = errs.Message{
		ID: "cli.batch_token",
		En: "There is no token: name its file by --token-file, or put it into the variable {variable}.",
		Ru: "Нет токена: укажите его файл через --token-file или поместите его в переменную {variable}.",
	}
	msgBatchTokenFile = errs.Message{
		ID: "cli.batch_token_file",
		En: "The token file {file} cannot be read.",
		Ru: "Файл токена {file} не читается.",
	}
	msgBatchTLS = errs.Message{
		ID: "cli.batch_tls",
		En: "--ca-file, --cert-file and --key-file go with --tls.",
		Ru: "--ca-file, --cert-file и --key-file используются вместе с --tls.",
	}
	msgBatchUnknown = errs.Message{
		ID: "cli.batch_unknown",
		En: "The run {run} failed, and the Server does not say why.",
		Ru: "Запуск {run} не удался, и Сервер не сообщает почему.",
	}
)
