package web

import (
	"github.com/weftworks/weft/internal/config"
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/port"
)

// Listening is where a web server listens, and with which certificate.
type Listening struct {
	HTTP  string // address for plain http; redirects only once there is a certificate; empty: none
	HTTPS string // address for https; opened only with a certificate

	CertFile, KeyFile string // PEM; empty: no encryption
}

// BindListening names the keys of the sections listen and tls; where says what
// listens, and certificate whose that is.
func (l *Listening) BindListening(b *config.Binder, where, certificate errs.Words) {
	b.Section("listen", join(where, words(": address:port, or :port for every address of the host.",
		": адрес:порт или :порт для всех адресов узла.")), func(b *config.Binder) {
		config.Text(b, &l.HTTP, "http", ":80", words("Plain http. With a certificate it only redirects to https. Empty: not opened.",
			"Обычный http. При наличии сертификата только перенаправляет на https. Пусто: не открывать."), config.Check(port.Address))
		config.Text(b, &l.HTTPS, "https", ":443", words("Encrypted; opened only with a certificate.",
			"С шифрованием; открывается только при наличии сертификата."), config.Check(port.Address))
	})
	b.Section("tls", join(certificate, words(" Both files are read again when they change, and on SIGHUP.",
		" Оба файла перечитываются при изменении и по SIGHUP.")), func(b *config.Binder) {
		config.Text(b, &l.CertFile, "cert_file", "", words("File with the certificate and its chain, PEM. Empty: no encryption.",
			"Файл сертификата с цепочкой, PEM. Пусто: без шифрования."))
		config.Text(b, &l.KeyFile, "key_file", "", words("File with the private key, PEM.", "Файл закрытого ключа, PEM."))
	})
}

func join(a, b errs.Words) errs.Words { return errs.Words{En: a.En + b.En, Ru: a.Ru + b.Ru} }
