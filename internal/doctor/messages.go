package doctor

import "github.com/weftworks/weft/internal/errs"

// What is found on the way.
var (
	msgBadURL = errs.Message{
		ID: "doctor.bad_url",
		En: "{url} is not the http or https address of a page.",
		Ru: "{url} — не адрес страницы http или https.",
	}
	msgHost = errs.Message{
		ID: "doctor.host",
		En: "{host} is {addresses}.",
		Ru: "{host} — это {addresses}.",
	}
	msgNoHost = errs.Message{
		ID: "doctor.no_host",
		En: "The name {host} is unknown to this machine.",
		Ru: "Имя {host} этой машине неизвестно.",
	}
	msgConnected = errs.Message{
		ID: "doctor.connected",
		En: "{address} takes connections.",
		Ru: "{address} принимает соединения.",
	}
	msgRefused = errs.Message{
		ID: "doctor.refused",
		En: "Nothing listens on {address}.",
		Ru: "На {address} никто не ждёт соединений.",
	}
	msgNoConnection = errs.Message{
		ID: "doctor.no_connection",
		En: "There is no connection to {address}: {reason}.",
		Ru: "Нет соединения с {address}: {reason}.",
	}
	msgEncrypted = errs.Message{
		ID: "doctor.encrypted",
		En: "{address} has a certificate that this machine believes.",
		Ru: "У {address} есть сертификат, которому эта машина доверяет.",
	}
	msgNotEncrypted = errs.Message{
		ID: "doctor.not_encrypted",
		En: "What listens on {address} does not speak TLS.",
		Ru: "То, что ждёт соединений на {address}, не говорит по TLS.",
	}
	msgUntrusted = errs.Message{
		ID: "doctor.untrusted",
		En: "The certificate of {address} is signed by “{issuer}”, whom this machine does not believe.",
		Ru: "Сертификат {address} подписан «{issuer}», кому эта машина не доверяет.",
	}
	msgOtherName = errs.Message{
		ID: "doctor.other_name",
		En: "The certificate of {address} is for {names}, not for {host}.",
		Ru: "Сертификат {address} выдан для {names}, а не для {host}.",
	}
	msgExpired = errs.Message{
		ID: "doctor.expired",
		En: "The certificate of {address} is valid from {from} until {until}, and so not now.",
		Ru: "Сертификат {address} действителен с {from} по {until}, то есть не сейчас.",
	}
	msgBadCertificate = errs.Message{
		ID: "doctor.bad_certificate",
		En: "The certificate of {address} is not believed: {reason}.",
		Ru: "Сертификату {address} нет доверия: {reason}.",
	}
	msgRedirected = errs.Message{
		ID: "doctor.redirected",
		En: "{from} sends the browser on to {to}.",
		Ru: "{from} отправляет браузер на {to}.",
	}
	msgRedirects = errs.Message{
		ID: "doctor.redirects",
		En: "The pages send the browser on and on, the last time from {url}.",
		Ru: "Страницы перенаправляют браузер без конца, последний раз с {url}.",
	}
	msgPageEncrypted = errs.Message{
		ID: "doctor.page_encrypted",
		En: "{url} is asked without encryption, but its port is encrypted.",
		Ru: "{url} запрошен без шифрования, а порт зашифрован.",
	}
	msgNoHTTP = errs.Message{
		ID: "doctor.no_http",
		En: "What listens on {address} speaks no HTTP: {reason}.",
		Ru: "То, что ждёт соединений на {address}, не говорит по HTTP: {reason}.",
	}
	msgNoStudio = errs.Message{
		ID: "doctor.no_studio",
		En: "There is no Studio at {url}: the answer is {status}.",
		Ru: "По адресу {url} нет Studio: ответ {status}.",
	}
	msgOtherPage = errs.Message{
		ID: "doctor.other_page",
		En: "There is a page at {url}, but it is not Studio.",
		Ru: "По адресу {url} есть страница, но это не Studio.",
	}
	msgNotInBuild = errs.Message{
		ID: "doctor.not_in_build",
		En: "The web server is there, but its weft was built without Studio.",
		Ru: "Веб-сервер есть, но его программа weft собрана без Studio.",
	}
	msgStudio = errs.Message{
		ID: "doctor.studio",
		En: "Studio is at {url}.",
		Ru: "Studio находится по адресу {url}.",
	}
	msgNoServerJSON = errs.Message{
		ID: "doctor.no_server_json",
		En: "There is no {url}: the answer is {status}.",
		Ru: "Файла {url} нет: ответ {status}.",
	}
	msgPageForFile = errs.Message{
		ID: "doctor.page_for_file",
		En: "{url} is answered with a page instead of a file.",
		Ru: "Вместо файла {url} приходит страница.",
	}
	msgServerJSON = errs.Message{
		ID: "doctor.server_json",
		En: "It holds {text}.",
		Ru: "В нём {text}.",
	}
	msgAddress = errs.Message{
		ID: "doctor.address",
		En: "Studio opens {url}.",
		Ru: "Studio открывает {url}.",
	}
	msgPolicy = errs.Message{
		ID: "doctor.policy",
		En: "The page's content security policy lets it connect to {policy}, not to {url}.",
		Ru: "Политика безопасности содержимого разрешает странице соединения с {policy}, но не с {url}.",
	}
	msgServerEncrypted = errs.Message{
		ID: "doctor.server_encrypted",
		En: "The websocket is to be opened without encryption, but {address} is encrypted.",
		Ru: "Вебсокет должен открываться без шифрования, а {address} зашифрован.",
	}
	msgOtherWebsocket = errs.Message{
		ID: "doctor.other_websocket",
		En: "{url} takes websockets, but is not a Weft Server.",
		Ru: "{url} принимает вебсокеты, но это не Сервер Weft.",
	}
	msgWebsocket = errs.Message{
		ID: "doctor.websocket",
		En: "A page of {origin} may open the websocket.",
		Ru: "Странице с {origin} разрешено открывать вебсокет.",
	}
	msgOrigin = errs.Message{
		ID: "doctor.origin",
		En: "The Server refuses websockets of pages from {origin} (403).",
		Ru: "Сервер не принимает вебсокеты со страниц {origin} (403).",
	}
	msgHostUnknown = errs.Message{
		ID: "doctor.host_unknown",
		En: "The Server does not know itself by the name {host} (421).",
		Ru: "Сервер не знает себя под именем {host} (421).",
	}
	msgStopping = errs.Message{
		ID: "doctor.stopping",
		En: "It is about to stop (503).",
		Ru: "Идёт остановка (503).",
	}
	msgNoUpgrade = errs.Message{
		ID: "doctor.no_upgrade",
		En: "What listens at {url} is not a Weft Server: the answer is {status}.",
		Ru: "По адресу {url} отвечает не Сервер Weft: ответ {status}.",
	}
	msgProxyOff = errs.Message{
		ID: "doctor.proxy_off",
		En: "The web server's proxy is off: it does not pass {url} on (404).",
		Ru: "Прокси веб-сервера отключён: {url} не передаётся дальше (404).",
	}
	msgNotPassed = errs.Message{
		ID: "doctor.not_passed",
		En: "The web server does not pass {url} on: it knows no such path (404).",
		Ru: "Веб-сервер не передаёт {url} дальше: такого пути он не знает (404).",
	}
	msgServerOdd = errs.Message{
		ID: "doctor.server_odd",
		En: "The web server's proxy reaches something that is not a Weft Server (502).",
		Ru: "Прокси веб-сервера попадает не на Сервер Weft (502).",
	}
	msgServerDown = errs.Message{
		ID: "doctor.server_down",
		En: "The web server's proxy can't reach the Server (502).",
		Ru: "Прокси веб-сервера не может связаться с Сервером (502).",
	}
	msgNoAnswer = errs.Message{
		ID: "doctor.no_answer",
		En: "The websocket opens, but what answers is not a Weft Server: {reason}.",
		Ru: "Вебсокет открывается, но отвечает не Сервер Weft: {reason}.",
	}
	msgVersion = errs.Message{
		ID: "doctor.version",
		En: "Studio and the Server are of versions that don't fit: {reason}",
		Ru: "Версии Studio и Сервера не подходят друг к другу: {reason}",
	}
	msgAnswered = errs.Message{
		ID: "doctor.answered",
		En: "The Server answers after {time} and asks to sign in.",
		Ru: "Сервер отвечает через {time} и просит войти.",
	}
)
