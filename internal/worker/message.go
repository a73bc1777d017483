package worker

import (
	"github.com/weftworks/weft/internal/discover"
)

// Column is a column of a result as the engine names and types it.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // the engine's own text: BIGINT, DECIMAL(18,3)
}

// Argument is a value that comes with one execution of a prepared query: a
// text, or a list of texts. A nil pointer is null.
type Argument struct {
	Text *string   `json:"text,omitempty"`
	List []*string `json:"list"` // not nil: a list, which may be empty
}

// Progress says how far a call has come.
type Progress struct {
	Percent float64 `json:"percent"` // 0 to 100; -1: unknown
	Rows    int64   `json:"rows"`    // rows read so far by the engine's count; 0: unknown
}

// Setup is what a worker is told before it begins: where it may read and
// write, and how much it may use. All paths are absolute and real.
type Setup struct {
	Dir     string   `json:"dir"`     // the run's folder, the only one that is written
	Temp    string   `json:"temp"`    // within Dir: what the engine spills
	Reads   []string `json:"reads"`   // folders and files
	Memory  int64    `json:"memory"`  // bytes; 0: the engine's default
	Threads int      `json:"threads"` // 0: cores
	Spill   int64    `json:"spill"`   // bytes; 0: 90 % of the free disk
	Row     int64    `json:"row"`     // bytes of a row that is handed to the parent; 0: 256 MiB
}

type operation string

const (
	opNothing   operation = "nothing"
	opDescribe  operation = "describe"
	opQuery     operation = "query"
	opExec      operation = "exec"
	opDiscover  operation = "discover"
	opTranscode operation = "transcode"
	opRecode    operation = "recode"
	opPrepare   operation = "prepare"
	opExecute   operation = "execute"
)

// request is a call. Which fields are set depends on Op.
type request struct {
	ID       uint64            `json:"id"`
	Op       operation         `json:"op"`
	SQL      string            `json:"sql,omitempty"`
	Rows     int64             `json:"rows,omitempty"` // at most; 0: all
	Src      string            `json:"src,omitempty"`
	Dst      string            `json:"dst,omitempty"`
	Encoding string            `json:"encoding,omitempty"`
	Bytes    int64             `json:"bytes,omitempty"` // of the source at most; 0: all
	Discover *discover.Request `json:"discover,omitempty"`
	Name     string            `json:"name,omitempty"` // of a prepared query
	Args     []Argument        `json:"args,omitempty"`
}

type cancelRequest struct {
	ID uint64 `json:"id"`
}

// ready is the worker's first word; with errors, it ends after it.
type ready struct {
	Protocol int        `json:"protocol"`
	Errors   wireErrors `json:"errors,omitempty"`
}

// answer ends a call.
type answer struct {
	ID       uint64           `json:"id"`
	Errors   wireErrors       `json:"errors,omitempty"`
	Spent    bool             `json:"spent,omitempty"` // the engine serves no other call
	Columns  []Column         `json:"columns,omitempty"`
	Rows     int64            `json:"rows,omitempty"`
	Discover *discover.Result `json:"discover,omitempty"`
}
