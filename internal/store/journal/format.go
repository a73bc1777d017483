package journal

import (
	"encoding/binary"
	"hash/crc32"
)

// Numbers are little-endian.
//
// The journal: a header (magic, base: the number of the last record before the
// first, CRC-32C), then records:
//
//	length  4  of the payload
//	seq     8
//	synced  8  the last number known to be on the disk when this was written
//	type    1
//	payload
//	crc     4  CRC-32C of the record before's crc and all of the above
//
// The chain of checksums keeps records of another file from passing. synced
// tells a torn end from damage: pieces of one write reach the disk in any
// order, so a good record behind a bad one proves damage only when it says
// that the bad one had been safe.
//
// The snapshot: magic, number of the last record in it, length (8), payload,
// CRC-32C of all.
const (
	journalMagic  = "WEFTJRN1"
	snapshotMagic = "WEFTSNP1"
	headerSize    = 8 + 8 + 4
	recordHead    = 4 + 8 + 8 + 1
	recordFixed   = recordHead + 4
	snapshotFixed = 8 + 8 + 8 + 4
)

// MaxPayload is the largest payload of a record, in bytes.
const MaxPayload = 256 << 20

// Record is one entry of a journal.
type Record struct {
	Seq     int64 // numbers rise by one
	Type    byte  // the caller's
	Payload []byte
}

func castagnoli(prev uint32, b []byte) uint32 {
	var p [4]byte
	binary.LittleEndian.PutUint32(p[:], prev)
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(p[:], table), table, b)
}

func header(base int64) (b []byte, crc uint32) {
	b = append(b, journalMagic...)
	b = binary.LittleEndian.AppendUint64(b, uint64(base))
	crc = castagnoli(0, b)
	return binary.LittleEndian.AppendUint32(b, crc), crc
}

// appendRecord spells a record behind one with the checksum prev.
func appendRecord(b []byte, prev uint32, r Record, synced int64) ([]byte, uint32) {
	start := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(r.Payload)))
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Seq))
	b = binary.LittleEndian.AppendUint64(b, uint64(synced))
	b = append(append(b, r.Type), r.Payload...)
	crc := castagnoli(prev, b[start:])
	return binary.LittleEndian.AppendUint32(b, crc), crc
}

// read is one record as it was found.
type read struct {
	Record
	synced int64
	size   int
	crc    uint32
}

// readRecord reads the record at the beginning of b. When it is not good, got
// still has the size that it claims, 0 when that is nonsense, and the checksum
// that it should have.
func readRecord(b []byte, prev uint32) (got read, good bool) {
	if len(b) < recordFixed {
		return read{}, false
	}
	n := binary.LittleEndian.Uint32(b)
	if n > MaxPayload || int(n) > len(b)-recordFixed {
		return read{}, false
	}
	body := b[:recordHead+int(n)]
	got = read{
		Record: Record{
			Seq:     int64(binary.LittleEndian.Uint64(b[4:])),
			Type:    b[20],
			Payload: body[recordHead:],
		},
		synced: int64(binary.LittleEndian.Uint64(b[12:])),
		size:   recordFixed + int(n),
		crc:    castagnoli(prev, body),
	}
	return got, binary.LittleEndian.Uint32(b[len(body):]) == got.crc
}

func encodeSnapshot(seq int64, state []byte) []byte {
	b := make([]byte, 0, snapshotFixed+len(state))
	b = append(b, snapshotMagic...)
	b = binary.LittleEndian.AppendUint64(b, uint64(seq))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(state)))
	b = append(b, state...)
	return binary.LittleEndian.AppendUint32(b, castagnoli(0, b))
}

func decodeSnapshot(b []byte) (seq int64, state []byte, good bool) {
	if len(b) < snapshotFixed || string(b[:8]) != snapshotMagic {
		return 0, nil, false
	}
	end := len(b) - 4
	if binary.LittleEndian.Uint64(b[16:]) != uint64(end-24) || binary.LittleEndian.Uint32(b[end:]) != castagnoli(0, b[:end]) {
		return 0, nil, false
	}
	return int64(binary.LittleEndian.Uint64(b[8:])), b[24:end], true
}
