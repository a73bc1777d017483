//go:build !unix

package app

// diskSpace is not known here: there is always enough.
func diskSpace(string) (free, size uint64) { return 1 << 62, 1 << 62 }
