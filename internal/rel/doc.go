// Package rel is Weft's relational plan: types, values, expressions and
// operators, each of which knows its schema, order and lineage from the moment
// it is built. Building one wrong is an error that names the node, the column
// and what was expected, before anything runs.
//
// The plan belongs to no engine: rel knows no SQL, no driver, no file system
// and no network. Dialects are in rel/sql, the functions that expressions may
// call in rel/function.
//
// Rels and expressions are immutable and may be shared: a plan is a directed
// acyclic graph.
package rel
