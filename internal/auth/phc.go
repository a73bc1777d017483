package auth

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what hashing a password takes, as argon2id has it (RFC 9106).
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

// DefaultCost is 64 MiB, 3 passes, 1 lane: about 0.2 seconds of one core.
func DefaultCost() Cost { return Cost{Memory: 64 << 10, Passes: 3, Lanes: 1} }

// valid bounds what a hash may cost, so that a
// broken store can't take the machine's memory.
func (c Cost) valid() bool {
	return c.Lanes >= 1 && c.Lanes <= 16 && c.Passes >= 1 && c.Passes <= 64 &&
		c.Memory >= 8*uint32(c.Lanes) && c.Memory <= 1<<20
}

// weaker reports whether a hash of cost c is to be made anew with cost than.
func (c Cost) weaker(than Cost) bool {
	return c.Memory < than.Memory || c.Passes < than.Passes
}

// The schemes of hashes. A random password of 100 bits needs no slow hash:
// nobody can try 2^100 of them. So the first passwords of an installation
// cost its start nothing.
const (
	slow  = "argon2id"
	quick = "hmac-sha256"
)

const (
	saltBytes = 16
	hashBytes = 32
)

// phc is a hash of a password, spelled as a PHC string:
//
//	$argon2id$v=19$m=65536,t=3,p=1$<salt>$<hash>
//	$hmac-sha256$<salt>$<hash>
//
// (https://github.com/P-H-C/phc-string-format)
type phc struct {
	scheme string
	cost   Cost // of argon2id
	salt   []byte
	hash   []byte
}

var errPHC = errors.New("not a hash of a password in PHC form")

// parsePHC reads what String writes, and nothing else.
func parsePHC(text string) (phc, error) {
	parts := strings.Split(text, "$")
	if len(parts) < 4 || parts[0] != "" {
		return phc{}, errPHC
	}
	p := phc{scheme: parts[1]}
	switch {
	case p.scheme == slow && len(parts) == 6 && parts[2] == fmt.Sprintf("v=%d", argon2.Version):
		if err := p.cost.parse(parts[3]); err != nil {
			return phc{}, err
		}
	case p.scheme == quick && len(parts) == 4:
	default:
		return phc{}, errPHC
	}
	var err1, err2 error
	p.salt, err1 = base64.RawStdEncoding.DecodeString(parts[len(parts)-2])
	p.hash, err2 = base64.RawStdEncoding.DecodeString(parts[len(parts)-1])
	if err1 != nil || err2 != nil || len(p.salt) != saltBytes || len(p.hash) != hashBytes || p.String() != text {
		return phc{}, errPHC
	}
	return p, nil
}

func (c *Cost) parse(text string) error {
	var numbers [3]uint64
	parts := strings.Split(text, ",")
	if len(parts) != 3 {
		return errPHC
	}
	for i, name := range []string{"m=", "t=", "p="} {
		digits, ok := strings.CutPrefix(parts[i], name)
		n, err := strconv.ParseUint(digits, 10, 32)
		if !ok || err != nil {
			return errPHC
		}
		numbers[i] = n
	}
	if numbers[2] > 255 {
		return errPHC
	}
	*c = Cost{Memory: uint32(numbers[0]), Passes: uint32(numbers[1]), Lanes: uint8(numbers[2])}
	if !c.valid() {
		return errPHC
	}
	return nil
}

// String spells the hash.
func (p phc) String() string {
	salt, hash := base64.RawStdEncoding.EncodeToString(p.salt), base64.RawStdEncoding.EncodeToString(p.hash)
	if p.scheme == quick {
		return fmt.Sprintf("$%s$%s$%s", quick, salt, hash)
	}
	return fmt.Sprintf("$%s$v=%d$m=%d,t=%d,p=%d$%s$%s", slow, argon2.Version, p.cost.Memory, p.cost.Passes, p.cost.Lanes, salt, hash)
}

// of returns the hash that a password has with p's scheme, cost and salt.
func (p phc) of(password string) []byte {
	if p.scheme == quick {
		mac := hmac.New(sha256.New, p.salt)
		mac.Write([]byte(password))
		return mac.Sum(nil)
	}
	return argon2.IDKey([]byte(password), p.salt, p.cost.Passes, p.cost.Memory, p.cost.Lanes, hashBytes)
}

// matches compares in a time that tells nothing.
func (p phc) matches(hash []byte) bool { return subtle.ConstantTimeCompare(p.hash, hash) == 1 }

// quickHash is the hash of a password that newPassword made.
func quickHash(password string) string {
	p := phc{scheme: quick, salt: random(saltBytes)}
	p.hash = p.of(password)
	return p.String()
}

// nobodys is the hash of no password, of the slow scheme.
func nobodys(c Cost) phc {
	return phc{scheme: slow, cost: c, salt: bytes.Repeat([]byte{1}, saltBytes), hash: random(hashBytes)}
}
