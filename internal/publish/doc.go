// Package publish makes workflows callable as functions: which packages of the
// workspace tree declare services, the types of each operation, and its calls.
//
// What is published follows from the files alone: a package that is saved with
// services is published, and again at each save that changes it or a file that
// it reads. A package that is wrong keeps its errors to be shown and takes
// nobody else's services down.
//
// A call gives rows in the place of one node and values of variables; only what
// the output needs is computed. Callers' values are bound to a query that was
// planned before; what no caller can change was computed before, too. Each
// package has workers of its own.
//
// The package knows neither HTTP nor gRPC, nor who calls.
package publish
