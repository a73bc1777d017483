package app

import (
	"log/slog"
	"time"

	"github.com/weftworks/weft/internal/auth"
	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/port"
)

// ServerConfig is all that a Server needs. The keys of its configuration file
// are those that Bind names; the rest is given by the program.
type ServerConfig struct {
	WS       string // address of the websocket; with a certificate opened only with PlainToo
	WSS      string // address of the encrypted websocket; opened only with a certificate
	PlainToo bool   // open WS beside WSS
	TCP      string // address of gRPC; empty: not opened

	CertFile, KeyFile string // PEM; empty: no encryption

	TCPTLS       bool   // gRPC is encrypted, by the same certificate
	TCPPlain     bool   // gRPC without encryption may be reached from elsewhere
	ClientCAFile string // PEM; those who call by gRPC need a certificate of these

	Origins  []string // of pages that may connect, beside the Server's own names
	Names    []string // host names of the Server, beside those that it knows itself
	Proxies  []string // addresses or networks whose X-Forwarded-… is believed
	NoOrigin bool     // websockets of programs that send no Origin

	Data string // folder of all that the Server keeps; empty: DataFolder

	Idle, Absolute time.Duration // a session ends when it is not used for so long, and in any case
	PrintFirst     bool          // print the first passwords

	WorkspaceMiB, WorkspaceFiles int // that a top folder may hold

	Runs                     int           // at the same time; 0: as many as half of the cores
	RunTime                  time.Duration // of a run, at most
	ResultsMiB, ResultDays   int           // how much is kept of runs, and how long
	CallTime                 time.Duration // of a call of a published service, at most
	ServiceWorkers           int           // of one published package; 0: as many as cores
	Workers                  int           // documents of people that have workers for previews
	WorkerMiB, WorkerThreads int           // of one worker; 0: a share of the machine

	Logs LogConfig

	Grace time.Duration // how long calls may go on at shutdown

	Version string       // of the program
	Worker  []string     // the command of a worker process
	Log     *slog.Logger // nil: nothing is logged
	// OnTicket, which may be nil, hears when somebody has signed in by a
	// one-time token.
	OnTicket func()

	dataFlag string    // what names Data; empty: its key
	cost     auth.Cost // of hashing passwords; zero: the usual one
	space    space     // of the disk; nil: diskSpace
}

// DefaultServer is the configuration when nothing is configured.
func DefaultServer() ServerConfig {
	var c ServerConfig
	config.Fields(&c)
	return c
}

// Bind names the keys of the configuration file.
func (c *ServerConfig) Bind(b *config.Binder) {
	b.Section("listen", words("Where the Server listens: address:port, or :port for every address of the host.",
		"Где Сервер ждёт соединений: адрес:порт или :порт для всех адресов узла."), c.bindListen)
	b.Section("tls", words("The Server's certificate. Both files are read again when they change, and on SIGHUP.",
		"Сертификат Сервера. Оба файла перечитываются при изменении и по SIGHUP."), func(b *config.Binder) {
		config.Text(b, &c.CertFile, "cert_file", "", words("File with the certificate and its chain, PEM. Empty: no encryption.",
			"Файл сертификата с цепочкой, PEM. Пусто: без шифрования."))
		config.Text(b, &c.KeyFile, "key_file", "", words("File with the private key, PEM.", "Файл закрытого ключа, PEM."))
	})
	b.Section("tcp", words("The port of the Integrator and the batch launcher (listen.tcp).",
		"Порт Интегратора и пакетного запуска (listen.tcp)."), c.bindTCP)
	b.Section("websocket", words("From which pages Studio's websocket is taken.", "С каких страниц принимается вебсокет Studio."), c.bindWebsocket)
	b.Section("data", words("Where the Server keeps what it has.", "Где Сервер хранит свои данные."), func(b *config.Binder) {
		config.Text(b, &c.Data, "folder", "", words("Folder of store, workspace, journals and results, on a disk of this host. Empty: the user's standard place.",
			"Каталог хранилища, рабочих папок, журналов и результатов на диске этого узла. Пусто: обычное место пользователя."))
	})
	b.Section("accounts", words("People and programs.", "Люди и программы."), c.bindAccounts)
	b.Section("limits", words("How much the Server may take.", "Сколько может занимать Сервер."), c.bindLimits)
	c.Logs.Bind(b)
	b.Section("shutdown", words("How the Server ends on SIGTERM.", "Как Сервер завершается по SIGTERM."), func(b *config.Binder) {
		config.Duration(b, &c.Grace, "grace", 20*time.Second, 0, words("How long calls and runs that are under way may go on.",
			"Сколько ещё могут выполняться начатые вызовы и запуски."))
	})
}

func (c *ServerConfig) bindListen(b *config.Binder) {
	config.Text(b, &c.WS, "ws", ":8080", words("Websocket of Studio, path /ws. With a certificate it is not opened, but for plain_too.",
		"Вебсокет Studio, путь /ws. При наличии сертификата открывается только с plain_too."), config.Check(port.Address))
	config.Text(b, &c.WSS, "wss", ":8443", words("Encrypted websocket of Studio, path /ws; opened only with a certificate.",
		"Шифрованный вебсокет Studio, путь /ws; открывается только при наличии сертификата."), config.Check(port.Address))
	config.Bool(b, &c.PlainToo, "plain_too", false, words("With a certificate, open the unencrypted websocket as well.",
		"При наличии сертификата открыть и нешифрованный вебсокет."))
	config.Text(b, &c.TCP, "tcp", "127.0.0.1:4580", words("gRPC for the Integrator and the batch launcher. Beyond this host only with tcp.tls or tcp.allow_plain. Empty: not opened.",
		"gRPC для Интегратора и пакетного запуска. За пределами узла только с tcp.tls или tcp.allow_plain. Пусто: не открывать."), config.Check(port.Address))
}

