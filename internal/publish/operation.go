package publish

import (
	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
)

// Operation is one published function with its types.
type Operation struct {
	Service   string
	Operation string
	Label     string
	Note      string
	Path      string // of the package, as on the wire
	Input     rel.Schema
	Required  []string // columns of the input that each row must have
	HasInput  bool
	Variables []Variable
	Output    rel.Schema

	unit *unit
	plan *planned
}

// Variable is a variable that callers may give.
type Variable struct {
	Name    string
	Type    rel.Type
	Default rel.Value // nil: one must be given
	Label   string
}

// Problem is why an operation, a service or a package is not published.
type Problem struct {
	Path      string
	Service   string // empty: none of the package
	Operation string // empty: none of the service
	Errors    errs.List
}

// State is all that is published at one moment. It is never changed.
type State struct {
	Operations []*Operation // by service and operation
	Problems   []Problem
	Hash       string // equal hashes: equal declarations
	changed    chan struct{}
}

// Changed is closed once there is another state.
func (s *State) Changed() <-chan struct{} { return s.changed }

// Find returns a published operation; errs.NotFound, which tells what there is
// not.
func (s *State) Find(service, operation string) (*Operation, error) {
	known := false
	for _, o := range s.Operations {
		if o.Service != service {
			continue
		}
		known = true
		if o.Operation == operation {
			return o, nil
		}
	}
	if known {
		return nil, errs.New(errs.NotFound, errNoOperation, errs.P{"service": service, "operation": operation})
	}
	return nil, errs.New(errs.NotFound, errNoService, errs.P{"service": service})
}
