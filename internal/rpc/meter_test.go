package rpc

import (
	"net"
	"testing"
	"time"
	"unsafe"
)

// Setting the machine's clock neither drops those who are connected nor keeps
// those who are gone.
func TestIdleByTheClockThatNobodySets(t *testing.T) {
	for _, seconds := range []int64{86400, -86400} {
		a, b := net.Pipe()
		m := newMeter(a, time.Second, 100)
		// The machine's clock is set: the first word of a time.Time holds its
		// seconds from bit 30 on, and what is measured by the other clock stays.
		*(*uint64)(unsafe.Pointer(&m.begun)) -= uint64(seconds) << 30 //nolint:gosec // that is how it is laid out
		go func() { _, _ = b.Write([]byte("x")) }()
		if _, err := m.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if d := m.idle(); d < 0 || d > time.Minute {
			t.Errorf("set by %d s, it has been idle for %v", seconds, d)
		}
		_, _ = a.Close(), b.Close()
	}
}
