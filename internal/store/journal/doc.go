// Package journal keeps what was acknowledged: an append-only file of records
// beside a snapshot of all that came before them.
//
// A record is acknowledged once it is on the disk; records of many callers
// share one fsync. After a crash or a power cut every acknowledged record is
// there, a torn end is cut, and damage before good records is told, never
// skipped. A failed write or fsync is final: the journal takes nothing more.
//
// Records and snapshots are opaque bytes with a number. The package must not
// know what they mean, nor who is asked before they are written.
package journal
