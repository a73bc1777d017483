package doctor

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/weftworks/weft/internal/errs"
)

var (
	msgNoRoots = errs.Message{
		ID: "doctor.no_roots",
		En: "{file} holds no certificates to believe: {reason}.",
		Ru: "В {file} нет сертификатов, которым можно верить: {reason}.",
	}
	errNoCertificate = errors.New("it has no PEM block of a certificate")
)

// Roots are the system's certificates and those of a PEM file, as a browser
// has them that had the file's installed. Without a file it is nil: the
// system's.
func Roots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, errs.New(errs.Unreadable, msgNoRoots, params("file", file, "reason", reason(err))).Because(err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's certificates: %w", err)
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, errs.New(errs.Unreadable, msgNoRoots, params("file", file, "reason", reason(errNoCertificate)))
	}
	return pool, nil
}
