package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"strings"
	"time"

	"github.com/weftworks/weft/internal/errs"
)

var (
	errBad = errs.Message{
		ID: "certificate.bad",
		En: "The certificate of {cert_key} ({cert}) with the key of {key_key} ({key}) can't be used: {reason}.",
		Ru: "Сертификат из {cert_key} ({cert}) с ключом из {key_key} ({key}) использовать нельзя: {reason}.",
	}
	errHalf = errs.Message{
		ID: "certificate.half",
		En: "{cert_key} and {key_key} are needed together; {missing} is empty.",
		Ru: "{cert_key} и {key_key} нужны вместе; {missing} не указан.",
	}
)

// files are those of a certificate and its key, both PEM, with the keys of the
// configuration that name them.
type files struct{ certKey, cert, keyKey, key string }

// own are the files of a server's certificate.
func own(cert, key string) files { return files{"tls.cert_file", cert, "tls.key_file", key} }

// Together refuses one file of a server's certificate without the other.
func Together(certFile, keyFile string) error { return own(certFile, keyFile).together() }

func (f files) together() error {
	missing := f.keyKey
	if f.cert == "" {
		missing = f.certKey
	}
	if (f.cert == "") == (f.key == "") {
		return nil
	}
	return errs.New(errs.Invalid, errHalf, errs.P{"cert_key": f.certKey, "key_key": f.keyKey, "missing": missing})
}

// read reads the files, if they fit together and the certificate is valid now.
func (f files) read() (tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	why := unusable(err)
	if err == nil {
		why = untimely(pair.Leaf, time.Now())
	}
	if why == (errs.Words{}) {
		return pair, nil
	}
	return pair, errs.New(errs.Invalid, errBad, errs.P{
		"cert_key": f.certKey, "cert": f.cert, "key_key": f.keyKey, "key": f.key, "reason": why,
	}).Because(err)
}

// unusable words why files can't be used; empty where they can.
func unusable(err error) errs.Words {
	words := func(en, ru string) errs.Words { return errs.Words{En: en, Ru: ru} }
	if err == nil {
		return errs.Words{}
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		if errors.Is(err, fs.ErrNotExist) {
			return words("there is no file "+at.Path, "файла "+at.Path+" нет")
		}
		return words("the file "+at.Path+" cannot be read", "файл "+at.Path+" не читается")
	}
	switch text := err.Error(); {
	case strings.Contains(text, "does not match"):
		return words("the key is another certificate's", "ключ от другого сертификата")
	case strings.Contains(text, "PEM"):
		return words("it is no PEM, or holds something else", "это не PEM, или внутри что-то другое")
	}
	return words("its content is damaged", "содержимое повреждено")
}

// untimely words that a certificate is not valid now; empty where it is.
func untimely(leaf *x509.Certificate, now time.Time) errs.Words {
	from, until := leaf.NotBefore.Format(time.DateTime), leaf.NotAfter.Format(time.DateTime)
	switch {
	case now.After(leaf.NotAfter):
		return errs.Words{En: "it expired on " + until, Ru: "срок его действия истёк " + until}
	case now.Before(leaf.NotBefore):
		return errs.Words{En: "it is valid only from " + from, Ru: "он действует только с " + from}
	}
	return errs.Words{}
}
