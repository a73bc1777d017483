// Package batch is the batch launcher: it has a Server run a package, over TCP,
// and tells how that goes. The run belongs to the Server: a connection that is
// lost is made again, and what happened meanwhile is told.
//
// It knows the Server by its protocol alone, as from another host.
package batch
