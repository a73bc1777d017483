// Package integrator is the web application that external services call: each
// published operation is POST /api/v1/{service}/{operation} with JSON in and
// out, described by OpenAPI.
//
// It talks to Servers over TCP alone, as from another host. What they publish
// and whether they are healthy it keeps for each of them; a call goes to one of
// them at random. docs/reference/integrator.md tells callers all they need.
package integrator
