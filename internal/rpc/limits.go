package rpc

import "time"

// Limits are the bounds of the transports. DefaultLimits has what
// specifications fix; tests lower some.
type Limits struct {
	MaxMessage       int // bytes of a message on the websocket
	StreamCredit     int // bytes that a stream may have under way, each direction
	ConnectionCredit int // bytes that a connection may have under way, each direction
	MaxPartial       int // bytes of unfinished messages that a connection's streams may have beyond their credit

	MaxStreams      int     // open streams of a connection
	OpensPerSecond  float64 // sustained, of a connection
	OpenBurst       float64
	EditsPerSecond  float64 // sustained, of a connection: calls whose rule says so
	EditBurst       float64
	Unauthenticated int // connections without a hello: the oldest is dropped for a newer one
	PerAddress      int // of those, from one address (IPv6: from one /64)
	BeforeHello     int // bytes that a client may send before it is signed in

	HelloTimeout time.Duration
	Ping         time.Duration // between pings; after two without a sign of life the connection is dropped
	Stall        time.Duration // a receiver that takes nothing for so long while something waits is cut
	ResumeFor    time.Duration // how long a session without connection can be resumed

	CallDeadline time.Duration // of a unary call that has none, and the longest
	Recheck      time.Duration // how often the caller of an open stream or connection is looked at again
}

const (
	// maxPiece is the payload of one frame in bytes. Whatever is sent waits
	// behind at most one frame of each other stream.
	maxPiece = 64 << 10
	// frameCost is what each frame of a message counts beside its payload:
	// empty messages must not be free.
	frameCost = 64
	// maxFrame bounds one websocket message: a piece with what is around it.
	maxFrame = maxPiece + 1<<10
	// maxMetadata bounds the metadata of a call in bytes.
	maxMetadata = 16 << 10
	// protocol is the version of the frames.
	protocol = 1
	// tick is how often a connection looks at its clocks.
	tick = 5 * time.Second

	// Subprotocol is the websocket's subprotocol.
	Subprotocol = "weft.v1"
)

// Close codes beside those of RFC 6455.
const (
	// CloseUnauthenticated tells a client that its hello is missing or refused,
	// or that its session has ended.
	CloseUnauthenticated = 4401
	// CloseReplaced tells a client that a newer connection has its session.
	CloseReplaced = 4409
)

// DefaultLimits are the limits of a server in use.
func DefaultLimits() Limits {
	return Limits{
		MaxMessage: 1 << 20, StreamCredit: 256 << 10, ConnectionCredit: 1 << 20, MaxPartial: 4 << 20,
		MaxStreams: 64, OpensPerSecond: 200, OpenBurst: 400, EditsPerSecond: 50, EditBurst: 100,
		Unauthenticated: 256, PerAddress: 16, BeforeHello: 64 << 10,
		HelloTimeout: 5 * time.Second, Ping: 20 * time.Second, Stall: 30 * time.Second, ResumeFor: 10 * time.Minute,
		CallDeadline: 5 * time.Minute, Recheck: 4 * time.Second,
	}
}
