package worker

import (
	"strings"
	"sync"
)

// maxTail is how much of a worker's standard error is kept, in bytes.
const maxTail = 64 << 10

// tail is a writer that keeps the first and the last of what it gets: a crash
// report begins with its reason and may be long. The zero value is ready.
type tail struct {
	mu   sync.Mutex
	head []byte
	end  []byte
}

// Write never fails.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(b)
	room := min(maxTail/2-len(t.head), n)
	t.head = append(t.head, b[:room]...)
	t.end = append(t.end, b[room:]...)
	if over := len(t.end) - maxTail/2; over > 0 {
		t.end = append(t.end[:0], t.end[over:]...)
	}
	return n, nil
}

// String is what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.head) + string(t.end))
}
