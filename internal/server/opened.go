package server

import (
	"context"

	"github.com/weftworks/weft/internal/pack"
)

// OpenDocument is a document that the Server has open, as long as it is not
// released.
type OpenDocument interface {
	ID() string
	Path() string
	Current() (*pack.Package, int64)
	Changed(after int64) <-chan struct{}
	Release()
}

// OpenDocuments finds documents. What it returns must be released.
type OpenDocuments interface {
	// Get returns one that is open. errs.NotFound.
	Get(id string) (OpenDocument, error)
	// Open opens the package at a path, or joins those who have it open.
	Open(ctx context.Context, path string) (OpenDocument, error)
}
