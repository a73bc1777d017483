package worker

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/leak"
)

// TestMain makes the test binary double as a worker that behaves badly: the
// second argument says how.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "behave" {
		os.Exit(behave(os.Args[2]))
	}
	leak.Main(m)
}

// behave is a worker process. It answers the first call in its own way.
func behave(how string) int {
	switch how {
	case "no hello":
		return 7
	case "other protocol":
		say(frameReady, ready{Protocol: 999})
		wait()
	case "refuses":
		say(frameReady, ready{Protocol: protocol, Errors: encodeError(os.ErrPermission)})
		return 1
	case "noise":
		fmt.Println("DuckDB says hello on standard output")
		wait()
	case "endless hello":
		for {
			say(frameReady, ready{Protocol: protocol})
		}
	}
	say(frameReady, ready{Protocol: protocol})
	_, payload, err := readFrame(os.Stdin)
	if err != nil {
		return 0
	}
	var req request
	if err := json.Unmarshal(payload, &req); err != nil {
		return 9
	}
	return misbehave(how, req)
}

func misbehave(how string, req request) int {
	ok := answer{ID: req.ID}
	switch how {
	case "exits":
		fmt.Fprintln(os.Stderr, "last words")
		return 3
	case "talks and exits":
		fmt.Fprint(os.Stderr, "first words", strings.Repeat(".", 1<<20), "last words")
		return 3
	case "panics":
		panic("words")
	case "hangs":
	case "closes":
		os.Stdout.Close()
	case "floods":
		for {
			frames(frameData, bytes.Repeat([]byte{'x'}, 1<<20))
		}
	case "floods news":
		for {
			say(frameNews, Progress{Percent: 1})
		}
	case "huge frame":
		raw(binary.BigEndian.AppendUint32(nil, 1<<31), []byte{byte(frameData)})
	case "huge message":
		frames(frameData, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	case "unknown frame":
		frames(99, nil)
	case "half a frame":
		raw([]byte{0, 0, 1, 0, byte(frameData)}, []byte("abc"))
		return 3
	case "other call":
		say(frameAnswer, answer{ID: req.ID + 1})
	case "no JSON":
		frames(frameAnswer, []byte("{"))
	case "no stream":
		say(frameAnswer, ok)
	case "no Arrow":
		frames(frameData, []byte("certainly not an Arrow stream, however long one looks at it"))
		say(frameAnswer, ok)
	case "too many rows":
		frames(frameData, arrowStream(3))
		say(frameAnswer, ok)
	case "bad offsets":
		stream := arrowStream(2)
		i := bytes.LastIndex(stream, []byte{0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0})
		stream[i+7] = 0x70
		frames(frameData, stream)
		say(frameAnswer, ok)
	case "cut stream":
		stream := arrowStream(3)
		frames(frameData, stream[:len(stream)-40])
		say(frameAnswer, ok)
	case "error after rows", "internal error":
		frames(frameData, arrowStream(1))
		ok.Errors = encodeError(errs.New(errs.Failed, errs.Message{ID: "test.failed"}, nil))
		if how == "internal error" {
			ok.Errors = encodeError(fmt.Errorf("the end"))
		}
		say(frameAnswer, ok)
	case "serves":
		say(frameAnswer, ok)
	case "good":
		frames(frameData, arrowStream(2))
		say(frameAnswer, ok)
	case "eats memory":
		var blocks [][]byte
		for {
			blocks = append(blocks, bytes.Repeat([]byte{1}, 16<<20))
			runtime.KeepAlive(blocks)
		}
	}
	wait()
	return 0
}

func say(t frameType, v any) {
	payload, err := json.Marshal(v)
	if err != nil {
		os.Exit(9)
	}
	frames(t, payload)
}

func frames(t frameType, payload []byte) {
	if err := writeFrame(os.Stdout, t, payload); err != nil {
		os.Exit(8)
	}
}

func raw(parts ...[]byte) {
	_, _ = os.Stdout.Write(bytes.Join(parts, nil))
}

// wait reads until the parent closes the pipe; frames are ignored.
func wait() { _, _ = io.Copy(io.Discard, os.Stdin) }

// arrowStream is a stream of one column of text: a, a, …
func arrowStream(rows int) []byte {
	schema := arrow.NewSchema([]arrow.Field{{Name: "s", Type: arrow.BinaryTypes.String}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for range rows {
		b.Field(0).(*array.StringBuilder).Append("a")
	}
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if w.Write(b.NewRecordBatch()) != nil || w.Close() != nil {
		os.Exit(9)
	}
	return out.Bytes()
}
