// Package sql spells relational plans as SQL: it is the only place in Weft
// that does. What every dialect shares, the walk over the plan and the fusing
// of operators into few SELECTs, is apart from what a Dialect holds: types,
// literals, functions, conversions, reading of files.
//
// It knows no driver and runs nothing. Rules that a reader can't guess, and
// the measurements behind them, are in DESIGN.md.
package sql
