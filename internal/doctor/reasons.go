package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/weftworks/weft/internal/errs"
)

// reason words why something on the way failed: the system and the libraries
// say it in English alone. What is not known keeps their text.
func reason(err error) errs.Words {
	words := func(en, ru string) errs.Words { return errs.Words{En: en, Ru: ru} }
	if e, ok := errors.AsType[net.Error](err); errors.Is(err, context.DeadlineExceeded) || ok && e.Timeout() {
		return words("it does not answer", "ответа нет")
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return invalid(e)
	}
	switch {
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return words("no way leads there", "туда нет пути")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return words("it closes the connection", "соединение закрывается")
	case errors.Is(err, syscall.ECONNREFUSED):
		return words("nothing listens there", "там никто не ждёт соединений")
	case errors.Is(err, fs.ErrNotExist):
		return words("there is no such file", "такого файла нет")
	case errors.Is(err, fs.ErrPermission):
		return words("this user may not read it", "этому пользователю его читать нельзя")
	case errors.Is(err, errNoCertificate):
		return words("it has no PEM block of a certificate", "в нём нет блока PEM с сертификатом")
	case strings.Contains(err.Error(), "malformed HTTP"):
		return words("its answer is of another kind", "ответ другого вида")
	}
	return errs.Words{En: err.Error()}
}

// invalid words what a certificate must not have.
func invalid(e x509.CertificateInvalidError) errs.Words {
	switch e.Reason {
	case x509.NotAuthorizedToSign:
		return errs.Words{En: "its issuer is no authority", Ru: "издатель — не удостоверяющий центр"}
	case x509.IncompatibleUsage:
		return errs.Words{En: "it is not for servers", Ru: "он не для серверов"}
	case x509.TooManyIntermediates:
		return errs.Words{En: "its chain is too long", Ru: "его цепочка слишком длинна"}
	}
	return errs.Words{En: e.Error()}
}
