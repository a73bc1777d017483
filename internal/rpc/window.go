package rpc

// window counts what a peer may still send, in the units of credit: the bytes
// of each message's frame and frameCost.
type window struct {
	size int // what a peer may have under way
	left int // what it may still send
	owed int // what was taken out of the way and is not granted again yet
}

func newWindow(size int) window { return window{size: size, left: size} }

// take counts a frame that came; false: the peer had no credit for it.
func (w *window) take(n int) bool {
	w.left -= n
	return w.left >= 0
}

// free says that n are out of the way, and returns what is to be granted now,
// in large steps: 0, or half a window and more.
func (w *window) free(n int) int {
	w.owed += n
	if w.owed < w.size/2 {
		return 0
	}
	grant := w.owed
	w.left += grant
	w.owed = 0
	return grant
}
