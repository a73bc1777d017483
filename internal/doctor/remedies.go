package doctor

import "github.com/weftworks/weft/internal/errs"

// What to do about it.
var (
	remedyURL = errs.Message{
		ID: "doctor.remedy_url",
		En: "Give the address that the browser shows, such as http://weft.example/app/.",
		Ru: "Укажите адрес, который показывает браузер, например http://weft.example/app/.",
	}
	remedyHost = errs.Message{
		ID: "doctor.remedy_host",
		En: "Correct the name, or have it entered in the DNS or in this machine's hosts file.",
		Ru: "Исправьте имя либо внесите его в DNS или в файл hosts этой машины.",
	}
	remedyFirewall = errs.Message{
		ID: "doctor.remedy_firewall",
		En: "A firewall or the network stands between: open {address} for browsers.",
		Ru: "Мешает межсетевой экран или сеть: откройте {address} для браузеров.",
	}
	remedyStartWeb = errs.Message{
		ID: "doctor.remedy_start_web",
		En: "Start the web server, or open the page at the port that it listens on.",
		Ru: "Запустите веб-сервер или откройте страницу на порту, где он ждёт соединений.",
	}
	remedyCertificate = errs.Message{
		ID: "doctor.remedy_certificate",
		En: "Use a certificate for this host name by an authority that browsers believe, with its whole chain; or have your own authority's certificate installed where the browsers run.",
		Ru: "Используйте сертификат для этого имени от удостоверяющего центра, которому доверяют браузеры, со всей цепочкой; или установите сертификат своего центра там, где работают браузеры.",
	}
	remedyPlainPage = errs.Message{
		ID: "doctor.remedy_plain_page",
		En: "Open the page with http:// instead of https://.",
		Ru: "Откройте страницу по http:// вместо https://.",
	}
	remedyPageCertificate = errs.Message{
		ID: "doctor.remedy_page_certificate",
		En: "Give the web server a certificate, and the port that you mean.",
		Ru: "Дайте веб-серверу сертификат и нужный порт.",
	}
	remedyEncryptedPage = errs.Message{
		ID: "doctor.remedy_encrypted_page",
		En: "Open {url} instead.",
		Ru: "Откройте вместо этого {url}.",
	}
	remedyOtherProgram = errs.Message{
		ID: "doctor.remedy_other_program",
		En: "If this is the wrong port, see where the web server listens.",
		Ru: "Если порт не тот, посмотрите, где ждёт соединений веб-сервер.",
	}
	remedyNoStudio = errs.Message{
		ID: "doctor.remedy_no_studio",
		En: "Correct the path; weft web has Studio at /app/. On another web server put there what weft studio export writes.",
		Ru: "Исправьте путь; у weft web Studio находится в /app/. На другом веб-сервере поместите туда то, что пишет weft studio export.",
	}
	remedyBuild = errs.Message{
		ID: "doctor.remedy_build",
		En: "Build it with Node.js (make build), or take a released binary.",
		Ru: "Соберите её с Node.js (make build) или возьмите готовый выпуск.",
	}
	remedyServerJSON = errs.Message{
		ID: "doctor.remedy_server_json",
		En: "weft web makes the file by itself. On another web server it must lie beside index.html, as weft studio export writes it, readable to the web server.",
		Ru: "weft web составляет файл сам. На другом веб-сервере он должен лежать рядом с index.html, как его пишет weft studio export, и быть доступен веб-серверу для чтения.",
	}
	remedyMend = errs.Message{
		ID: "doctor.remedy_mend",
		En: "Mend the file, or remove it from studio.server_json: weft web makes one by itself.",
		Ru: "Исправьте файл или уберите его из studio.server_json: weft web составит его сам.",
	}
	remedyProxy = errs.Message{
		ID: "doctor.remedy_proxy",
		En: "Have the web server pass the websocket on, so that the page's own encryption covers it.",
		Ru: "Пусть веб-сервер передаёт вебсокет дальше: тогда его закрывает шифрование самой страницы.",
	}
	remedyServerCertificate = errs.Message{
		ID: "doctor.remedy_server_certificate",
		En: "Or give the Server a certificate.",
		Ru: "Или дайте Серверу сертификат.",
	}
	remedyServerTLS = errs.Message{
		ID: "doctor.remedy_server_tls",
		En: "The Server is encrypted: say so.",
		Ru: "Сервер зашифрован: укажите это.",
	}
	remedySecure = errs.Message{
		ID: "doctor.remedy_secure",
		En: "In a server.json of your own, set it to true.",
		Ru: "В собственном server.json установите true.",
	}
	remedyServerNoTLS = errs.Message{
		ID: "doctor.remedy_server_no_tls",
		En: "Or, if the Server is to stay without encryption, say so here.",
		Ru: "Или, если Сервер остаётся без шифрования, укажите это здесь.",
	}
	remedyTrustedProxy = errs.Message{
		ID: "doctor.remedy_trusted_proxy",
		En: "If another web server stands before weft web, name its address here and have it send X-Forwarded-Host and X-Forwarded-Proto.",
		Ru: "Если перед weft web стоит другой веб-сервер, укажите здесь его адрес, и пусть он посылает X-Forwarded-Host и X-Forwarded-Proto.",
	}
	remedyPolicy = errs.Message{
		ID: "doctor.remedy_policy",
		En: "Otherwise, where the policy comes from, add {source} to connect-src.",
		Ru: "Иначе там, откуда берётся политика, добавьте {source} в connect-src.",
	}
	remedyStartServer = errs.Message{
		ID: "doctor.remedy_start_server",
		En: "Start the Server, and see that it listens there, also for other hosts.",
		Ru: "Запустите Сервер и проверьте, что он ждёт соединений там, в том числе с других узлов.",
	}
	remedyServerPlace = errs.Message{
		ID: "doctor.remedy_server_place",
		En: "If the Server is elsewhere, correct its place (in a server.json of your own: host, wsport, wssport).",
		Ru: "Если Сервер в другом месте, исправьте его адрес (в собственном server.json: host, wsport, wssport).",
	}
	remedyTakenPort = errs.Message{
		ID: "doctor.remedy_taken_port",
		En: "If another program has taken the Server's port, give the Server another.",
		Ru: "Если порт Сервера занят другой программой, дайте Серверу другой.",
	}
	remedyProxyOn = errs.Message{
		ID: "doctor.remedy_proxy_on",
		En: "Switch the proxy on; on another web server have the path passed on to the Server.",
		Ru: "Включите прокси; на другом веб-сервере настройте передачу этого пути Серверу.",
	}
	remedyNoProxy = errs.Message{
		ID: "doctor.remedy_no_proxy",
		En: "Or, in a server.json of your own, let browsers go straight to the Server: false.",
		Ru: "Или в собственном server.json отправьте браузеры прямо к Серверу: false.",
	}
	remedyOrigin = errs.Message{
		ID: "doctor.remedy_origin",
		En: "Add the page's origin to the list, or its host to the Server's names.",
		Ru: "Добавьте источник страницы в список или её хост в имена Сервера.",
	}
	remedyServerTrust = errs.Message{
		ID: "doctor.remedy_server_trust",
		En: "The Server believes what a proxy says about the page only from addresses named here: name the web server's.",
		Ru: "Сведениям прокси о странице Сервер верит только с указанных здесь адресов: укажите адрес веб-сервера.",
	}
	remedyNames = errs.Message{
		ID: "doctor.remedy_names",
		En: "Add this name to the Server's.",
		Ru: "Добавьте это имя к именам Сервера.",
	}
	remedyAgain = errs.Message{
		ID: "doctor.remedy_again",
		En: "Try again in a moment.",
		Ru: "Повторите чуть позже.",
	}
	remedyVersion = errs.Message{
		ID: "doctor.remedy_version",
		En: "Install the same version of Weft on both hosts.",
		Ru: "Установите на оба узла одну и ту же версию Weft.",
	}
)