func (c *ServerConfig) bindTCP(b *config.Binder) {
	config.Bool(b, &c.TCPTLS, "tls", false, words("Encrypt it, by the certificate of tls.", "Шифровать, с сертификатом из раздела tls."))
	config.Bool(b, &c.TCPPlain, "allow_plain", false, words("Let other hosts reach it without encryption, tokens and data readable on the way. Each start warns of it.",
		"Допускать другие узлы без шифрования: токены и данные видны в сети. О том предупреждает каждый запуск."))
	config.Text(b, &c.ClientCAFile, "client_ca_file", "", words("Callers also need a certificate of one of these authorities, PEM. Only with tcp.tls.",
		"От вызывающих нужен и сертификат одного из этих центров, PEM. Только с tcp.tls."))
}

func (c *ServerConfig) bindWebsocket(b *config.Binder) {
	config.Texts(b, &c.Origins, "origins", nil, words("Origins of further pages: scheme://host:port, exactly. Pages of the Server's own names may connect anyway.",
		"Источники других страниц: схема://хост:порт, точно. Страницы с собственных имён Сервера допускаются и так."), config.Check(origins))
	config.Texts(b, &c.Names, "host_names", nil, words("Names of the Server beside loopback, its addresses, its host name and its certificate's names.",
		"Имена Сервера кроме локальных, его адресов, имени узла и имён из сертификата."), config.Check(hostNames))
	config.Texts(b, &c.Proxies, "trusted_proxies", nil, words("Addresses or networks of web servers before this one, whose X-Forwarded headers are believed.",
		"Адреса или сети веб-серверов перед этим, чьим заголовкам X-Forwarded можно верить."), config.Check(port.Networks))
	config.Bool(b, &c.NoOrigin, "allow_no_origin", false, words("Take websockets of programs, which send no Origin.",
		"Принимать вебсокеты программ, которые не указывают Origin."))
}

func (c *ServerConfig) bindAccounts(b *config.Binder) {
	config.Duration(b, &c.Idle, "session_idle", 8*time.Hour, time.Minute, words("A session ends when it is not used for so long.",
		"Сеанс завершается, если им столько времени не пользуются."))
	config.Duration(b, &c.Absolute, "session_absolute", 7*24*time.Hour, time.Minute, words("A session ends so long after sign-in.",
		"Сеанс завершается через столько времени после входа."))
	config.Bool(b, &c.PrintFirst, "print_first", true, words("Print the first passwords at the first start. They stand in first-passwords.txt of the data folder in any case.",
		"Вывести первые пароли при первом запуске. В любом случае они записываются в first-passwords.txt каталога данных."))
}

func (c *ServerConfig) bindLimits(b *config.Binder) {
	config.Int(b, &c.WorkspaceMiB, "workspace_mib", 50<<10, 0, 1<<40, words("MiB of files in one workspace (a top folder); 0: no limit.", "МиБ файлов в одной рабочей папке верхнего уровня; 0: без предела."))
	config.Int(b, &c.WorkspaceFiles, "workspace_files", 100_000, 0, 1<<40, words("Files and folders in one workspace; 0: no limit.", "Файлов и папок в одной рабочей папке; 0: без предела."))
	config.Int(b, &c.Runs, "runs", 0, 0, 1000, words("Runs at the same time; others wait. 0: half as many as cores, at least 2.", "Одновременных запусков, остальные ждут. 0: вдвое меньше, чем ядер, но не меньше 2."))
	config.Duration(b, &c.RunTime, "run_time", time.Hour, time.Second, words("A run ends after so long at the latest.", "Запуск завершается самое позднее через столько времени."))
	config.Int(b, &c.ResultsMiB, "results_mib", 50<<10, 1, 1<<40, words("MiB of results of runs; the oldest go.", "МиБ результатов запусков; старейшие удаляются."))
	config.Int(b, &c.ResultDays, "result_days", 30, 1, 36500, words("Days for which runs and their results are kept.", "Сколько дней хранятся запуски и их результаты."))
	config.Int(b, &c.Workers, "preview_workers", 50, 1, 10_000, words("Documents of people that have workers for previews at the same time.", "Сколько документов людей одновременно имеют рабочие процессы просмотра."))
	config.Duration(b, &c.CallTime, "call_time", 30*time.Second, time.Millisecond, words("A call of a published service ends after so long at the latest.", "Вызов опубликованной службы завершается самое позднее через столько времени."))
	config.Int(b, &c.ServiceWorkers, "service_workers", 0, 0, 1<<16, words("Workers of one published package. 0: as many as cores.", "Рабочих процессов одного опубликованного пакета. 0: по числу ядер."))
	config.Int(b, &c.WorkerMiB, "worker_mib", 0, 0, 1<<40, words("MiB of memory of one worker's engine. 0: half of the machine's.", "МиБ памяти движка одного рабочего процесса. 0: половина памяти машины."))
	config.Int(b, &c.WorkerThreads, "worker_threads", 0, 0, 1<<16, words("Threads of one worker. 0: as many as cores.", "Потоков одного рабочего процесса. 0: по числу ядер."))
}

func words(en, ru string) errs.Words { return errs.Words{En: en, Ru: ru} }
