package pack

import (
	"bytes"

	"github.com/weftworks/weft/internal/errs"
)

// markBytes is what each mark of the text counts in a size, so that one number
// bounds both.
const markBytes = MaxBytes / maxMarks

// SizeOf measures a package as a file of it would be: what Decode would refuse
// is an error. Sizes go up to MaxBytes; what an event adds to one is at most
// MaxGrowth times the bytes of its patches and its record. It costs as much as
// writing the file.
func SizeOf(p *Package) (int, error) {
	text := Encode(p)
	m := marks(text)
	switch {
	case len(text) > MaxBytes:
		return 0, TooLarge()
	case m > maxMarks:
		return 0, errs.New(errs.Invalid, msgTooMany, nil)
	}
	return max(len(text), m*markBytes), nil
}

// TooLarge is the error for a package that is larger than MaxBytes.
func TooLarge() error { return errs.New(errs.Invalid, msgTooLarge, nil) }

// MaxGrowth is how many bytes of size such a byte makes at most: a line of
// the deepest list is one character behind its indentation.
const MaxGrowth = 4 * MaxDepth

// marks counts what makes the values of a text.
func marks(text []byte) int {
	n := 0
	for _, mark := range []string{"\n", ",", "[", "{"} {
		n += bytes.Count(text, []byte(mark))
	}
	return n
}
