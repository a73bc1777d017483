//go:build !unix

package workspace

import (
	"io/fs"
	"os"
)

// nonblock is nothing where opening never blocks.
const nonblock = 0

// nofollow is nothing here: whoever may write links may do all else.
const nofollow = 0

// foreign is not known here.
func foreign(fs.FileInfo) bool { return false }

// identity is not known here.
func identity(fs.FileInfo) string { return "" }

// syncDir is nothing where folders can't be synced.
func syncDir(*os.File) error { return nil }
