//go:build !unix

package app

// full is not known here.
func full(string) bool { return false }
