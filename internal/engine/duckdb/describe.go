package duckdb

import (
	"context"
	"fmt"
	"strings"

	bind "github.com/duckdb/duckdb-go-bindings"

	"github.com/weftworks/weft/internal/worker"
)

// Describe binds a query and returns its columns with DuckDB's own names of
// types, as DESCRIBE spells them; see worker.Engine.
func (e *Engine) Describe(ctx context.Context, sql string) ([]worker.Column, error) {
	var columns []worker.Column
	err := e.interruptible(ctx, func() error {
		st, err := e.prepare(sql, queries())
		if err != nil {
			return err
		}
		defer bind.DestroyPrepare(&st)
		for i := range bind.PreparedStatementColumnCount(st) {
			t := bind.PreparedStatementColumnLogicalType(st, i)
			columns = append(columns, worker.Column{Name: bind.PreparedStatementColumnName(st, i), Type: typeText(t)})
			bind.DestroyLogicalType(&t)
		}
		return nil
	})
	return columns, err
}

// typeText spells a type as DuckDB does.
func typeText(t bind.LogicalType) string {
	if alias := bind.LogicalTypeGetAlias(t); alias != "" {
		return alias
	}
	id := bind.GetTypeId(t)
	switch id {
	case bind.TypeDecimal:
		return fmt.Sprintf("DECIMAL(%d,%d)", bind.DecimalWidth(t), bind.DecimalScale(t))
	case bind.TypeEnum:
		values := make([]string, bind.EnumDictionarySize(t))
		for i := range values {
			values[i] = quote(bind.EnumDictionaryValue(t, bind.IdxT(i)))
		}
		return "ENUM(" + strings.Join(values, ", ") + ")"
	case bind.TypeList:
		return childText(bind.ListTypeChildType(t)) + "[]"
	case bind.TypeArray:
		return fmt.Sprintf("%s[%d]", childText(bind.ArrayTypeChildType(t)), bind.ArrayTypeArraySize(t))
	case bind.TypeMap:
		return "MAP(" + childText(bind.MapTypeKeyType(t)) + ", " + childText(bind.MapTypeValueType(t)) + ")"
	case bind.TypeStruct:
		fields := make([]string, bind.StructTypeChildCount(t))
		for i := range fields {
			n := bind.IdxT(i)
			fields[i] = identifier(bind.StructTypeChildName(t, n)) + " " + childText(bind.StructTypeChildType(t, n))
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	case bind.TypeUnion:
		members := make([]string, bind.UnionTypeMemberCount(t))
		for i := range members {
			n := bind.IdxT(i)
			members[i] = identifier(bind.UnionTypeMemberName(t, n)) + " " + childText(bind.UnionTypeMemberType(t, n))
		}
		return "UNION(" + strings.Join(members, ", ") + ")"
	}
	if name, ok := simpleTypes()[id]; ok {
		return name
	}
	return fmt.Sprintf("UNKNOWN(%d)", id)
}

// childText is typeText of a part, which it frees.
func childText(t bind.LogicalType) string {
	defer bind.DestroyLogicalType(&t)
	return typeText(t)
}

// identifier quotes a name as DuckDB shows it within types: only where needed.
func identifier(name string) string {
	plain := name != "" && (name[0] < '0' || name[0] > '9')
	for _, r := range name {
		plain = plain && (r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func simpleTypes() map[bind.Type]string {
	return map[bind.Type]string{
		bind.TypeBoolean:     "BOOLEAN",
		bind.TypeTinyInt:     "TINYINT",
		bind.TypeSmallInt:    "SMALLINT",
		bind.TypeInteger:     "INTEGER",
		bind.TypeBigInt:      "BIGINT",
		bind.TypeUTinyInt:    "UTINYINT",
		bind.TypeUSmallInt:   "USMALLINT",
		bind.TypeUInteger:    "UINTEGER",
		bind.TypeUBigInt:     "UBIGINT",
		bind.TypeHugeInt:     "HUGEINT",
		bind.TypeUHugeInt:    "UHUGEINT",
		bind.TypeFloat:       "FLOAT",
		bind.TypeDouble:      "DOUBLE",
		bind.TypeVarchar:     "VARCHAR",
		bind.TypeBlob:        "BLOB",
		bind.TypeBit:         "BIT",
		bind.TypeUUID:        "UUID",
		bind.TypeDate:        "DATE",
		bind.TypeTime:        "TIME",
		bind.TypeTimeTZ:      "TIME WITH TIME ZONE",
		bind.TypeTimestamp:   "TIMESTAMP",
		bind.TypeTimestampS:  "TIMESTAMP_S",
		bind.TypeTimestampMS: "TIMESTAMP_MS",
		bind.TypeTimestampNS: "TIMESTAMP_NS",
		bind.TypeTimestampTZ: "TIMESTAMP WITH TIME ZONE",
		bind.TypeInterval:    "INTERVAL",
		bind.TypeSQLNull:     `"NULL"`,
	}
}
