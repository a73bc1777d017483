package job

import (
	"time"

	"github.com/weftworks/weft/internal/errs"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/run"
)

// State says how far a run, or a step of one, has come. The numbers stand in
// stored files: add only at the end.
type State uint8

// The states.
const (
	Queued State = iota + 1
	Running
	Done
	Failed
	Cancelled
)

// String is the state's name in logs.
func (s State) String() string {
	return [...]string{"none", "queued", "running", "done", "failed", "cancelled"}[min(s, Cancelled)]
}

// Final reports whether nothing comes after the state.
func (s State) Final() bool { return s >= Done }

// Info describes a run.
type Info struct {
	ID      string    `json:"id"`
	Path    string    `json:"path"` // of the package
	State   State     `json:"state"`
	Account string    `json:"account"`
	Name    string    `json:"name"` // of who started it
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`
	Errors  failures  `json:"errors,omitempty"`
	Results []Result  `json:"results,omitempty"`
}

// Failures are the reasons why the run failed.
func (i Info) Failures() errs.List { return errs.List(i.Errors) }

// Step describes a step of a run.
type Step struct {
	ID      string        `json:"id"`
	State   State         `json:"state"`
	Nodes   []string      `json:"nodes"`
	Percent float64       `json:"percent"` // 0 to 100; negative: unknown
	Rows    int64         `json:"rows,omitempty"`
	Elapsed time.Duration `json:"elapsed,omitempty"`
}

// Result is one thing that a run made.
type Result struct {
	Node   string     `json:"node"`
	Output int        `json:"output"`
	Path   string     `json:"path,omitempty"` // of a file, in the Server's tree; empty: none
	ID     string     `json:"id,omitempty"`   // of rows that can be read by pages; empty: none
	Rows   int64      `json:"rows"`
	Schema rel.Schema `json:"schema,omitempty"`
	Parts  []run.Part `json:"parts,omitempty"`
	Bytes  int64      `json:"bytes,omitempty"`
}

// Event is one thing that happened to a run: its own state, a step's, or a
// column with values that were not of its type.
type Event struct {
	Number int64       `json:"number"`
	Run    *Info       `json:"run,omitempty"`
	Step   *Step       `json:"step,omitempty"`
	Misfit *run.Misfit `json:"misfit,omitempty"`
}
