package duckdb_test

import (
	"context"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/weftworks/weft/internal/component"
	"github.com/weftworks/weft/internal/component/componenttest"
	"github.com/weftworks/weft/internal/components/all"
	"github.com/weftworks/weft/internal/rel"
	"github.com/weftworks/weft/internal/rel/sql"
	"github.com/weftworks/weft/internal/run"
	"github.com/weftworks/weft/internal/worker"
)

// TestComponents executes the cases of every component; -update rewrites the
// wanted rows.
func TestComponents(t *testing.T) {
	c, _, input := start(t)
	for _, def := range all.All() {
		t.Run(def.Name, func(t *testing.T) {
			componenttest.Execute(t, def, folderOf(def), plans{c, input})
		})
	}
}

// folderOf is the folder of a component's package.
func folderOf(def *component.Definition) string {
	pkg := reflect.TypeOf(def.Settings()).Elem().PkgPath()
	return filepath.Join("..", "..", "components", path.Base(pkg))
}

// plans computes plans on a worker.
type plans struct {
	c      *worker.Client
	folder string
}

// Folder implements componenttest.Engine.
func (p plans) Folder() string { return p.folder }

// Rows implements componenttest.Engine.
func (p plans) Rows(ctx context.Context, r rel.Rel) (rel.Schema, [][]rel.Value, error) {
	query, err := sql.DuckDB().Query(r, sql.Options{Resolve: func(name string) (string, error) {
		return filepath.Join(p.folder, name), nil
	}})
	if err != nil {
		return nil, nil, err
	}
	columns, err := p.c.Describe(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	schema := make(rel.Schema, len(columns))
	for i, col := range columns {
		schema[i] = rel.Column{Name: col.Name, Type: exactType(col.Type)}
	}
	var rows [][]rel.Value
	err = p.c.Query(ctx, query, 0, func(b arrow.RecordBatch) error {
		rows = append(rows, run.Rows(b)...)
		return nil
	})
	return schema, rows, err
}

// exactType is the plan's type whose values the engine holds in exactly this
// type of its own; null where there is none.
func exactType(engine string) rel.Type {
	if strings.HasPrefix(engine, "DECIMAL(") {
		t, _ := sql.ParseType(engine)
		return t
	}
	return map[string]rel.Type{
		"BOOLEAN": rel.Boolean, "BIGINT": rel.Integer, "DOUBLE": rel.Real, "VARCHAR": rel.String, "DATE": rel.Date,
		"TIME": rel.Time, "TIMESTAMP": rel.Timestamp, "TIMESTAMP WITH TIME ZONE": rel.TimestampTZ,
	}[engine]
}
