package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strings"
)

// base32 in small letters, without signs that people confuse.
func letters(bytes []byte) string {
	return base32.NewEncoding("abcdefghjkmnpqrstuvwxyz023456789").WithPadding(base32.NoPadding).EncodeToString(bytes)
}

// newID returns 128 random bits as text. Ids are no secrets, but cannot be
// guessed.
func newID() string { return letters(random(16)) }

// newSecret returns 256 random bits as text, and the hash by which they are
// found again.
func newSecret(prefix string) (text string, hash []byte) {
	text = prefix + base64.RawURLEncoding.EncodeToString(random(32))
	return text, hashSecret(text)
}

// hashSecret is fast: nobody guesses 256 bits.
func hashSecret(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// newPassword returns a random password of 100 bits that a person can copy:
// four groups of five letters and digits.
func newPassword() string {
	text := letters(random(13))[:20]
	return strings.Join([]string{text[:5], text[5:10], text[10:15], text[15:]}, "-")
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program before it returns an error
	return b
}
