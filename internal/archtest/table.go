package archtest

// Table is the import table of a module.
type Table struct {
	// Layers lists every package, the lowest first. The code of a package
	// imports only from layers above its own line; packages on one line do
	// not know each other. A folder given in full wins over a pattern.
	Layers []Layer
	// Pure packages do no input or output: they import nothing of Effects.
	Pure    []string
	Effects []string
	// Denied are imports that the layers would allow.
	Denied []Denial
	// Reserved are imports, by prefix, for a few packages alone, whose tests
	// obey the rule too.
	Reserved []Reservation
}

// Layer is one line of the table.
type Layer []string

// Denial forbids one package's code another.
type Denial struct{ Who, What, Why string }

// Reservation allows an import, and all below it, to some packages alone.
type Reservation struct {
	Import string
	For    []string
	Why    string
}

// Imports returns the import table of Weft. A change here is a decision, with
// a page in docs/decisions.
func Imports() Table {
	return Table{
		Layers: []Layer{
			// For tests alone.
			{"internal/leak", "internal/certificate/certificatetest"},
			// Vocabulary.
			{"internal/errs"},
			{"internal/config", "internal/address", "internal/certificate", "internal/port"},
			{"internal/rel"},
			{"internal/rel/function", "internal/columnar"},
			{"internal/rel/sql"},
			{"internal/formula"},
			{"internal/pack"},
			// Looking into files: components hand on its questions and answers.
			{"internal/discover"},
			// Component kit.
			{"internal/component"},
			{"internal/components/*"},
			{"internal/components/all"},
			// Execution.
			{"internal/plan"},
			{"internal/worker", "internal/workspace", "internal/store/kept"},
			{"internal/run"},
			{"internal/component/componenttest"},
			{"internal/engine/duckdb"},
			// State.
			{"internal/store"},
			{"internal/store/journal", "internal/store/sqlite", "internal/store/storetest"},
			{"internal/auth"},
			// The work of a Server, apart from how it is asked for.
			{"internal/document"},
			{"internal/preview", "internal/job", "internal/publish"},
			// Edges and the program. What stands on one line talks over the wire.
			{"internal/rpc", "internal/web"},
			{"internal/server", "internal/integrator", "internal/batch", "internal/doctor"},
			{"internal/grid", "internal/schema", "internal/trial"},
			{"internal/app"},
			{"internal/assets"},
			{"internal/cli"},
			{"cmd/weft"},
			// Tools of the repository, which nothing imports.
			{"internal/archtest", "internal/bench", "internal/reference"},
		},
		Pure: []string{
			"internal/errs", "internal/rel/**", "internal/formula", "internal/pack",
			"internal/component", "internal/components/**", "internal/plan", "internal/grid", "internal/schema",
		},
		Effects: []string{
			"os", "net", "syscall", "plugin", "database/sql", "io/ioutil", "log", "testing",
			"crypto/rand", "math/rand", "golang.org/x/sys", "golang.org/x/term",
		},
		Denied: []Denial{
			{"internal/component", "internal/rel/sql", "a component compiles to rel and sees no SQL"},
			{"internal/components/**", "internal/rel/sql", "a component compiles to rel and sees no SQL"},
			{"internal/plan", "internal/rel/sql", "a plan belongs to no engine; its dialect is passed in where it is rendered"},
		},
		Reserved: []Reservation{
			{"github.com/duckdb", []string{"internal/engine/duckdb"}, "one package knows the driver"},
			{Module + "/internal/engine/duckdb", []string{"internal/engine/**", "cmd/weft"}, "each test binary that links DuckDB takes half a minute to link"},
			{"github.com/apache/arrow-go", []string{
				"internal/columnar", "internal/component/**", "internal/components/**", "internal/run", "internal/worker", "internal/engine/**",
				"internal/preview", "internal/job", "internal/publish", "internal/server", "internal/integrator",
				"internal/app", "internal/cli", "internal/bench", "cmd/weft",
			}, "the vocabulary knows no format of batches"},
			{"go.yaml.in/yaml", []string{"internal/pack", "internal/schema"}, "the package's text has one reader, and the tests of its schema a second"},
			{"google.golang.org/grpc", []string{
				"internal/rpc", "internal/server", "internal/web", "internal/integrator", "internal/batch", "internal/doctor", "internal/app",
				"cmd/weft", // its tests call the whole program as clients do
			}, "services and their errors cross the wire at the edges alone"},
			{"github.com/mattn/go-sqlite3", []string{"internal/store/sqlite"}, "one package knows the driver"},
			{"github.com/spf13", []string{"internal/cli"}, "flags belong to the command line"},
		},
	}
}
