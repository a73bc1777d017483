// Package worker is the process that executes: its protocol, the client that
// starts, calls and ends it, and the loop that serves calls inside it.
//
// A run must not be able to hurt who started it, so the parent treats a worker
// as hostile: every length is bounded, nothing that it says is trusted, and it
// can be killed at any moment. The parent renders SQL; the worker runs it
// through an [Engine] that the binary's main hands to [Main].
//
// The package knows no engine: it must never import a driver, because the
// parent links it. It knows no package document and no plan.
package worker
