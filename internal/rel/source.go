package rel

// Source is what a Scan reads: *TextFile, *ParquetFile, *Stored or *Given. Paths
// are as the package has them, relative to the workspace; the run resolves them.
type Source interface {
	// Paths are the files that the source reads.
	Paths() []string
	// Words is a short description for plan texts.
	Words() string
}

// TextFile is delimited text. Its scan gives every field as text: converting
// is the plan's work, so that it is the same whichever columns are read.
type TextFile struct {
	Files     []string
	Encoding  string // "utf-8", "windows-1251", …
	Delimiter string
	Quote     string // "": no quoting
	Header    bool   // the first line that is not skipped holds the names
	Skip      int    // lines before the header or the first record
	Nulls     []string
	Fields    []string // names of the file's fields, in the file's order
	Bytes     int64    // size of all files together, for estimates; no part of the plan's meaning
}

// ParquetFile is one or more Parquet files of one schema.
type ParquetFile struct {
	Files   []string
	Columns []EngineColumn // the columns read, with the types that the engine reports
	Rows    int64          // as the footers say; -1: unknown
	Bytes   int64
}

// EngineColumn is a column of a source as an engine describes it.
type EngineColumn struct {
	Name string `json:"name"`
	Type string `json:"type"` // the engine's spelling: BIGINT, DECIMAL(18,2), VARCHAR
}

// Stored is a result that an earlier step of the same engine left behind. Its
// columns have exactly the scan's types.
type Stored struct {
	Address string   // names the result: a content address, or a step of this run
	Files   []string // absolute; empty: a table inside the running engine, named by Address
	Rows    int64    // -1: unknown
}

// Paths are the text files.
func (t *TextFile) Paths() []string { return t.Files }

// Paths are the Parquet files.
func (p *ParquetFile) Paths() []string { return p.Files }

// Paths is empty: a stored result is no file of the user's.
func (*Stored) Paths() []string { return nil }

// FileFormat says how rows become a file.
type FileFormat struct {
	Parquet     bool   // else delimited text
	Compression string // Parquet: "zstd", "snappy", "none"
	Delimiter   string // text: between fields
	Quote       string // text: around fields that need it; "" for none
	Header      bool   // text: a first line with Labels
	Labels      []string
	Null        string // text: what stands for null
	QuoteAll    bool
	Parts       bool // a folder of parts, each written by one thread, in the order of the rows
	// PartRows, where it is not 0, makes a folder of Parquet parts of about so
	// many rows each, named so that their numbers go with the order of the rows.
	PartRows int64
}
