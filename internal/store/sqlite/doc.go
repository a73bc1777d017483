// Package sqlite keeps the store in one SQLite file: a pool of readers and a
// single writer, which begins every transaction with the lock it will need.
// What a method returned without error is on the disk.
//
// The file is its owner's alone and lies on a disk of this machine. A damaged
// file, one of another program, one of a newer Weft and a network file system
// are refused, each with its message, and nothing is written to it. Before a
// migration a copy is made and checked.
//
// Several processes may have the file open at once (`weft admin` beside a
// Server). None may open it by other means: closing any descriptor of the
// file drops SQLite's locks in that process.
package sqlite
