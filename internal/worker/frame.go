package worker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// protocol is raised with every change of the frames or their content.
const protocol = 1

// maxFrame is the largest payload of a frame in bytes; both sides refuse a
// larger one before they make room for it.
const maxFrame = 16 << 20

// frameType says what a frame's payload is. The numbers cross the wire: add
// only at the end.
type frameType byte

const (
	frameCall   frameType = 1 + iota // to the worker: request
	frameCancel                      // to the worker: cancelRequest
	frameReady                       // from the worker, first of all: ready
	frameData                        // bytes of an Arrow IPC stream, cut anywhere
	frameNews                        // Progress
	frameAnswer                      // answer: the end of a call
)

var errFrameSize = errors.New("frame larger than the limit")

// writeFrame writes one frame: length of the payload (4 bytes, big endian),
// type (1 byte), payload. A frame is written by one call of Write, so that a
// writer that is shared under a lock never holds half of one.
func writeFrame(w io.Writer, t frameType, payload []byte) error {
	if len(payload) > maxFrame {
		return fmt.Errorf("%w: %d bytes", errFrameSize, len(payload))
	}
	buf := make([]byte, 5, 5+len(payload))
	binary.BigEndian.PutUint32(buf, uint32(len(payload)))
	buf[4] = byte(t)
	_, err := w.Write(append(buf, payload...))
	return err
}

// readFrame reads one frame. The error is io.EOF only between two frames.
func readFrame(r io.Reader) (frameType, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("%w: %d bytes", errFrameSize, n)
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, fmt.Errorf("read frame: %w", noEOF(err))
	}
	return frameType(head[4]), payload, nil
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
