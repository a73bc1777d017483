package component

// IfExists is what a sink does where its file is there already.
type IfExists string

// The ways of a sink.
const (
	Replace IfExists = "replace"
	Fail    IfExists = "fail"
)

// AllIfExists lists the ways of a sink.
func AllIfExists() []IfExists { return []IfExists{Replace, Fail} }
