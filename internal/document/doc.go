// Package document holds the packages that people have open. Each is owned by
// one Document, which checks commands, numbers them, writes them to its journal
// and only then tells anybody. The package's file is a checkpoint of the
// journal. DESIGN.md says how they agree after a crash, or after the file was
// changed by somebody else.
//
// It must not know components, engines, or how it is asked.
package document
