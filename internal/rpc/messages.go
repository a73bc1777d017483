package rpc

import "github.com/weftworks/weft/internal/errs"

var (
	msgSignIn = errs.Message{
		ID: "rpc.sign_in",
		En: "You are not signed in. Sign in and try again.",
		Ru: "Вы не вошли в систему. Войдите и повторите.",
	}
	msgNotAllowed = errs.Message{
		ID: "rpc.not_allowed",
		En: "Your account may not do this. Ask an administrator.",
		Ru: "У вашей учётной записи нет на это прав. Обратитесь к администратору.",
	}
	msgChangePassword = errs.Message{
		ID: "rpc.change_password",
		En: "Change your first password before anything else.",
		Ru: "Сначала смените первый пароль.",
	}
	msgTooMany = errs.Message{
		ID: "rpc.too_many",
		En: "Too many requests at once. Wait a moment and try again.",
		Ru: "Слишком много запросов сразу. Подождите немного и повторите.",
	}
	msgTooLarge = errs.Message{
		ID: "rpc.too_large",
		En: "The message has {bytes} bytes, and {limit} is the limit.",
		Ru: "В сообщении {bytes} байт при пределе {limit}.",
	}
	msgStopping = errs.Message{
		ID: "rpc.stopping",
		En: "The server is stopping. Try again in a moment.",
		Ru: "Сервер останавливается. Повторите чуть позже.",
	}
	msgTimeout = errs.Message{
		ID: "rpc.timeout",
		En: "The time limit is over.",
		Ru: "Время, отведённое на запрос, вышло.",
	}
	msgCanceled = errs.Message{
		ID: "rpc.canceled",
		En: "The request was cancelled.",
		Ru: "Запрос отменён.",
	}
	msgProtocol = errs.Message{
		ID: "rpc.protocol",
		En: "This client speaks version {found} of the protocol, the server version {want}. Reload the page or update the program.",
		Ru: "Клиент использует версию протокола {found}, а сервер — {want}. Обновите страницу или программу.",
	}
	msgBadMessage = errs.Message{
		ID: "rpc.bad_message",
		En: "The request can't be read.",
		Ru: "Запрос не удаётся прочитать.",
	}
	msgUnknownMethod = errs.Message{
		ID: "rpc.unknown_method",
		En: "The server has no method {method}. Client and server may be of different versions.",
		Ru: "У сервера нет метода {method}. Возможно, версии клиента и сервера не совпадают.",
	}
)
