package join

import "github.com/weftworks/weft/internal/rel"

// Kind says which rows the join gives.
type Kind string

// The kinds, by their names in package files.
const (
	Inner      Kind = "inner"
	LeftOuter  Kind = "left"
	RightOuter Kind = "right"
	Full       Kind = "full"
	Semi       Kind = "semi"
	Anti       Kind = "anti"
	Cross      Kind = "cross"
	AsOf       Kind = "asof"
)

// Kinds lists the kinds in the order of menus.
func Kinds() []Kind { return []Kind{Inner, LeftOuter, RightOuter, Full, Semi, Anti, Cross, AsOf} }

// rel is the kind as plans have it.
func (k Kind) rel() rel.JoinKind {
	for x := rel.InnerJoin; x < rel.AsOfJoin; x++ {
		if x.String() == string(k) {
			return x
		}
	}
	return rel.AsOfJoin
}

// leftOnly reports whether the result has columns of the left table alone.
func (k Kind) leftOnly() bool { return k == Semi || k == Anti }

// Side is one of the two tables.
type Side string

// The sides.
const (
	Left  Side = "left"
	Right Side = "right"
)

func (s Side) port() int {
	if s == Right {
		return rightPort
	}
	return leftPort
}

func (s Side) rel() rel.Side {
	if s == Right {
		return rel.Right
	}
	return rel.Left
}

// Direction says where an as-of join looks for the nearest value.
type Direction string

// The directions.
const (
	Before Direction = "before" // at or before the left value
	After  Direction = "after"  // at or after the left value
)
